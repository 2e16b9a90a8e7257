"""What is said before a class is published: each rule alone, at its boundary."""

import datetime as dt
from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from courses import publishing
from courses.models import ClassSession, CourseApproval, ScheduledClass
from tests.factories import DENVER, NOW, make_class, make_meeting

pytestmark = pytest.mark.django_db

Arrange = Callable[[ScheduledClass], object]


@pytest.fixture
def scheduled_class() -> ScheduledClass:
    """Nothing is wrong with it."""
    made = make_class()
    CourseApproval.objects.create(course=made.course, body="COPA")
    return made


def read(scheduled_class: ScheduledClass) -> ScheduledClass:
    return publishing.for_publishing(ScheduledClass.objects.all()).get(pk=scheduled_class.pk)


def said(
    scheduled_class: ScheduledClass,
    now: dt.datetime = NOW,
    before: ScheduledClass | None = None,
) -> list[tuple[str, str, str]]:
    found = publishing.problems(read(scheduled_class), now, before=before)
    return [(row.kind, row.field, row.sentence.replace("\N{NO-BREAK SPACE}", " ")) for row in found]


def sets(**facts: object) -> Arrange:
    return lambda made: ScheduledClass.objects.filter(pk=made.pk).update(**facts)


def sets_course(**facts: object) -> Arrange:
    return lambda made: type(made.course).objects.update(**facts)


def sets_approval(**facts: object) -> Arrange:
    return lambda made: CourseApproval.objects.update(**facts)


def sets_sessions(**facts: object) -> Arrange:
    return lambda made: ClassSession.objects.update(**facts)


def one_more_session(made: ScheduledClass) -> None:
    make_meeting(made, dt.date(2027, 1, 23), first_hour=17, last_hour=21)


def no_seats(made: ScheduledClass) -> None:
    type(made.seats).objects.update(capacity=0, open=0)


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2027, 1, 16, hour, minute, tzinfo=DENVER)


def starts(moment: dt.datetime, ends: dt.datetime) -> Arrange:
    return lambda made: ClassSession.objects.filter(pk=made.meetings[0].pk).update(
        starts_at=moment, ends_at=ends
    )


ERRORS: dict[str, tuple[Arrange, str, str]] = {
    "no cost": (
        sets(cost_en=" "),
        "cost_en",
        "Say what it costs before you publish, even when it is: Free",
    ),
    "no cancellation": (
        sets(cancellation_en=""),
        "cancellation_en",
        "Say how to give up a seat before you publish.",
    ),
    "no place": (
        sets(delivery="both"),
        "address",
        "Say where the class is held before you publish.",
    ),
    "no seats": (no_seats, "capacity", "A published class has at least 1 seat."),
}

WARNINGS: dict[str, tuple[Arrange, str, str]] = {
    "other hours than the course": (
        sets_course(contact_minutes=750, credits=1),
        "sessions",
        "The sessions add up to 12 hours; the course has 12.5.",
    ),
    "more credits than hours": (
        sets_course(credits="12.01"),
        "sessions",
        "The course gives 12.01 CE credits for 12 hours.",
    ),
    "no approval": (
        lambda made: CourseApproval.objects.all().delete(),
        "course",
        "The course has no approval, so its credits may count nowhere.",
    ),
    "approved too late": (
        sets_approval(valid_from=dt.date(2027, 1, 17)),
        "sessions",
        "The approval of COPA does not cover January 16, 2027.",
    ),
    "approved not long enough": (
        sets_approval(valid_until=dt.date(2027, 1, 15)),
        "sessions",
        "The approval of COPA does not cover January 16 and 23, 2027.",
    ),
    "no join link": (
        sets(join_link=""),
        "join_link",
        "There is no join link yet. You can add it later.",
    ),
    "closed already": (
        sets(registration_closes_at=NOW),
        "registration_closes_at",
        (
            "Registration has closed already: Tuesday, November 24, 2026, 12:00 pm Mountain Time. "
            "Nobody can register."
        ),
    ),
    "before the morning": (
        starts(at(5, 59), at(17)),
        "sessions",
        "Day 1 is at unusual hours: 5:59 am to 5:00 pm Mountain Time. Is it am or pm?",
    ),
    "until late": (
        starts(at(9), at(22, 1)),
        "sessions",
        "Day 1 is at unusual hours: 9:00 am to 10:01 pm Mountain Time. Is it am or pm?",
    ),
}


def test_nothing_is_said_of_a_class_that_is_as_it_should_be(
    scheduled_class: ScheduledClass,
) -> None:
    assert said(scheduled_class) == []


