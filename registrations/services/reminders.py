"""Letters that a date calls for: before a class, on the morning of a day, before an offer ends.

Each is counted from the class as it stands now, in the class's zone, so a session that moves takes
its reminders along. What a reminder is about (`Letter.about`) names the session and its day: one
reminder of a kind for each, whatever runs twice.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from courses.models import ClassSession, ScheduledClass
from registrations.models import Letter, Registration, RegistrationEvent
from registrations.services import attendance

Kind = Letter.Kind
Status = Registration.Status

A_DAY = dt.timedelta(days=1)
NINE = dt.time(9)
SEVEN = dt.time(7)

#: On the morning of an early session the reminder comes this long before it.
BEFORE_EARLY = dt.timedelta(hours=2)

#: An answer that is due within this time is asked for once more, if it was asked for before that.
ASK_AGAIN_WITHIN = dt.timedelta(hours=24)
ASKED_AT_LEAST_BEFORE = dt.timedelta(hours=12)

#: After a class, people are asked how it was. A letter that comes later than this asks nobody.
ASKED_HOW_IT_WAS = dt.timedelta(days=14)


@dataclass(frozen=True)
class Reminder:
    """One reminder of one session: owed from `begins`, pointless from `ends`."""

    kind: Kind
    meeting: ClassSession
    begins: dt.datetime
    ends: dt.datetime

    @property
    def about(self) -> str:
        zone = self.meeting.scheduled_class.zone.info
        return f"{self.meeting.pk}:{self.meeting.starts_at.astimezone(zone).date()}"


def reminders_of(scheduled_class: ScheduledClass) -> Iterator[Reminder]:
    """7 days and 1 day before the class at 9 am, and on each session's morning at 7 am."""
    for meeting in scheduled_class.meetings:
        start = meeting.starts_at
        if meeting.number == 1:
            for kind, days in ((Kind.WEEK, 7), (Kind.DAY, 1)):
                begins = at(scheduled_class, start, NINE, days_before=days)
                yield Reminder(kind, meeting, begins, min(begins + A_DAY, start))
        morning = min(at(scheduled_class, start, SEVEN), start - BEFORE_EARLY)
        yield Reminder(Kind.MORNING, meeting, morning, start)


def at(
    scheduled_class: ScheduledClass, moment: dt.datetime, clock: dt.time, *, days_before: int = 0
) -> dt.datetime:
    """That hour on the clock of the class's zone, so many days before the moment's day."""
    zone = scheduled_class.zone.info
    day = moment.astimezone(zone).date() - dt.timedelta(days=days_before)
    return dt.datetime.combine(day, clock, tzinfo=zone)


def owe_reminders(now: dt.datetime) -> int:
    """Write what is due to everyone with a seat. Returns how many letters were written."""
    soon = ScheduledClass.objects.upcoming(now).filter(
        status=ScheduledClass.Status.PUBLISHED,
        class_sessions__starts_at__range=(now, now + dt.timedelta(days=8)),
    )
    classes = ScheduledClass.objects.filter(pk__in=soon.values("pk")).for_page()
    due = [
        reminder
        for scheduled_class in classes
        for reminder in reminders_of(scheduled_class)
        if reminder.begins <= now < reminder.ends
    ]
    return sum(owe_one_reminder(reminder, now) for reminder in due)


def owe_one_reminder(reminder: Reminder, now: dt.datetime) -> int:
    confirmed = Registration.objects.filter(
        scheduled_class=reminder.meeting.scheduled_class_id, status=Status.CONFIRMED
    )
    return write(confirmed, reminder.kind, reminder.about, reminder.ends, now)


def ask_for_answers(now: dt.datetime) -> int:
    """Once more before what is held for someone ends. Returns how many letters were written."""
    asked_lately = RegistrationEvent.objects.filter(
        registration=OuterRef("pk"), at__gt=now - ASKED_AT_LEAST_BEFORE
    )
    waiting = Registration.objects.filter(
        ~Exists(asked_lately),
        status__in=[Status.OFFERED, Status.WAITLISTED],
        answer_by__gt=now,
        answer_by__lte=now + ASK_AGAIN_WITHIN,
    )
    ends = {moment for moment in waiting.values_list("answer_by", flat=True) if moment}
    return sum(
        write(waiting.filter(answer_by=end), Kind.ANSWER_SOON, end.isoformat(), end, now)
        for end in ends
    )


def ask_how_it_was(now: dt.datetime) -> int:
    """Once the last session has ended. Returns how many letters were written."""
    over = ScheduledClass.objects.past(now).filter(
        last_end__gt=now - ASKED_HOW_IT_WAS  # type: ignore[misc]  # annotated
    )
    written = 0
    for scheduled_class in over.for_page():
        ends_at = scheduled_class.ends_at or now
        there = attendance.people_of(scheduled_class.pk)
        asked = there.filter(evaluated=False, erased_at__isnull=True)
        until = ends_at + ASKED_HOW_IT_WAS
        written += write(asked, Kind.EVALUATE, str(scheduled_class.pk), until, now)
    return written


def write(
    people: QuerySet[Registration], kind: Kind, about: str, until: dt.datetime, now: dt.datetime
) -> int:
    """One letter of the kind about that, for each who has none. Two workers write it once."""
    has_it = Letter.objects.filter(registration=OuterRef("pk"), kind=kind, about=about)
    letters = [
        Letter(
            registration=person,
            kind=kind,
            turn=0,
            about=about,
            created_at=now,
            next_try_at=now,
            detail={"until": until.isoformat()},
        )
        for person in people.filter(~Exists(has_it))
    ]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    return len(letters)
