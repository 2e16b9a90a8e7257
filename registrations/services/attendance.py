"""Recording who was there. What is recorded stays until somebody corrects it, and says why.

All of one class's entries are made one after the other, under the lock of its seats.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from content.history.models import Actor
from content.history.recording import added
from courses import zones
from courses.models import ClassSession, ScheduledClass, Seats
from registrations.completion import Presence
from registrations.models import Attendance, AttendanceChange, Registration

Status = Registration.Status

#: The permission it takes.
RECORDS = "registrations.change_attendance"

#: A person and a session: one cell of the grid.
Cell = tuple[int, int]


class NotBegun(Exception):
    """The session has not begun: nobody knows yet who comes."""


class NotInThisClass(Exception):
    """The person has no seat in the class, or the session is one of another class."""


class NotLater(Exception):
    """A session is made up in a later class of the same course, once that has begun."""


class ReasonNeeded(Exception):
    """Something recorded would get another value. `cells` are those."""

    def __init__(self, cells: list[Cell]) -> None:
        super().__init__(cells)
        self.cells = cells


class ChangedMeanwhile(Exception):
    """Somebody else has recorded something other of the same cells since they were read."""

    def __init__(self, cells: list[Cell]) -> None:
        super().__init__(cells)
        self.cells = cells


@dataclass(frozen=True)
class Entry:
    """What somebody says of one person in one session. Empty `presence`: not recorded."""

    registration: int
    class_session: int
    presence: str = ""
    missed_minutes: int = 0

    @property
    def cell(self) -> Cell:
        return self.registration, self.class_session

    @property
    def values(self) -> dict[str, Any]:
        return {"presence": self.presence, "missed_minutes": self.missed_minutes}


def people_of(scheduled_class: int) -> QuerySet[Registration]:
    """Whose attendance is taken: who has a seat, and of whom something is recorded already."""
    recorded = Attendance.objects.filter(class_session__scheduled_class=scheduled_class)
    known = Registration.objects.filter(scheduled_class=scheduled_class).exclude(full_name="")
    return known.filter(Q(status=Status.CONFIRMED) | Q(pk__in=recorded.values("registration")))


def changes_of(scheduled_class: int) -> QuerySet[AttendanceChange]:
    """All entries and corrections of a class."""
    return AttendanceChange.objects.filter(
        attendance__class_session__scheduled_class=scheduled_class
    )


def last_change(scheduled_class: int) -> int:
    """The number of the newest of them; 0 for none."""
    newest = changes_of(scheduled_class).order_by("-pk").values_list("pk", flat=True)
    return newest.first() or 0


def record(
    *,
    scheduled_class_id: int,
    entries: Iterable[Entry],
    actor: Actor,
    now: dt.datetime,
    why: str = "",
    seen: int | None = None,
) -> int:
    """Write what differs from what is recorded; all of it or nothing. Returns how many did.

    `seen` is the newest change that whoever records has read (`last_change`): what others have
    written since is not written over. Raises NotInThisClass, NotBegun, ChangedMeanwhile, and
    ReasonNeeded when a recorded value would change and `why` is empty.
    """
    with transaction.atomic():
        Seats.objects.select_for_update().get(pk=scheduled_class_id)
        known = rows_of(scheduled_class_id)
        wanted = [one for one in entries if one.values != here(known.get(one.cell))]
        theirs = changed_since(scheduled_class_id, seen) if seen is not None else {}
        # Where others have written and this one has typed nothing, what they wrote stays.
        wanted = [one for one in wanted if one.values != theirs.get(one.cell)]
        check_cells(scheduled_class_id, wanted, now)
        lost = [one.cell for one in wanted if one.cell in theirs]
        if lost:
            raise ChangedMeanwhile(lost)
        changed = [(known.get(one.cell) or new_row(one), one.values) for one in wanted]
        changes = write(changed, actor, now, why)
        write_history(scheduled_class_id, changes, actor, now)
        return len(changed)


def rows_of(scheduled_class_id: int) -> dict[Cell, Attendance]:
    found = Attendance.objects.filter(class_session__scheduled_class=scheduled_class_id)
    return {(row.registration_id, row.class_session_id): row for row in found}


def here(row: Attendance | None) -> dict[str, Any]:
    """What is recorded of the session itself, whatever was made up later."""
    return of_the_session(row.values if row else {})


def of_the_session(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "presence": values.get("presence", ""),
        "missed_minutes": values.get("missed_minutes", 0),
    }


def check_cells(scheduled_class_id: int, entries: list[Entry], now: dt.datetime) -> None:
    """Each person is one of the class, and each session one of it that has begun."""
    sessions = ClassSession.objects.filter(scheduled_class=scheduled_class_id)
    begun = {session.pk: session.starts_at <= now for session in sessions}
    people = set(people_of(scheduled_class_id).values_list("pk", flat=True)) if entries else set()
    for one in entries:
        if one.class_session not in begun or one.registration not in people:
            raise NotInThisClass
        if not begun[one.class_session]:
            raise NotBegun


def changed_since(scheduled_class_id: int, seen: int) -> dict[Cell, dict[str, Any]]:
    """What was recorded when `seen` was the newest change, of each cell that was changed since."""
    later = changes_of(scheduled_class_id).filter(pk__gt=seen).order_by("-pk")
    found = later.values_list("attendance__registration", "attendance__class_session", "old")
    # The oldest of several comes last, and stays.
    return {(person, session): of_the_session(old) for person, session, old in found}


def new_row(entry: Entry) -> Attendance:
    return Attendance(registration_id=entry.registration, class_session_id=entry.class_session)


def write(
    changed: list[tuple[Attendance, dict[str, Any]]], actor: Actor, now: dt.datetime, why: str
) -> list[AttendanceChange]:
    """The rows with their new values, and a change for each."""
    changes = []
    for row, values in changed:
        old = {} if row._state.adding else row.values
        for name, value in values.items():
            setattr(row, Attendance._meta.get_field(name).attname, value)  # type: ignore[union-attr]  # columns
        row.recorded_by, row.recorded_at = actor.user, now
        changes.append(
            AttendanceChange(
                attendance=row, at=now, by=actor.by, by_user=actor.user, old=old, new=row.values
            )
        )
    corrected = [one for one in changes if one.is_correction]
    if corrected and not why.strip():
        rows = [one.attendance for one in corrected]
        raise ReasonNeeded([(row.registration_id, row.class_session_id) for row in rows])
    for one in corrected:
        one.why = why.strip()
    new = [row for row, _values in changed if row._state.adding]
    known = [row for row, _values in changed if not row._state.adding]
    Attendance.objects.bulk_create(new)
    Attendance.objects.bulk_update(known, [*Attendance().values, "recorded_by", "recorded_at"])
    return AttendanceChange.objects.bulk_create(changes)


def write_history(
    scheduled_class_id: int, changes: list[AttendanceChange], actor: Actor, now: dt.datetime
) -> None:
    """A line of the class for each session. It names nobody: it is kept when people are erased."""
    by_session: dict[int, list[AttendanceChange]] = defaultdict(list)
    for change in changes:
        by_session[change.attendance.class_session_id].append(change)
    scheduled_class = ScheduledClass.objects.get(pk=scheduled_class_id)
    sessions = ClassSession.objects.in_bulk(by_session)
    for key, of_session in by_session.items():
        day = zones.date(sessions[key].starts_at, scheduled_class.zone)
        corrected = sum(change.is_correction for change in of_session)
        counts = [(_("%(count)s recorded"), len(of_session) - corrected)]
        counts.append((_("%(count)s corrected"), corrected))
        told = [words % {"count": count} for words, count in counts if count]
        added(
            scheduled_class,
            what=Attendance._meta.label_lower,
            key=key,
            name=f"{day}: {', '.join(told)}",
            actor=actor,
            now=now,
        )


# Made up in a later class.


def sessions_to_make_up_in(session: ClassSession, now: dt.datetime) -> QuerySet[ClassSession]:
    """Those of later classes of the same course that have begun."""
    taught = ClassSession.objects.filter(
        scheduled_class__course=session.scheduled_class.course_id,
        scheduled_class__status=ScheduledClass.Status.PUBLISHED,
        starts_at__gt=session.starts_at,
        starts_at__lte=now,
    )
    later = taught.exclude(scheduled_class=session.scheduled_class_id)
    return later.select_related("scheduled_class").order_by("starts_at", "pk")


@dataclass(frozen=True)
class MadeUp:
    """One person's session and the later one in its place; None takes it back."""

    registration: Registration
    class_session: ClassSession
    made_up_in: ClassSession | None
    missed_there: int = 0

    @property
    def cell(self) -> Cell:
        return self.registration.pk, self.class_session.pk

    @property
    def values(self) -> dict[str, Any]:
        if self.made_up_in is None:
            return {"made_up_in": None, "missed_there": 0}
        return {"made_up_in": self.made_up_in.pk, "missed_there": self.missed_there}