@pytest.mark.parametrize(("arrange", "field", "sentence"), ERRORS.values(), ids=ERRORS.keys())
def test_what_blocks(
    scheduled_class: ScheduledClass, arrange: Arrange, field: str, sentence: str
) -> None:
    arrange(scheduled_class)
    assert said(scheduled_class) == [("error", field, sentence)]


@pytest.mark.parametrize(("arrange", "field", "sentence"), WARNINGS.values(), ids=WARNINGS.keys())
def test_what_asks(
    scheduled_class: ScheduledClass, arrange: Arrange, field: str, sentence: str
) -> None:
    arrange(scheduled_class)
    assert said(scheduled_class) == [("warning", field, sentence)]


@pytest.mark.parametrize(
    "arrange",
    [
        sets_course(credits=10),
        sets_approval(valid_from=dt.date(2027, 1, 16), valid_until=dt.date(2027, 1, 23)),
        starts(at(6), at(22)),
        sets(registration_closes_at=NOW + dt.timedelta(minutes=1)),
        sets(delivery="in_person", address="Old Hall", join_link=""),
    ],
)
def test_nothing_is_said_on_this_side_of_the_boundary(
    scheduled_class: ScheduledClass, arrange: Arrange
) -> None:
    arrange(scheduled_class)
    assert said(scheduled_class) == []


def test_a_class_without_sessions_says_only_that(scheduled_class: ScheduledClass) -> None:
    ClassSession.objects.all().delete()
    sentence = "A published class has at least one session."
    assert said(scheduled_class) == [("error", "sessions", sentence)]


@pytest.mark.parametrize(("minutes", "asks"), [(240, False), (241, True)])
def test_more_than_8_credit_hours_online_in_a_day(
    scheduled_class: ScheduledClass, minutes: int, *, asks: bool
) -> None:
    one_more_session(scheduled_class)
    ClassSession.objects.filter(starts_at__day__gte=23).update(credit_minutes=minutes)
    ClassSession.objects.filter(starts_at__day=16).update(credit_minutes=720 - 2 * minutes)
    sentence = "Saturday, January 23, 2027 has 8.03 credit hours. Some bodies count no more than 8."
    assert said(scheduled_class) == ([("warning", "sessions", sentence)] if asks else [])
    ScheduledClass.objects.update(delivery="in_person", address="Old Hall")
    assert said(scheduled_class) == []


@pytest.mark.parametrize(("hours", "asks"), [(72, False), (71, True)])
def test_a_class_that_starts_in_less_than_3_days(
    scheduled_class: ScheduledClass, hours: int, *, asks: bool
) -> None:
    now = at(9) - dt.timedelta(hours=hours)
    sentence = (
        "The class starts in less than 3 days: Saturday, January 16, 2027, 9:00 am Mountain Time."
    )
    assert said(scheduled_class, now) == ([("warning", "sessions", sentence)] if asks else [])


@pytest.mark.parametrize(
    ("was_published", "now", "number"),
    [
        (False, at(8, 59), None),
        (False, at(9), 1),
        (True, at(9), None),
        (True, dt.datetime(2027, 1, 23, 16, 59, tzinfo=DENVER), None),
        (True, dt.datetime(2027, 1, 23, 17, tzinfo=DENVER), 2),
    ],
)
def test_a_class_in_the_past_is_not_published_and_one_that_runs_may_come_back(
    scheduled_class: ScheduledClass, now: dt.datetime, number: int | None, *, was_published: bool
) -> None:
    assert said(scheduled_class, dt.datetime(2027, 2, 1, tzinfo=DENVER)) == []
    ScheduledClass.objects.update(status="draft", was_published=was_published)
    blocks = [sentence for kind, _field, sentence in said(scheduled_class, now) if kind == "error"]
    day = "Saturday, January 16, 2027" if number == 1 else "Saturday, January 23, 2027"
    assert blocks == ([f"Day {number} is in the past: {day}."] if number else [])


def test_a_day_on_another_weekday_than_the_class_before(scheduled_class: ScheduledClass) -> None:
    other = make_class()
    assert said(other, before=scheduled_class) == []
    moved = ClassSession.objects.filter(pk=other.meetings[1].pk)
    moved.update(
        starts_at=dt.datetime(2027, 1, 22, 9, tzinfo=DENVER),
        ends_at=dt.datetime(2027, 1, 22, 17, tzinfo=DENVER),
    )
    sentence = "Day 2 is a Friday. The class before was on: Two Saturdays."
    assert said(other, before=scheduled_class) == [("warning", "sessions", sentence)]


def test_many_classes_cost_no_query_more_than_one(
    scheduled_class: ScheduledClass, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_class()
    make_class()
    with django_assert_num_queries(3):
        for made in publishing.for_publishing(ScheduledClass.objects.all()):
            assert publishing.problems(made, NOW) == []
