"""Why no offer has gone out, in the words that staff read."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import ClassSession, ScheduledClass
from registrations.models import Registration
from registrations.services import seats
from registrations.standing import lines_of, why_no_offer
from tests.factories import DENVER, NOW, make_class
from tests.registrations.people import join, person_in, register

pytestmark = pytest.mark.django_db

FRIDAY = "Friday, November 27, 2026, 6:00 pm Mountain Time"


def reason(scheduled_class: ScheduledClass, person: str, now: dt.datetime = NOW) -> str:
    registration = person_in(scheduled_class, person)
    line = lines_of([scheduled_class.pk])[scheduled_class.pk]
    return why_no_offer(registration, line, now).replace("\N{NO-BREAK SPACE}", " ")


def add_seats(scheduled_class: ScheduledClass, capacity: int) -> None:
    seats.set_capacity(
        scheduled_class_id=scheduled_class.pk, capacity=capacity, actor=seats.SITE, now=NOW
    )


def test_while_no_seat_is_free_each_reads_who_comes_first() -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    register(scheduled_class, "silent")
    for person in ("first", "second", "third"):
        join(scheduled_class, person)
    assert reason(scheduled_class, "silent") == (
        f"The address has not answered yet; it has until {FRIDAY}."
    )
    assert reason(scheduled_class, "first") == (
        "No seat is free. They are next: nobody before them has answered."
    )
    assert reason(scheduled_class, "second") == (
        "No seat is free. 1 person before them comes first."
    )
    assert reason(scheduled_class, "third") == ("No seat is free. 2 people before them come first.")


def test_the_first_in_line_is_next() -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    join(scheduled_class, "first")
    assert reason(scheduled_class, "first") == "No seat is free. They are next."


def test_an_offer_and_a_held_seat_say_until_when() -> None:
    scheduled_class = make_class(capacity=1)
    register(scheduled_class, "new")
    join(scheduled_class, "waits")
    assert reason(scheduled_class, "new") == f"A seat is held until {FRIDAY}."
    add_seats(scheduled_class, 2)
    assert reason(scheduled_class, "waits") == f"An offer is out until {FRIDAY}."


def test_who_passed_on_the_free_seat_reads_so() -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    passes = join(scheduled_class, "passes")
    add_seats(scheduled_class, 2)
    seats.pass_on(registration=passes, now=NOW)
    assert reason(scheduled_class, "passes") == "They passed on the seat that is free."


def test_after_the_cut_off_staff_read_that_it_is_theirs_to_do() -> None:
    scheduled_class = make_class(capacity=1)
    sits = join(scheduled_class, "sits")
    join(scheduled_class, "waits")
    after = dt.datetime(2027, 1, 14, 9, tzinfo=DENVER)
    seats.leave(registration=sits, actor=seats.PERSON, now=after)
    assert reason(scheduled_class, "waits", after) == (
        "The cut-off was Thursday, January 14, 2027, 9:00 am Mountain Time: "
        "fill free seats by hand."
    )
    over = dt.datetime(2027, 1, 23, 17, tzinfo=DENVER)
    assert reason(scheduled_class, "waits", over) == "The class is over."


def test_a_free_seat_with_people_in_line_always_has_a_reason() -> None:
    scheduled_class = make_class(capacity=3)
    sits = [join(scheduled_class, f"sits-{number}") for number in range(3)]
    for person in ("a", "b"):
        join(scheduled_class, person)
    register(scheduled_class, "silent")
    for moment in (NOW, dt.datetime(2027, 1, 15, tzinfo=DENVER)):
        seats.leave(registration=sits.pop(), actor=seats.PERSON, now=moment)
        for registration in Registration.objects.in_line():
            assert reason(scheduled_class, registration.full_name.split()[1], moment)


@pytest.mark.parametrize("status", ["confirmed", "cancelled"])
def test_who_waits_for_nothing_needs_no_reason(status: str) -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, "a")
    if status == "cancelled":
        seats.leave(registration=person, actor=seats.PERSON, now=NOW)
    assert reason(scheduled_class, "a") == ""


def test_many_lines_cost_as_much_as_one() -> None:
    counts = []
    for classes in (1, 3):
        for number in range(classes):
            scheduled_class = make_class(capacity=1, taken=1)
            for person in range(number + 1):
                join(scheduled_class, person)
        keys = list(ScheduledClass.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as captured:
            lines_of(keys)
        counts.append(len(captured))
    assert counts == [2, 2]


def test_a_class_without_sessions_says_that_it_is_over() -> None:
    scheduled_class = make_class(capacity=1)
    sits = join(scheduled_class, "sits")
    join(scheduled_class, "waits")
    seats.leave(registration=sits, actor=seats.PERSON, now=dt.datetime(2027, 1, 15, tzinfo=DENVER))
    ClassSession.objects.all().delete()
    assert reason(scheduled_class, "waits") == "The class is over."
