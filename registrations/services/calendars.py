"""A person's calendar follows what happens to them and to their class.

Each event of a registration ends by bringing its entries up to date, under the lock of its class
and in the transaction of the letter that tells about it.
"""

import datetime as dt
from collections import defaultdict
from typing import NamedTuple, Self

from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from courses.calendars import day_number, with_online
from courses.models import ScheduledClass
from registrations.models import CalendarEntry, Letter, Registration

Status = Registration.Status


class Facts(NamedTuple):
    """What an entry says of its session. An entry whose facts differ is changed and sent again."""

    number: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    time_zone: str
    place: str

    @classmethod
    def of(cls, entry: CalendarEntry) -> Self:
        return cls(*(getattr(entry, name) for name in cls._fields))


def bring_up_to_date(registration: Registration, now: dt.datetime) -> None:
    """The entries of one person become what their status and their class say.

    Under the lock of the class. Who has a seat has an entry for each session; every other entry is
    withdrawn, also those of another class or of a session that is gone.
    """
    if registration.status == Status.CONFIRMED:
        fresh = ScheduledClass.objects.get(pk=registration.scheduled_class_id)
        write(Registration.objects.filter(pk=registration.pk), fresh, now)
    else:
        withdraw(registration.calendar_entries.live(), now)


def bring_class_up_to_date(scheduled_class: ScheduledClass, now: dt.datetime) -> None:
    """The same for everyone with a seat, after a session or the place has changed.

    Under the lock of the class. The number of statements does not grow with the people.
    """
    fresh = ScheduledClass.objects.get(pk=scheduled_class.pk)
    write(Registration.objects.filter(scheduled_class=fresh, status=Status.CONFIRMED), fresh, now)


def write(
    people: QuerySet[Registration], scheduled_class: ScheduledClass, now: dt.datetime
) -> None:
    """Change, withdraw and add what differs between the people's entries and the class."""
    languages = dict(people.values_list("pk", "language"))
    facts_in = {name: facts_of(scheduled_class, name) for name in {*languages.values()}}
    missing = {key: dict(facts_in[language]) for key, language in languages.items()}
    changed: dict[Facts, list[int]] = defaultdict(list)
    gone: list[int] = []
    for entry in CalendarEntry.objects.filter(registration__in=people):
        facts = missing[entry.registration_id].pop(entry.class_session_id, None)
        if facts and (entry.is_withdrawn or Facts.of(entry) != facts):
            changed[facts].append(entry.pk)
        elif not facts and not entry.is_withdrawn:
            gone.append(entry.pk)
    for facts, keys in changed.items():
        change(CalendarEntry.objects.filter(pk__in=keys), facts, now)
    if gone:
        withdraw(CalendarEntry.objects.filter(pk__in=gone), now)
    add(missing, now)


def facts_of(scheduled_class: ScheduledClass, language: str) -> dict[int | None, Facts]:
    """The facts of each session by its key."""
    with translation.override(language):
        place = with_online(scheduled_class, _("Online: the link is on your page"))
    zone = scheduled_class.time_zone
    return {
        meeting.pk: Facts(day_number(meeting), meeting.starts_at, meeting.ends_at, zone, place)
        for meeting in scheduled_class.meetings
    }


def change(entries: QuerySet[CalendarEntry], facts: Facts, now: dt.datetime) -> None:
    """New facts, or coming back, or both."""
    entries.update(
        **facts._asdict(), is_withdrawn=False, sequence=F("sequence") + 1, changed_at=now
    )


def withdraw(entries: QuerySet[CalendarEntry], now: dt.datetime) -> None:
    """Out of the calendar. The facts stay as they were sent."""
    entries.update(is_withdrawn=True, sequence=F("sequence") + 1, changed_at=now)


def withdraw_all(people: list[int], now: dt.datetime) -> None:
    """All entries of these people, by their keys."""
    if people:
        withdraw(CalendarEntry.objects.filter(registration__in=people).live(), now)


def add(missing: dict[int, dict[int | None, Facts]], now: dt.datetime) -> None:
    """First entries: for each person by key, the facts of each session that they lack."""
    CalendarEntry.objects.bulk_create(
        CalendarEntry(
            registration_id=key, class_session_id=session_key, changed_at=now, **facts._asdict()
        )
        for key, lacking in missing.items()
        for session_key, facts in lacking.items()
    )


def note_told(letter: Letter) -> None:
    """The letter has gone out: what it carried is known to the person's calendar.

    One row at a time, not in one transaction with the letter: it can then wait for a change of the
    whole class, but never in a circle with it. What is not noted is told once more, which is
    harmless: same UID, same sequence.
    """
    for entry in letter.calendar_entries:
        CalendarEntry.objects.filter(pk=entry.pk).update(told_sequence=entry.sequence)
