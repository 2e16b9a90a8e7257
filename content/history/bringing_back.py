"""Bringing earlier words back. What is there now goes into history, so nothing is lost by it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from content.history.models import Actor, Change
from content.history.recording import parts_of, recorded


class ChangedMeanwhile(Exception):
    """Something has changed since it was compared."""


class NotThere(Exception):
    """What the words belong to was deleted, or they are no words that can be brought back."""


def words_at(change: Change, field: str) -> str:
    """What stood there until the change. Raises NotThere when it cannot stand there again."""
    old, _new = change.fields.get(field, [None, None])
    if not isinstance(old, str) or not is_of_words(change, field):
        raise NotThere
    return old


def is_of_words(change: Change, field: str) -> bool:
    known = {known.name: known for known in apps.get_model(change.what)._meta.concrete_fields}
    found = known.get(field)
    return isinstance(found, models.CharField | models.TextField) and not found.choices


def row_of(change: Change) -> models.Model:
    """What the change was about, as it is now."""
    try:
        row: models.Model = apps.get_model(change.what)._base_manager.get(pk=change.key)
    except ObjectDoesNotExist as gone:
        raise NotThere from gone
    return row


def newest(owner: models.Model) -> int:
    """The key of the last change: what was compared is compared with this."""
    return Change.objects.of(owner).values_list("pk", flat=True).first() or 0


def bring_back_words(
    *, owner: models.Model, change: Change, field: str, seen: int, actor: Actor, now: dt.datetime
) -> None:
    """Put the words there again that stood there until the change.

    Raises ChangedMeanwhile when `seen` is not the newest change any more, NotThere, and
    ValidationError when the words are not allowed there now.
    """
    words = words_at(change, field)
    with held(owner, change, seen=seen, actor=actor, now=now):
        row = row_of(change)
        setattr(row, field, words)
        row.full_clean()
        row.save()


def bring_back_part(
    *, owner: models.Model, change: Change, seen: int, actor: Actor, now: dt.datetime
) -> None:
    """Put a deleted part there again, a section of a page for one. Raises like bring_back_words."""
    with held(owner, change, seen=seen, actor=actor, now=now):
        part = deleted_part(owner, change)
        part.full_clean()
        part.save(force_insert=True)


def deleted_part(owner: models.Model, change: Change) -> models.Model:
    """The part as it was, unsaved, under its old key: its older history is its history again."""
    model = apps.get_model(change.what)
    link = {r.related_model: r.field.name for r in parts_of(type(owner))}.get(model)
    was_there = model._base_manager.filter(pk=change.key).exists()
    if change.kind != Change.Kind.DELETED or link is None or was_there:
        raise NotThere
    known: dict[str, Any] = {f.name: f for f in model._meta.concrete_fields if not f.is_relation}
    values = {
        name: known[name].to_python(old)
        for name, (old, _new) in change.fields.items()
        if name in known
    }
    part: models.Model = model(pk=change.key, **{link: owner}, **values)
    return part


@contextmanager
def held(
    owner: models.Model, change: Change, *, seen: int, actor: Actor, now: dt.datetime
) -> Iterator[None]:
    """The owner's row alone until it is done, and the doing recorded."""
    day = date_format(change.at.astimezone(ZoneInfo(settings.TIME_ZONE)), _("F j, Y"))
    why = _("Brought back as it was until %(day)s.") % {"day": day}
    with recorded(owner, actor=actor, now=now, why=why):
        type(owner)._base_manager.select_for_update().get(pk=owner.pk)
        if newest(owner) != seen:
            raise ChangedMeanwhile
        yield
