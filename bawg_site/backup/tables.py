"""The rows of the database: out of it as of one moment, and into it.

Both kinds of database go through the fields of the models, so an archive of one fits the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from bawg_site.backup import Refused

Row = dict[str, Any]
Model = type[models.Model]

#: Rows that are held in memory at once; of those with a paper in them, few.
BATCH = 1000
BATCH_WITH_PAPERS = 20


def kept() -> list[Model]:
    """Every table but the web sessions: who was signed in then is not signed in again."""
    found: list[Model] = list(apps.get_models(include_auto_created=True))
    return [one for one in found if is_table(one) and one is not Session]


def is_table(model: Model) -> bool:
    return model._meta.managed and not model._meta.proxy


def columns_of(model: Model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def batch_of(model: Model) -> int:
    has_papers = any(isinstance(field, models.BinaryField) for field in model._meta.concrete_fields)
    return BATCH_WITH_PAPERS if has_papers else BATCH


def migrations_applied() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read in the block is of one moment, and nobody who writes has to wait.

    On SQLite Django's own transactions would take the lock of writers.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def rows_of(model: Model) -> Iterator[tuple[Any, ...]]:
    rows = model._base_manager.order_by("pk").values_list(*columns_of(model))
    return rows.iterator(chunk_size=batch_of(model))


def empty() -> None:
    flushed: list[Model] = [*kept(), Session]
    names = [model._meta.db_table for model in flushed]
    flush = connection.ops.sql_flush(no_style(), names, reset_sequences=False, allow_cascade=False)
    connection.ops.execute_sql_flush(flush)


def read(model: Model, columns: list[str], rows: Iterable[Sequence[Any]]) -> Iterator[Row]:
    """The rows of an archive as the values that the model's fields hold."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    of_columns = [(name, fields[name]) for name in columns]
    for row in rows:
        yield {
            name: None if value is None else field.to_python(value)
            for (name, field), value in zip(of_columns, row, strict=True)
        }


def write(model: Model, rows: Iterator[Row]) -> None:
    size = batch_of(model)
    try:
        while batch := [model(**row) for row in islice(rows, size)]:
            model._base_manager.bulk_create(batch, batch_size=size)
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        raise Refused(f"The database does not take {model._meta.db_table}: {reason}") from error


def count_on_from(leap: int) -> None:
    """New rows get keys far above those that are there.

    Keys were given out after the archive was taken, and stand in links in people's mail. Whoever
    registers next must not get the key of somebody else's link.
    """
    with connection.cursor() as cursor:
        for model in kept():
            key = model._meta.pk
            if not isinstance(key, models.AutoField | models.BigAutoField):
                continue
            newest = model._base_manager.aggregate(models.Max("pk"))["pk__max"] or 0
            set_counter(cursor, model._meta.db_table, str(key.column), newest + leap)


def set_counter(cursor: Any, table: str, column: str, value: int) -> None:
    if connection.vendor == "postgresql":
        name = connection.ops.quote_name(table)
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, column, value])
        return
    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, value])
