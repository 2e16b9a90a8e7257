"""What happened to attendance, in words: who recorded it, and what was corrected."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from content.history import words
from content.history.words import Entry
from courses import zones
from courses.models import ScheduledClass
from registrations.desk import addresses
from registrations.models import AttendanceChange, Registration
from registrations.recorded import in_words
from registrations.services.attendance import changes_of, of_the_session

Tell = Callable[[dt.datetime], str]


# What happened.


def with_names(changes: QuerySet[AttendanceChange]) -> QuerySet[AttendanceChange]:
    return changes.select_related(
        "by_user",
        "attendance__registration",
        "attendance__class_session__scheduled_class",
        "attendance__made_up_in__scheduled_class",
    )


def what_happened(change: AttendanceChange) -> str:
    """`Ana corrected January 16, 2027 for Maria Lopez: Absent, not Present`"""
    session = change.attendance.class_session
    said = {
        "who": words.who(change.by, change.by_user),
        "name": change.attendance.registration,
        "day": zones.date(session.starts_at, session.scheduled_class.zone),
        "old": in_words(change.old),
        "new": in_words(change.new),
    }
    if of_the_session(change.old) == of_the_session(change.new):
        if change.new["made_up_in"] is None:
            return _("%(who)s took back that %(name)s made up %(day)s") % said
        return _("%(who)s recorded that %(name)s made up %(day)s") % said
    if change.is_correction:
        return _("%(who)s corrected %(day)s for %(name)s: %(new)s, not %(old)s") % said
    return _("%(who)s recorded %(day)s for %(name)s: %(new)s") % said


def entry(change: AttendanceChange, tell: Tell) -> Entry:
    return Entry(
        at=change.at,
        what=what_happened(change),
        when=tell(change.at),
        why=change.why,
        url=addresses.person(change.attendance.registration),
    )


def of_person(registration: Registration) -> Iterator[Entry]:
    """All that was recorded of one person."""
    zone = registration.scheduled_class.zone
    changes = AttendanceChange.objects.filter(attendance__registration=registration)
    for change in with_names(changes).order_by("pk"):
        yield entry(change, lambda at: zones.full_moment(at, zone))


def corrections_of(scheduled_class: ScheduledClass, tell: Tell, count: int) -> Iterator[Entry]:
    """The newest. That attendance was taken stands in the class's own history."""
    corrections = with_names(changes_of(scheduled_class.pk).exclude(why="")).order_by("-pk")
    return (entry(change, tell) for change in corrections[:count])


def news(changes: Iterable[AttendanceChange], tell: Tell) -> list[str]:
    """For somebody who recorded meanwhile: who did what."""
    return [
        _("%(what)s, %(when)s.") % {"what": what_happened(change), "when": tell(change.at)}
        for change in changes
    ]
