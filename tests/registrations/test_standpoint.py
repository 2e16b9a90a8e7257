"""What a person's own page says, and that it promises only what happens."""

import datetime as dt

import pytest

from courses.models import ClassSession, ScheduledClass
from registrations.models import Registration, RegistrationEvent
from registrations.services import seats
from registrations.standpoint import Standpoint, standpoint
from tests.factories import DENVER, NOW, make_class
from tests.registrations.people import join, person_in, register

pytestmark = pytest.mark.django_db

STAFF = seats.Actor(RegistrationEvent.By.STAFF)
DAY_1 = dt.datetime(2027, 1, 16, 9, tzinfo=DENVER)
A_MINUTE = dt.timedelta(minutes=1)
A_DAY = dt.timedelta(days=1)


def seen(registration: Registration, now: dt.datetime = NOW) -> Standpoint:
    """As the page shows it to someone who opens it now."""
    fresh = Registration.objects.select_related("scheduled_class").get(pk=registration.pk)
    return standpoint(fresh, now)


def leave(person: Registration, actor: seats.Actor = seats.PERSON, why: str = "") -> Registration:
    seats.leave(registration=person, actor=actor, now=NOW, why=why)
    return person


def full_class() -> ScheduledClass:
    return make_class(capacity=1, taken=1)


@pytest.mark.parametrize(
    ("now", "line", "then"),
    [
        (NOW, "until Day 1.", "We remind you by mail 7 days and 1 day before."),
        (DAY_1 - 7 * A_DAY, "until Day 1.", "We remind you by mail 1 day before."),
        (DAY_1 - A_DAY, "until Day 1.", ""),
        (DAY_1, "Day 1 has begun.", ""),
        (DAY_1 + A_DAY, "until Day 2.", ""),
    ],
)
def test_with_a_seat_it_says_what_is_next(now: dt.datetime, line: str, then: str) -> None:
    turn = seen(join(make_class(), 1), now)
    assert turn.first_line.startswith("Confirmed.")
    assert turn.first_line.endswith(line)
    assert turn.then == then


def test_a_class_of_one_day_has_no_day_1() -> None:
    scheduled_class = make_class()
    ClassSession.objects.filter(starts_at__gt=DAY_1).delete()
    turn = seen(join(scheduled_class, 1))
    assert turn.first_line == "Confirmed. You need to do nothing until that day."


def test_no_reminder_is_promised_for_a_class_that_is_taken_off_the_site() -> None:
    person = join(make_class(), 1)
    ScheduledClass.objects.update(status=ScheduledClass.Status.DRAFT)
    assert seen(person).then == ""


def test_a_place_in_line_has_a_moment_to_press_by() -> None:
    scheduled_class = full_class()
    register(scheduled_class, 1)
    line = seen(person_in(scheduled_class, 1)).first_line.replace("\N{NO-BREAK SPACE}", " ")
    assert line.startswith("Press the button by Friday, November 27, 2026, 6:00 pm Mountain Time,")


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (DAY_1 - 2 * A_DAY - A_MINUTE, "We write to you when a seat is free."),
        (DAY_1 - 2 * A_DAY, "Staff now fill free seats by hand"),
        (DAY_1, "The class has begun"),
    ],
)
def test_a_seat_from_the_line_is_promised_only_as_long_as_it_is_offered(
    now: dt.datetime, line: str
) -> None:
    assert seen(join(full_class(), 1), now).first_line.startswith(line)


def test_who_left_the_line_did_not_say_no_to_a_seat() -> None:
    turn = seen(leave(join(full_class(), 1)))
    assert (turn.heading, turn.first_line) == ("You are not in line any more", "You left the line.")


def test_who_gave_up_the_first_seat_was_never_in_line() -> None:
    scheduled_class = make_class()
    register(scheduled_class, 1)
    turn = seen(leave(person_in(scheduled_class, 1)))
    assert turn.heading == "The seat is given up"
    assert turn.first_line == "You said no to the seat."


def test_what_staff_gave_up_was_not_given_up_by_the_person() -> None:
    turn = seen(leave(join(full_class(), 1), STAFF, "You asked us by phone"))
    assert turn.first_line == (
        "Staff gave it up for you on November 24, 2026: “You asked us by phone”."
    )


def test_the_way_back_is_the_one_there_is() -> None:
    scheduled_class = make_class(capacity=1, line_size=1)
    person = leave(join(scheduled_class, 1))
    assert seen(person).then == "Seats are free. One press gives you one."
    assert seen(person).can_rejoin
    join(scheduled_class, 2)
    assert seen(person).then == "One press puts you back in line, at its end."
    assert seen(person).can_rejoin
    join(scheduled_class, 3)
    assert seen(person).then == "The class takes nobody now."
    assert not seen(person).can_rejoin


def test_a_second_person_is_added_only_where_the_class_takes_one() -> None:
    person = join(make_class(capacity=1, line_size=1), 1)
    assert seen(person).can_share
    join(person.scheduled_class, 2)
    assert not seen(person).can_share