def make_up(*, made_up: MadeUp, actor: Actor, now: dt.datetime, why: str = "") -> None:
    """They made the session up in a later class, or had not done so after all.

    Raises NotInThisClass, NotLater, and ReasonNeeded when it was made up already.
    """
    session = made_up.class_session
    with transaction.atomic():
        Seats.objects.select_for_update().get(pk=session.scheduled_class_id)
        check_cells(session.scheduled_class_id, [Entry(*made_up.cell)], now)
        there = made_up.made_up_in
        if there and not sessions_to_make_up_in(session, now).filter(pk=there.pk).exists():
            raise NotLater
        row = rows_of(session.scheduled_class_id).get(made_up.cell)
        row = row or new_row(Entry(*made_up.cell))
        if not made_up.values.items() <= row.values.items():
            write([(row, made_up.values)], actor, now, why)


# Who was there.


def was_there() -> QuerySet[Attendance]:
    """Of everybody: what they were there for, also in a later class."""
    there = Q(presence__in=[Presence.PRESENT, Presence.PARTLY]) | Q(made_up_in__isnull=False)
    return Attendance.objects.filter(there)


def took_part(registration: Registration) -> bool:
    return was_there().filter(registration=registration).exists()


def missed_all(registration: Registration) -> bool:
    """Whether every session of their class is recorded, and they were in none."""
    rows = Attendance.objects.filter(registration=registration).exclude(presence="")
    sessions = ClassSession.objects.filter(scheduled_class=registration.scheduled_class_id)
    return 0 < rows.count() == sessions.count() and not took_part(registration)
