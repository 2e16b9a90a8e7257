"""The database as an archive has it, brought up to what is known to have happened since."""

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from bawg_site.backup import Refused, tables
from bawg_site.backup.archive import Archive
from courses.models import ScheduledClass
from registrations.models import Backup, InterestSignup, Registration
from registrations.services import restoring
from registrations.services.restoring import Erasures, Later, Outcome

#: What `migrate` and `load_content` do not bring: a database with one of these is in use.
IN_USE = [User, ScheduledClass, Registration, InterestSignup]

#: The gap between the newest key of the archive and the next one given out. By chance, so that two
#: restores of one archive do not give out the same keys.
SMALLEST_LEAP, LARGEST_LEAP = 100_000, 10_000_000


@dataclass(frozen=True)
class Told:
    """What whoever restores has said."""

    replace: bool = False
    other_version: bool = False
    send_owed: bool = False
    erased: Erasures = field(default_factory=Erasures)


def restore(archive: Archive, told: Told, now: dt.datetime) -> Outcome:
    """All in one transaction. Raises Refused, and then no row has changed."""
    archive.check()
    check_version(archive, told)
    later = later_archive(archive)
    try:
        with transaction.atomic():
            if not told.replace and is_in_use():
                raise Refused("The database has people or classes in it; --replace replaces them.")
            known = [state for state in (later_database(archive), later) if state]
            fill(archive)
            taken_at = archive.manifest.taken_at
            return restoring.catch_up(taken_at, known, told.erased, now, send_owed=told.send_owed)
    except IntegrityError as error:
        raise Refused(f"The rows do not fit together: {error}") from error


def check_version(archive: Archive, told: Told) -> None:
    applied = set(tables.migrations_applied())
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).graph.nodes}
    if known - applied:
        raise Refused("The database is not up to date: run `manage.py migrate` first.")
    if applied == set(archive.manifest.migrations) or told.other_version:
        return
    differing = sorted(applied ^ set(archive.manifest.migrations))
    raise Refused(
        f"The backup is of another version of the site ({', '.join(differing[:5])}). Restore it "
        "with that version and update afterwards, or give --other-version: then what fits is taken."
    )


def is_in_use() -> bool:
    return any(model._base_manager.exists() for model in IN_USE)


def fill(archive: Archive) -> None:
    models = {model._meta.db_table: model for model in tables.kept()}
    tables.empty()
    for table in archive.manifest.tables:
        model = models.get(table.name)
        unknown = set(table.columns) - set(tables.columns_of(model) if model else [])
        if model and not unknown:
            tables.write(model, tables.read(model, table.columns, archive.rows(table)))
        elif table.rows:
            raise Refused(f"This version has no place for {', '.join(sorted(unknown))}.")
    connection.check_constraints()
    tables.count_on_from(secrets.choice(range(SMALLEST_LEAP, LARGEST_LEAP)))
    ContentType.objects.clear_cache()


# What is known to have happened since: to the database that is replaced, and to later archives.


def later_database(archive: Archive) -> Later | None:
    """What the database says that is about to be replaced, if it is a later state of the same."""
    if not Backup.objects.filter(pk=archive.manifest.key).exists():
        return None
    return restoring.read_later(rows_of_database, archive.manifest.taken_at, is_whole=True)


def rows_of_database(model: tables.Model) -> Iterator[tables.Row]:
    columns = tables.columns_of(model)
    return (dict(zip(columns, row, strict=True)) for row in tables.rows_of(model))


def later_archive(archive: Archive) -> Later | None:
    """What the newest one in the same folder says that is a later state of the same database."""
    for other in newer_ones(archive):
        with suppress(Refused):
            other.check()
            if is_later(other, archive):
                source = ArchiveRows(other)
                return restoring.read_later(source, archive.manifest.taken_at, is_whole=False)
    return None


def newer_ones(archive: Archive) -> list[Archive]:
    others = [one for one in map(opened, archive.path.parent.glob("*.zip")) if one]
    newer = [one for one in others if one.manifest.taken_at > archive.manifest.taken_at]
    return sorted(newer, key=lambda one: one.manifest.taken_at, reverse=True)


def opened(path: Path) -> Archive | None:
    with suppress(Refused):
        return Archive(path)
    return None


def is_later(other: Archive, archive: Archive) -> bool:
    return any(row["key"] == archive.manifest.key for row in ArchiveRows(other)(Backup))


class ArchiveRows:
    """The rows of an archive, without what this version has no place for."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def __call__(self, model: tables.Model) -> Iterator[tables.Row]:
        table = self.archive.table(model._meta.db_table)
        if table is None:
            return iter(())
        return tables.read(model, table.columns, self.archive.rows(table))
