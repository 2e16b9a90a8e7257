"""What stands between a class and the public: errors block, warnings ask.

`problems(scheduled_class, now)` answers for any class, stored or only typed; a caller with many of
them reads the classes by `for_publishing()`, and it costs no query more. `before` is the class that
took place last, or nothing: only with it can a class be on another weekday than usual.

A new rule is one function, put into one of the two tables. It gives a `Problem`, or several, whose
`field` is the name of the field in the class's form that has to change, or "sessions".
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses import zones
from courses.models import ClassSession, CourseApproval, ScheduledClass
from courses.models.course import plain

ERROR = "error"
WARNING = "warning"

SESSIONS = "sessions"

#: Some bodies count no more live online credit than this on one day.
CREDIT_A_DAY = dt.timedelta(hours=8)

#: People need some days to hear of a class and to plan.
NOTICE = dt.timedelta(days=3)

#: Outside these hours a time is more likely a slip of am and pm.
EARLY, LATE = dt.time(6), dt.time(22)


@dataclass(frozen=True)
class Problem:
    kind: str
    sentence: str
    field: str = ""

    @property
    def blocks(self) -> bool:
        return self.kind == ERROR


Found = Iterable[tuple[str, str]]
Rule = Callable[[ScheduledClass, dt.datetime], Found]


def for_publishing(classes: "QuerySet[ScheduledClass]") -> "QuerySet[ScheduledClass]":
    """With all that the rules look at."""
    related = classes.select_related("course", "seats")
    return related.prefetch_related("class_sessions", "course__approvals")


def problems(
    scheduled_class: ScheduledClass, now: dt.datetime, *, before: ScheduledClass | None = None
) -> list[Problem]:
    """The errors, and then the warnings, each in the order of its table."""
    return errors(scheduled_class, now) + warnings(scheduled_class, now, before=before)


def errors(scheduled_class: ScheduledClass, now: dt.datetime) -> list[Problem]:
    return found_by(ERRORS, ERROR, scheduled_class, now)


def warnings(
    scheduled_class: ScheduledClass, now: dt.datetime, *, before: ScheduledClass | None = None
) -> list[Problem]:
    found = found_by(WARNINGS, WARNING, scheduled_class, now)
    other_days = another_weekday(scheduled_class, before) if before else ()
    return [*found, *(Problem(WARNING, sentence, field) for field, sentence in other_days)]


def found_by(
    rules: Iterable[Rule], kind: str, scheduled_class: ScheduledClass, now: dt.datetime
) -> list[Problem]:
    return [
        Problem(kind, sentence, field)
        for rule in rules
        for field, sentence in rule(scheduled_class, now)
    ]


# Errors.


def no_cost(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    if not scheduled_class.cost.strip():
        yield "cost_en", _("Say what it costs before you publish, even when it is: Free")


def no_way_to_give_up(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    if not scheduled_class.cancellation.strip():
        yield "cancellation_en", _("Say how to give up a seat before you publish.")


def no_place(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    if scheduled_class.is_in_person and not scheduled_class.address.strip():
        yield "address", _("Say where the class is held before you publish.")


def no_seats(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    if not scheduled_class.seats.capacity:
        yield "capacity", _("A published class has at least 1 seat.")


def no_sessions(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    if not scheduled_class.meetings:
        yield SESSIONS, _("A published class has at least one session.")


def in_the_past(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    """A class that was on the site before may come back while it runs, not when it is over."""
    meetings = scheduled_class.meetings
    if scheduled_class.status != ScheduledClass.Status.DRAFT or not meetings:
        return
    last = meetings[-1] if scheduled_class.was_published else meetings[0]
    moment = last.ends_at if scheduled_class.was_published else last.starts_at
    if moment <= now:
        words = _("Day %(number)s is in the past: %(day)s.")
        yield SESSIONS, words % {"number": last.number, "day": last.day}


ERRORS: tuple[Rule, ...] = (
    no_cost,
    no_way_to_give_up,
    no_place,
    no_seats,
    no_sessions,
    in_the_past,
)


# Warnings.


def other_hours_than_the_course(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    taught, course = minutes_of(scheduled_class.meetings), scheduled_class.course
    if scheduled_class.meetings and taught != course.contact_minutes:
        words = _("The sessions add up to %(taught)s hours; the course has %(hours)s.")
        yield SESSIONS, words % {"taught": hours(taught), "hours": course.hours}


def more_credits_than_hours(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    taught, course = minutes_of(scheduled_class.meetings), scheduled_class.course
    if scheduled_class.meetings and course.credits * 60 > taught:
        words = _("The course gives %(credits)s CE credits for %(taught)s hours.")
        yield SESSIONS, words % {"credits": course.plain_credits, "taught": hours(taught)}


def no_approval(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    if not scheduled_class.course.approvals.all():
        yield "course", _("The course has no approval, so its credits may count nowhere.")


def outside_an_approval(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    for approval in scheduled_class.course.approvals.all():
        outside = [meeting for meeting in scheduled_class.meetings if not covers(approval, meeting)]
        if outside:
            words = _("The approval of %(body)s does not cover %(days)s.")
            days = zones.days_in_words([day_of(meeting) for meeting in outside])
            yield SESSIONS, words % {"body": approval.body, "days": days}


def much_credit_in_a_day(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    if not scheduled_class.is_online:
        return
    for meetings in by_day(scheduled_class.meetings):
        if minutes_of(meetings) > CREDIT_A_DAY.total_seconds() / 60:
            words = _("%(day)s has %(hours)s credit hours. Some bodies count no more than 8.")
            values = {"day": meetings[0].day, "hours": hours(minutes_of(meetings))}
            yield SESSIONS, words % values


def no_join_link(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    if scheduled_class.is_online and not scheduled_class.join_link:
        yield "join_link", _("There is no join link yet. You can add it later.")


def starts_very_soon(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    starts_at = scheduled_class.starts_at
    if starts_at and now < starts_at < now + NOTICE:
        moment = zones.full_moment(starts_at, scheduled_class.zone)
        yield SESSIONS, _("The class starts in less than 3 days: %(moment)s.") % {"moment": moment}


def closes_before_today(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    closes_at = scheduled_class.registration_closes_at
    if closes_at and closes_at <= now:
        words = _("Registration has closed already: %(moment)s. Nobody can register.")
        moment = zones.full_moment(closes_at, scheduled_class.zone)
        yield "registration_closes_at", words % {"moment": moment}


def at_night(scheduled_class: ScheduledClass, now: dt.datetime) -> Found:
    zone = scheduled_class.zone.info
    for meeting in scheduled_class.meetings:
        starts = meeting.starts_at.astimezone(zone)
        ends = meeting.ends_at.astimezone(zone)
        if starts.time() < EARLY or ends.time() > LATE or starts.date() != ends.date():
            words = _("Day %(number)s is at unusual hours: %(hours)s. Is it am or pm?")
            yield SESSIONS, words % {"number": meeting.number, "hours": meeting.hours}


WARNINGS: tuple[Rule, ...] = (
    other_hours_than_the_course,
    more_credits_than_hours,
    no_approval,
    outside_an_approval,
    much_credit_in_a_day,
    no_join_link,
    starts_very_soon,
    closes_before_today,
    at_night,
)


def another_weekday(scheduled_class: ScheduledClass, before: ScheduledClass) -> Found:
    """Each day on a weekday on which the class before had none."""
    usual = {day_of(meeting).weekday() for meeting in before.meetings}
    for meeting in scheduled_class.meetings:
        if usual and day_of(meeting).weekday() not in usual:
            words = _("Day %(number)s is a %(weekday)s. The class before was on: %(usual)s.")
            weekday = date_format(day_of(meeting), "l")
            values = {"number": meeting.number, "weekday": weekday, "usual": before.weekdays}
            yield SESSIONS, words % values


# What the rules count by.


def minutes_of(meetings: Iterable[ClassSession]) -> int:
    return sum(meeting.credit_minutes for meeting in meetings)


def hours(minutes: int) -> str:
    """`12`, `1.5` or `5.67`."""
    return plain((Decimal(minutes) / 60).quantize(Decimal("0.01")))


def day_of(meeting: ClassSession) -> dt.date:
    return meeting.starts_at.astimezone(meeting.scheduled_class.zone.info).date()


def by_day(meetings: Iterable[ClassSession]) -> Iterator[list[ClassSession]]:
    days: dict[dt.date, list[ClassSession]] = defaultdict(list)
    for meeting in meetings:
        days[day_of(meeting)].append(meeting)
    yield from days.values()


def covers(approval: CourseApproval, meeting: ClassSession) -> bool:
    """A date that is not entered is no limit."""
    day = day_of(meeting)
    begins, ends = approval.valid_from or day, approval.valid_until or day
    return begins <= day <= ends
