"""Making an archive while the site runs."""

import datetime as dt
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.db import DatabaseError, connection
from django.utils import timezone

from bawg_site.backup import Refused
from bawg_site.backup.archive import Archive, Manifest, Writer
from bawg_site.backup.tables import columns_of, kept, migrations_applied, one_moment, rows_of
from registrations.models import Backup

#: How long archives of a folder are kept. Who is erased is gone from all of them after that.
KEPT = dt.timedelta(days=30)

#: How long the database knows which archives were made of it.
KNOWN = dt.timedelta(days=365)

NAME = "site-%Y%m%dT%H%M%SZ.zip"
OURS = "site-*Z.zip"


def make(place: Path, *, clock: Callable[[], dt.datetime] = timezone.now) -> Archive:
    """An archive in the folder `place`, or in the file when it ends in `.zip`. Raises Refused."""
    now = clock()
    file = place if place.suffix == ".zip" else place / now.astimezone(dt.UTC).strftime(NAME)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        archive = write_beside(file, now)
        if file != place:
            forget_old(place, now)
    except OSError as error:
        raise Refused(f"No backup was made in {file.parent}: {error.strerror}.") from error
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        raise Refused(f"No backup was made: the database says {reason}.") from error
    Backup.objects.filter(pk=archive.manifest.key).update(finished_at=clock())
    Backup.objects.filter(taken_at__lt=now - KNOWN).delete()
    return archive


def write_beside(file: Path, now: dt.datetime) -> Archive:
    """Under another name until it is whole, on the disk and read again: nobody finds a half one."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
            fill(Writer(opened), now)
            opened.flush()
            os.fsync(opened.fileno())
        written = Archive(part)
        written.check()
        written.close()
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return Archive(file)


def fill(writer: Writer, now: dt.datetime) -> None:
    backup = Backup.objects.create(taken_at=now)
    with one_moment():
        for model in kept():
            writer.add(model._meta.db_table, columns_of(model), rows_of(model))
        migrations = migrations_applied()
    manifest = Manifest(backup.key, now, connection.vendor, migrations, writer.tables)
    writer.finish(manifest)


def forget_old(folder: Path, now: dt.datetime) -> None:
    for file in folder.glob(OURS):
        with suppress(ValueError):
            taken_at = dt.datetime.strptime(file.name, NAME).replace(tzinfo=dt.UTC)
            if taken_at < now - KEPT:
                file.unlink(missing_ok=True)
