"""Telling people what has changed about their class: what, old and new."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import F

from courses.models import ScheduledClass
from courses.services import bump_revisions, remember_move
from registrations.letters.facts import where
from registrations.models import Letter, Registration
from registrations.services import calendars
from registrations.services.ledger import locked
from registrations.services.seats import settle

Times = tuple[dt.datetime, dt.datetime]
Change = dict[str, Any]

#: Of no matter to those who have no seat, nor to calendars.
ABOUT_JOINING = {"join_link", "no_join_link"}


@dataclass(frozen=True)
class Snapshot:
    """What people plan by, at one moment: the times of each session, the place, the join link."""

    times: dict[int, Times]
    place: str
    join_link: str
    was_public: bool = False

    @property
    def starts_at(self) -> dt.datetime | None:
        return min((start for start, _ in self.times.values()), default=None)

    @classmethod
    def of(cls, scheduled_class: ScheduledClass) -> Self:
        fresh = ScheduledClass.objects.get(pk=scheduled_class.pk)
        times = {meeting.pk: (meeting.starts_at, meeting.ends_at) for meeting in fresh.meetings}
        return cls(times, where(fresh), fresh.join_link, fresh.was_published)


def differences(old: Snapshot, new: Snapshot) -> list[Change]:
    """Each change as plain data, so that it can be said later in the reader's language."""
    numbers = {key: number for number, key in enumerate(old.times, start=1)}
    changes: list[Change] = [
        {
            "what": "moved",
            "number": numbers[key],
            "old": as_text(old.times[key]),
            "new": as_text(times),
        }
        for key, times in new.times.items()
        if key in old.times and old.times[key] != times
    ]
    changes += [
        {"what": "added", "new": as_text(times)}
        for key, times in new.times.items()
        if key not in old.times
    ]
    changes += [
        {"what": "dropped", "number": numbers[key], "old": as_text(times)}
        for key, times in old.times.items()
        if key not in new.times
    ]
    if old.place != new.place:
        changes.append({"what": "place", "old": old.place, "new": new.place})
    if old.join_link and old.join_link != new.join_link:
        changes.append({"what": "join_link"} if new.join_link else {"what": "no_join_link"})
    return changes


def as_text(times: Times) -> list[str]:
    return [moment.isoformat() for moment in times]


def tell_changes(*, scheduled_class: ScheduledClass, before: Snapshot, now: dt.datetime) -> int:
    """Owe everyone with a seat or a place a letter about what changed since `before`.

    Not for a class that is cancelled or over. Also for a draft: whoever registered while it was
    published plans by it. Returns how many people are told.
    """
    with locked(scheduled_class.pk) as ledger:
        current = ledger.scheduled_class
        is_over = current.ends_at is None or current.ends_at <= now
        changes = differences(before, Snapshot.of(current))
        follow_in_calendars(current, changes, now)
        if before.was_public and before.starts_at:
            remember_move(current, before.starts_at)
        if current.status == ScheduledClass.Status.CANCELLED or is_over or not changes:
            return 0
        people = Registration.objects.filter(scheduled_class=current).live()
        if all(change["what"] in ABOUT_JOINING for change in changes):
            people = people.filter(status=Registration.Status.CONFIRMED)
        people.update(turn=F("turn") + 1)
        # Nothing is held beyond the class's new beginning.
        people.filter(answer_by__gt=current.starts_at).update(answer_by=current.starts_at)
        letters = [
            Letter(
                registration=registration,
                kind=Letter.Kind.CHANGED,
                turn=registration.turn,
                created_at=now,
                next_try_at=now,
                detail={"changes": changes},
            )
            for registration in people
        ]
        Letter.objects.bulk_create(letters)
        # A class that moved away from its cut-off offers its free seats to the line again.
        settle(ledger, now)
        return len(letters)


def follow_in_calendars(
    scheduled_class: ScheduledClass, changes: list[Change], now: dt.datetime
) -> None:
    """Public files and people's own entries show the class as it is now. None has the join link."""
    calendars.bring_class_up_to_date(scheduled_class, now)
    if any(change["what"] not in ABOUT_JOINING for change in changes):
        bump_revisions(scheduled_class)
