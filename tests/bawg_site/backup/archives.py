"""Making, losing, bringing back and comparing."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

from bawg_site.backup import tables
from bawg_site.backup.archive import MANIFEST, Archive
from bawg_site.backup.making import make
from bawg_site.backup.restoring import Told, restore
from registrations.models import Backup
from registrations.services.restoring import Outcome
from tests.factories import NOW

LATER = NOW + dt.timedelta(hours=9)
NEXT_DAY = NOW + dt.timedelta(days=1)


def backup(folder: Path, now: dt.datetime = NOW) -> Archive:
    return make(folder, clock=lambda: now)


def lose_all() -> None:
    """The machine is gone: a new database."""
    tables.empty()


def bring_back(archive: Archive, now: dt.datetime = NEXT_DAY, **told: Any) -> Outcome:
    return restore(archive, Told(**told), now)


def content_of(archive: Archive) -> dict[str, list[Any]]:
    """Every row of every table, but the list of backups, to which each adds one."""
    return {
        table.name: list(archive.rows(table))
        for table in archive.manifest.tables
        if table.name != Backup._meta.db_table
    }


def differing(one: Archive, other: Archive) -> list[str]:
    first, second = content_of(one), content_of(other)
    assert first.keys() == second.keys()
    return [name for name, rows in first.items() if rows != second[name]]


def rewritten(archive: Archive, place: Path, **members: bytes) -> Path:
    """The archive with other content in some members, or another `manifest`."""
    file = place / "changed.zip"
    given = {f"{name}.jsonl": content for name, content in members.items()}
    if "manifest" in members:
        given[MANIFEST] = members["manifest"]
    with zipfile.ZipFile(archive.path) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, given.get(name) or old.read(name))
    return file
