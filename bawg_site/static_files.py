"""Static files, collected when they have changed and only then."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


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
