"""Writing history: what a row and its parts were before, and what they are after.

Nothing here listens for saves: whoever changes something says so, with `recorded()` around the
change or with `note()` beside it. Rows are compared as the database has them, so that an `update()`
is seen as well.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db import models, transaction

from content.history.models import Actor, Change


@dataclass(frozen=True)
class Row:
    name: str
    fields: dict[str, Any] = field(default_factory=dict)


#: Rows by model and key, the owner first: `{("content.page", 3): Row(...)}`.
Snapshot: TypeAlias = dict[tuple[str, int], Row]

Relation: TypeAlias = models.ForeignObjectRel


@contextmanager
def recorded(
    owner: models.Model, *, actor: Actor, now: dt.datetime, why: str = ""
) -> Iterator[None]:
    """All that the block changes in the row and in its parts, in one transaction with it."""
    with transaction.atomic():
        before = snapshot(owner)
        yield
        write(owner, before, actor=actor, now=now, why=why)


def write(
    owner: models.Model, before: Snapshot, *, actor: Actor, now: dt.datetime, why: str = ""
) -> None:
    """One row of history for each row that differs from what was before."""
    after = snapshot(owner)
    label, key = owner._meta.label_lower, owner.pk or next(iter(before))[1]
    Change.objects.bulk_create(
        Change(
            at=now,
            by=actor.by,
            by_user=actor.user,
            owner=label,
            owner_key=key,
            what=what,
            key=part,
            name=(after.get((what, part)) or before[what, part]).name[:200],
            kind=kind_of(before, after, (what, part)),
            fields=fields,
            why=why,
        )
        for what, part in before | after
        if (fields := differences(before.get((what, part)), after.get((what, part))))
    )


def note(
    owner: models.Model, *, actor: Actor, now: dt.datetime, why: str = "", **fields: list[Any]
) -> None:
    """A change of the owner's own fields, by whoever knows old and new: `capacity=[12, 24]`."""
    label = owner._meta.label_lower
    Change.objects.create(
        at=now,
        by=actor.by,
        by_user=actor.user,
        owner=label,
        owner_key=owner.pk,
        what=label,
        key=owner.pk,
        name=str(owner)[:200],
        kind=Change.Kind.CHANGED,
        fields=fields,
        why=why,
    )


def added(
    owner: models.Model, *, what: str, key: int, name: str, actor: Actor, now: dt.datetime
) -> None:
    """Something that came out of the owner and is no part of it: a message, a file."""
    Change.objects.create(
        at=now,
        by=actor.by,
        by_user=actor.user,
        owner=owner._meta.label_lower,
        owner_key=owner.pk,
        what=what,
        key=key,
        name=name[:200],
        kind=Change.Kind.ADDED,
    )


def begin(owner: models.Model, *, actor: Actor, now: dt.datetime) -> None:
    """The first line of history, for what the site starts with; none for what has one."""
    if not Change.objects.of(owner).exists():
        write(owner, {}, actor=actor, now=now)


def kind_of(before: Snapshot, after: Snapshot, row: tuple[str, int]) -> Change.Kind:
    if row not in before:
        return Change.Kind.ADDED
    return Change.Kind.CHANGED if row in after else Change.Kind.DELETED


def differences(old: Row | None, new: Row | None) -> dict[str, list[Any]]:
    was, now = (row.fields if row else {} for row in (old, new))
    names = was | now
    return {
        name: [was.get(name), now.get(name)] for name in names if was.get(name) != now.get(name)
    }


def snapshot(owner: models.Model) -> Snapshot:
    """The row and its parts as they are in the database; empty when it is not there."""
    model = type(owner)
    stored = model._base_manager.filter(pk=owner.pk).first()
    if stored is None:
        return {}
    own = values(stored)
    rows = {}
    for relation in parts_of(model):
        for part in parts(stored, relation):
            if relation.one_to_one:
                own |= values(part, but=relation.field.name)
            else:
                name = values(part, but=relation.field.name)
                rows[part._meta.label_lower, part.pk] = Row(str(part), name)
    return {(model._meta.label_lower, stored.pk): Row(str(stored), own), **rows}


def parts_of(model: type[models.Model]) -> list[Relation]:
    """What goes with the row when it is deleted, in its own room: that is what it consists of."""
    return [
        relation
        for relation in model._meta.related_objects
        if relation.on_delete is models.CASCADE
        and relation.related_model._meta.app_label == model._meta.app_label
    ]


def parts(owner: models.Model, relation: Relation) -> Iterator[models.Model]:
    name = relation.field.name
    for part in relation.related_model._base_manager.filter(**{name: owner.pk}).order_by("pk"):
        setattr(part, name, owner)
        yield part


def values(row: models.Model, *, but: str = "") -> dict[str, Any]:
    """What staff can edit of it. What the site counts by itself is no change of theirs."""
    counted = getattr(row, "counted_by_the_site", ())
    found = {
        field.name: plain(row, field)
        for field in row._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in {but, *counted}
    }
    for many in row._meta.many_to_many:
        found[many.name] = sorted(str(other) for other in getattr(row, many.name).all())
    return found


def plain(row: models.Model, field: "models.Field[Any, Any]") -> Any:
    """The value as history keeps it; of another row its name, which outlives it."""
    value = getattr(row, field.name)
    if field.is_relation:
        return None if value is None else str(value)
    if isinstance(value, str):
        return str(value)
    return value
