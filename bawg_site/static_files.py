"""Static files, collected when they have changed and only then."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile, File
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: The folder of our own sheets. Those of libraries stay as they came.
OWN_SHEETS = "css/"
#: As the name in a page's address ends: `site.0123456789ab.css`.
HASHED = re.compile(r"\.[0-9a-f]{12}\.")


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Our comments in a sheet are for us: they are a tenth of what a first visit would fetch."""

    def _save(self, name: str, content: "File[Any]") -> str:
        if name.startswith(OWN_SHEETS) and name.endswith(".css"):
            words = b"".join(content.chunks()).decode()
            content = ContentFile(re.sub(r"/\*.*?\*/\s*", "", words, flags=re.DOTALL).encode())
        saved: str = super()._save(name, content)
        return saved

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Those that pages ask for. The same under their plain names would take as long again."""
        found: Iterator[tuple[str, str]] = super().compress_files(
            [path for path in paths if HASHED.search(path)]
        )
        return found


def collect() -> None:
    stamp = Path(settings.STATIC_ROOT) / "collected.stamp"
    now_there = fingerprint()
    if stamp.exists() and stamp.read_text() == now_there:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now_there)


def fingerprint() -> str:
    """Differs when any file that would be collected has come, gone or been written."""
    lines = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = Path(storage.path(name)).stat()
            lines.append(f"{storage.path(name)} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
