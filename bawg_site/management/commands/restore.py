import argparse
import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawg_site.backup import Refused
from bawg_site.backup.archive import Archive
from bawg_site.backup.restoring import Told, restore
from registrations.services.ledger import check_seats
from registrations.services.restoring import Erasures


class Command(BaseCommand):
    help = "Put the rows of an archive back, all or none of them. See docs/backup.md."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="Although there are people or classes."
        )
        parser.add_argument(
            "--other-version",
            action="store_true",
            help="Although the archive is of another version of the site.",
        )
        parser.add_argument(
            "--send-owed",
            action="store_true",
            help="Send what was owed then, although it may have gone out since.",
        )
        parser.add_argument(
            "--erased",
            nargs="+",
            type=erased,
            default=[],
            metavar="registration:12",
            help="Who was erased since, as the log names them.",
        )

    def handle(self, *, archive: Path, erased: list[tuple[str, int]], **options: bool) -> None:
        erasures = Erasures(
            people={key for kind, key in erased if kind == "registration"},
            signups={key for kind, key in erased if kind == "signup"},
        )
        told = Told(options["replace"], options["other_version"], options["send_owed"], erasures)
        try:
            opened = Archive(archive)
            outcome = restore(opened, told, timezone.now())
        except Refused as refusal:
            sys.exit(str(refusal))
        taken_at = timezone.localtime(opened.manifest.taken_at)
        lines = {
            "As it was": f"{taken_at:%A, %B %-d, %Y, %-I:%M %p %Z}",
            "Rows": opened.manifest.rows,
            "Erased again": outcome.erased,
            "Off the list again": outcome.left,
            "Letters that had gone out": outcome.sent,
            "Letters held back": f"{outcome.held_back} (staff see them at the desk)",
        }
        for name, value in lines.items():
            self.stdout.write(f"  {name + ':':<26} {value}")
        wrong = check_seats()
        if wrong:
            sys.exit("\n".join(wrong))


def erased(word: str) -> tuple[str, int]:
    kind, _, key = word.partition(":")
    if kind not in {"registration", "signup"} or not key.isdecimal():
        raise argparse.ArgumentTypeError(f"{word} is not like registration:12 or signup:3")
    return kind, int(key)
