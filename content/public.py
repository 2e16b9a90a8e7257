"""What stands on public pages, and how processes that keep such pages learn that it has changed."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.http import HttpResponse

View = Callable[..., HttpResponse]
Row = TypeVar("Row", bound=models.Model)


class PublicVersion(models.Model):
    """Which state the public pages are in. One row, with a new mark at every change.

    A mark and not a number: after a backup is restored, a number would count up once more to one
    that a process knows from other rows.
    """

    mark = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="public_version_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.mark)


def public_mark() -> uuid.UUID | None:
    """The mark of what is committed; None when nothing was ever written."""
    # Asked by everybody who registers, under the lock of a class: a third of what the ORM costs.
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM content_publicversion")
        row = cursor.fetchone()
    return uuid.UUID(str(row[0])) if row else None


def mark_change() -> None:
    """What public pages show changes in this transaction.

    The row stays locked until the transaction ends, so whoever needs the lock of a class takes that
    one first.
    """
    mark = uuid.uuid4()
    if not PublicVersion.objects.filter(pk=1).update(mark=mark):
        PublicVersion.objects.update_or_create(pk=1, defaults={"mark": mark})


@contextmanager
def marked() -> Iterator[None]:
    with transaction.atomic():
        yield
        mark_change()


class PublicQuerySet(models.QuerySet[Row]):
    """Rows on public pages: whatever writes them marks the change in the same transaction."""

    def update(self, **kwargs: Any) -> int:
        with marked():
            return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        with marked():
            return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Row]:
        with marked():
            return super().bulk_create(*args, **kwargs)

    # Without this a template could call them.
    update.alters_data = True  # type: ignore[attr-defined]  # Django's own way to say so
    delete.alters_data = True  # type: ignore[attr-defined]
    bulk_create.alters_data = True  # type: ignore[attr-defined]


class PublicManager(models.Manager[Row]):
    def get_queryset(self) -> PublicQuerySet[Row]:
        return PublicQuerySet(self.model, using=self._db)


class PublicModel(models.Model):
    """A row on public pages."""

    objects = PublicManager()

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        with marked():
            super().save(**kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with marked():
            return super().delete(*args, **kwargs)


def public_page(view: View) -> View:
    """The page is the same for everybody, so that its bytes can be kept.

    Nothing reaches it but its address and the reader's choice of light: no other cookie and no
    query. What it shows are rows of `PublicModel`; where it changes by the clock alone, it says so
    by `changes_at()`.
    """
    view.is_public_page = True  # type: ignore[attr-defined]  # read where pages are kept
    return view


def changes_at(response: HttpResponse, moment: dt.datetime | None) -> HttpResponse:
    """The page as it is changes at that moment, even if nobody edits a row."""
    response.changes_at = moment  # type: ignore[attr-defined]  # read where pages are kept
    return response


def is_public_page(view: View) -> bool:
    return getattr(view, "is_public_page", False)


def change_of(response: HttpResponse) -> dt.datetime | None:
    return getattr(response, "changes_at", None)
