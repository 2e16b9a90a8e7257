"""Recording who was there: what is written, what needs a reason, and what is refused."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from courses.models import ClassSession, Course, ScheduledClass
from registrations.models import Attendance, AttendanceChange, Registration
from registrations.services import attendance, seats
from registrations.services.attendance import Entry, MadeUp
from registrations.services.completion import completion_of
from registrations.services.seats import Actor
from tests.factories import DENVER, make_class, make_meeting
from tests.registrations.people import join, register

pytestmark = pytest.mark.django_db

DAY_1_BEGINS = dt.datetime(2027, 1, 16, 9, tzinfo=DENVER)
DAY_1_ENDS = dt.datetime(2027, 1, 16, 17, tzinfo=DENVER)
OVER = dt.datetime(2027, 1, 24, 9, tzinfo=DENVER)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def ana() -> Actor:
    return Actor.staff(User.objects.create_user("ana"))


@pytest.fixture
def scheduled_class() -> ScheduledClass:
    return make_class()


@pytest.fixture
def maria(scheduled_class: ScheduledClass) -> Registration:
    return join(scheduled_class, 1)


def days(scheduled_class: ScheduledClass) -> list[ClassSession]:
    return ScheduledClass.objects.get(pk=scheduled_class.pk).meetings


def write(  # noqa: PLR0913  # one short call in each test
    person: Registration,
    day: int,
    presence: str,
    missed: int = 0,
    *,
    actor: Actor = seats.SITE,
    now: dt.datetime = OVER,
    why: str = "",
    seen: int | None = None,
) -> int:
    session = days(person.scheduled_class)[day - 1]
    return attendance.record(
        scheduled_class_id=person.scheduled_class_id,
        entries=[Entry(person.pk, session.pk, presence, missed)],
        actor=actor,
        now=now,
        why=why,
        seen=seen,
    )


def recorded(person: Registration) -> list[tuple[str, int]]:
    rows = Attendance.objects.filter(registration=person).order_by("class_session__starts_at")
    return [(row.presence, row.missed_minutes) for row in rows]


def sentence(person: Registration, now: dt.datetime = OVER) -> str:
    fresh = Registration.objects.get(pk=person.pk)
    return completion_of([fresh], now)[person.pk].outcome.sentence


def test_an_entry_keeps_who_recorded_it_and_when(maria: Registration, ana: Actor):
    assert write(maria, 1, "partly", 20, actor=ana) == 1
    row = Attendance.objects.get()
    assert (row.presence, row.missed_minutes) == ("partly", 20)
    assert (row.recorded_by, row.recorded_at) == (ana.user, OVER)
    assert AttendanceChange.objects.get().old == {}


def test_the_same_again_writes_nothing(maria: Registration):
    write(maria, 1, "present")
    assert write(maria, 1, "present", now=OVER + SECOND) == 0
    assert AttendanceChange.objects.count() == 1


def test_a_correction_without_a_reason_changes_nothing(maria: Registration):
    write(maria, 1, "present")
    with pytest.raises(attendance.ReasonNeeded) as refusal:
        write(maria, 1, "absent", why="  ")
    assert [person for person, _session in refusal.value.cells] == [maria.pk]
    assert recorded(maria) == [("present", 0)]
    assert AttendanceChange.objects.count() == 1


def test_a_correction_keeps_the_old_value_who_when_and_why(maria: Registration, ana: Actor):
    write(maria, 1, "present")
    write(maria, 1, "partly", 30, actor=ana, now=OVER + SECOND, why="Came at 9:30")
    change = AttendanceChange.objects.latest("pk")
    assert (change.by_user, change.at, change.why) == (ana.user, OVER + SECOND, "Came at 9:30")
    assert (change.old["presence"], change.new["presence"]) == ("present", "partly")
    assert change.is_correction
    with pytest.raises(TypeError):
        change.save()


def test_a_reason_goes_with_corrections_only(maria: Registration, scheduled_class: ScheduledClass):
    other = join(scheduled_class, 2)
    write(maria, 1, "present")
    day = days(scheduled_class)[0].pk
    entries = [Entry(maria.pk, day, "absent"), Entry(other.pk, day, "present")]
    attendance.record(
        scheduled_class_id=scheduled_class.pk, entries=entries, actor=seats.SITE, now=OVER, why="No"
    )
    assert [change.why for change in AttendanceChange.objects.order_by("pk")] == ["", "No", ""]


def test_recording_begins_with_the_session(maria: Registration):
    with pytest.raises(attendance.NotBegun):
        write(maria, 1, "present", now=DAY_1_BEGINS - SECOND)
    write(maria, 1, "present", now=DAY_1_BEGINS)
    with pytest.raises(attendance.NotBegun):
        write(maria, 2, "absent", now=DAY_1_ENDS)
    assert recorded(maria) == [("present", 0)]


def test_who_has_no_seat_has_no_attendance(scheduled_class: ScheduledClass):
    other_class = join(make_class(), 3)
    register(scheduled_class, "silent")
    silent = scheduled_class.registrations.get()
    day = days(scheduled_class)[0].pk
    for person in [silent, other_class]:
        with pytest.raises(attendance.NotInThisClass):
            attendance.record(
                scheduled_class_id=scheduled_class.pk,
                entries=[Entry(person.pk, day, "present")],
                actor=seats.SITE,
                now=OVER,
            )


def test_a_session_of_another_class_is_refused(maria: Registration):
    elsewhere = days(make_class())[0]
    with pytest.raises(attendance.NotInThisClass):
        attendance.record(
            scheduled_class_id=maria.scheduled_class_id,
            entries=[Entry(maria.pk, elsewhere.pk, "present")],
            actor=seats.SITE,
            now=OVER,
        )


def test_the_second_of_two_is_told_and_writes_over_nothing(maria: Registration):
    opened = attendance.last_change(maria.scheduled_class_id)
    write(maria, 1, "present")
    with pytest.raises(attendance.ChangedMeanwhile):
        write(maria, 1, "absent", seen=opened, why="Not there")
    assert recorded(maria) == [("present", 0)]
    now_seen = attendance.last_change(maria.scheduled_class_id)
    write(maria, 1, "absent", seen=now_seen, why="Not there")
    assert recorded(maria) == [("absent", 0)]


def test_what_the_second_has_not_touched_stays_as_the_first_wrote_it(
    maria: Registration, scheduled_class: ScheduledClass
):
    other = join(scheduled_class, 2)
    opened = attendance.last_change(scheduled_class.pk)
    write(maria, 1, "present")
    write(maria, 1, "partly", 5, why="Later than thought")
    day = days(scheduled_class)[0].pk
    attendance.record(
        scheduled_class_id=scheduled_class.pk,
        entries=[Entry(maria.pk, day), Entry(other.pk, day, "present")],
        actor=seats.SITE,
        now=OVER,
        seen=opened,
    )
    assert recorded(maria) == [("partly", 5)]
    assert recorded(other) == [("present", 0)]


def test_both_of_two_may_say_the_same(maria: Registration):
    write(maria, 1, "present")
    assert write(maria, 1, "present", seen=0) == 0


@pytest.mark.parametrize(
    "values",
    [
        {"presence": "partly", "missed_minutes": 0},
        {"presence": "present", "missed_minutes": 5},
        {"presence": "asleep"},
        {"presence": "absent", "missed_there": 5},
    ],
)
def test_the_database_holds_no_attendance_that_makes_no_sense(
    maria: Registration, values: dict[str, object]
):
    day = days(maria.scheduled_class)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(registration=maria, class_session=day, recorded_at=OVER, **values)


def test_nobody_is_recorded_twice_and_no_session_is_made_up_in_itself(maria: Registration):
    day = days(maria.scheduled_class)[0]
    same = {"registration": maria, "class_session": day, "recorded_at": OVER}
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(**same, made_up_in=day)
    Attendance.objects.create(**same)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(**same)


def test_a_session_with_attendance_cannot_be_deleted(maria: Registration):
    write(maria, 1, "present")
    with pytest.raises(ProtectedError):
        days(maria.scheduled_class)[0].delete()


def test_who_is_recorded_stays_in_the_class(maria: Registration):
    other = make_class()
    write(maria, 1, "absent", now=DAY_1_BEGINS)
    with pytest.raises(seats.AttendanceIsRecorded):
        seats.move(
            registration=maria, scheduled_class_id=other.pk, actor=seats.SITE, now=DAY_1_BEGINS
        )
    maria.refresh_from_db()
    assert maria.scheduled_class_id != other.pk


# Completion.


def test_completion_is_said_live(maria: Registration):
    now = dt.datetime(2027, 1, 17, 9, tzinfo=DENVER)
    assert sentence(maria, DAY_1_BEGINS - SECOND) == "Day 1 to come. Day 2 to come."
    assert sentence(maria, now) == "Day 1: not recorded yet. Day 2 to come."
    write(maria, 1, "present", now=now)
    assert sentence(maria, now) == "Day 1: 6 hours recorded. Day 2 to come."
    write(maria, 2, "present")
    assert sentence(maria) == "Complete: 12 hours, 12 CE credits."


def test_the_rule_is_the_one_of_the_course(maria: Registration):
    write(maria, 1, "present")
    write(maria, 2, "partly", 50)
    assert sentence(maria) == "Not complete. Missing: 50 minutes of Day 2."
    Course.objects.update(make_up_allowed=True)
    assert sentence(maria) == "Not yet. Missing: 50 minutes of Day 2."
    Course.objects.update(partial_credit=True)
    assert sentence(maria) == "In part: 11 hours 10 minutes of 12 hours, 11 CE credits."
    Course.objects.update(grace_minutes=50)
    assert sentence(maria) == "Complete: 12 hours, 12 CE credits."


@pytest.fixture
def later(maria: Registration) -> ClassSession:
    """A session of a later class of the course, which has begun."""
    other = make_class()
    return make_meeting(other, dt.date(2027, 2, 6))


FEBRUARY = dt.datetime(2027, 2, 7, tzinfo=DENVER)


def made_up(
    person: Registration, there: ClassSession | None, missed: int = 0, *, why: str = ""
) -> None:
    missed_day = days(person.scheduled_class)[1]
    attendance.make_up(
        made_up=MadeUp(person, missed_day, there, missed), actor=seats.SITE, now=FEBRUARY, why=why
    )


def test_a_session_is_made_up_in_a_later_class(maria: Registration, later: ClassSession):
    Course.objects.update(make_up_allowed=True)
    write(maria, 1, "present")
    write(maria, 2, "absent")
    made_up(maria, later, 10)
    assert sentence(maria, FEBRUARY) == "Not yet. Missing: 10 minutes of Day 2."
    with pytest.raises(attendance.ReasonNeeded):
        made_up(maria, later)
    made_up(maria, later, why="It was another person")
    assert sentence(maria, FEBRUARY) == "Complete: 12 hours, 12 CE credits."
    made_up(maria, None, why="They did not come")
    assert sentence(maria, FEBRUARY) == "Not yet. Missing: 6 hours of Day 2."


def test_what_the_later_session_does_not_teach_is_not_made_up(
    maria: Registration, later: ClassSession
):
    Course.objects.update(make_up_allowed=True)
    ClassSession.objects.filter(pk=later.pk).update(credit_minutes=300)
    write(maria, 1, "present")
    made_up(maria, later)
    assert sentence(maria, FEBRUARY) == "Not yet. Missing: 1 hour of Day 2."


def test_nothing_is_made_up_before_it_was_missed(maria: Registration, later: ClassSession):
    first = days(later.scheduled_class)[0]
    same_day, not_yet = first, make_meeting(later.scheduled_class, dt.date(2027, 3, 6))
    another_course = make_class(course=Course.objects.create(title_en="Another course"))
    elsewhere = make_meeting(another_course, dt.date(2027, 2, 6))
    for session in [same_day, not_yet, elsewhere, days(maria.scheduled_class)[0]]:
        with pytest.raises(attendance.NotLater):
            made_up(maria, session)


def test_completion_and_recording_cost_the_same_for_many(
    scheduled_class: ScheduledClass, django_assert_num_queries: Any
):
    for person in range(3):
        join(scheduled_class, person)
    people = list(Registration.objects.all())
    day = days(scheduled_class)[0].pk
    with django_assert_num_queries(12):
        attendance.record(
            scheduled_class_id=scheduled_class.pk,
            entries=[Entry(person.pk, day, "present") for person in people],
            actor=seats.SITE,
            now=OVER,
            seen=0,
        )
    for some in [people[:1], people]:
        asked = list(Registration.objects.filter(pk__in=[person.pk for person in some]))
        with django_assert_num_queries(4):
            completion_of(asked, OVER)
