import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from bawg_site.backup import Refused
from bawg_site.backup.making import make


class Command(BaseCommand):
    help = "Write all rows into one archive, while the site runs. See docs/backup.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        where = "A folder, in which archives older than 30 days are deleted; or a file, *.zip."
        folder = settings.VAR_DIR / "backups"
        parser.add_argument("place", type=Path, nargs="?", default=folder, help=where)

    def handle(self, *, place: Path, **options: object) -> None:
        try:
            archive = make(place)
        except Refused as refusal:
            sys.exit(str(refusal))
        manifest, size = archive.manifest, archive.path.stat().st_size / 1e6
        archive.close()
        self.stdout.write(
            f"{manifest.rows} rows of {len(manifest.tables)} tables are in {archive.path} "
            f"({size:.1f} MB), and were read again."
        )
