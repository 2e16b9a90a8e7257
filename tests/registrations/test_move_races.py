"""Two people who change places, and others who come at the same moment."""

import collections
import threading
from functools import partial

import pytest
from django.db import OperationalError, connection

from courses.models import Seats
from registrations.models import Registration
from registrations.services import seats
from registrations.services.jobs import end_offers
from registrations.services.ledger import check_seats, locked
from tests.factories import NOW, make_class
from tests.registrations.at_once import at_once
from tests.registrations.people import join, person_in, register, statuses
from tests.registrations.test_races import ON_SQLITE, no_lock

__all__ = ["no_lock"]

pytestmark = pytest.mark.django_db(transaction=True)


def move(registration: Registration, to: int) -> None:
    seats.move(registration=registration, scheduled_class_id=to, actor=seats.PERSON, now=NOW)


def test_people_who_move_in_opposite_directions_never_wait_for_each_other() -> None:
    january, february = make_class(capacity=10), make_class(capacity=10)
    there = [join(january, f"j{n}") for n in range(5)]
    back = [join(february, f"f{n}") for n in range(5)]
    problems = at_once(
        [partial(move, person, february.pk) for person in there]
        + [partial(move, person, january.pk) for person in back]
    )
    assert problems == []
    assert check_seats() == []
    assert set(statuses(january)) == {f"person-f{n}" for n in range(5)}
    assert set(statuses(february)) == {f"person-j{n}" for n in range(5)}


def test_control_locks_taken_in_the_order_they_are_asked_for_do_wait_for_each_other() -> None:
    january, february = make_class(), make_class()
    both_hold_one = threading.Barrier(2)

    def in_this_order(first: int, second: int) -> None:
        with locked(first):
            both_hold_one.wait(timeout=2 if ON_SQLITE else 30)
            with locked(second):
                pass

    problems = at_once(
        [
            partial(in_this_order, january.pk, february.pk),
            partial(in_this_order, february.pk, january.pk),
        ]
    )
    if ON_SQLITE:  # one lock for all: the second never gets as far as holding one of its own
        assert {type(problem) for problem in problems} == {threading.BrokenBarrierError}
    else:
        assert [type(problem) for problem in problems] == [OperationalError]
        assert "deadlock" in str(problems[0])


def test_the_last_seat_goes_to_one_of_those_who_move_and_those_who_register() -> None:
    january, february = make_class(capacity=10), make_class(capacity=1, line_size=50)
    movers = [join(january, f"m{n}") for n in range(5)]
    problems = at_once(
        [partial(move, person, february.pk) for person in movers]
        + [partial(register, february, n) for n in range(5)]
    )
    assert {type(problem) for problem in problems} <= {seats.NotTaken}
    assert check_seats() == []
    assert Seats.objects.get(pk=february.pk).taken == 1
    counts = collections.Counter(statuses(february).values())
    assert counts["confirmed"] + counts["offered"] == 1


def one_offer_that_is_over() -> Registration:
    scheduled_class = make_class(capacity=1)
    register(scheduled_class, 1)
    return person_in(scheduled_class, 1)


@pytest.mark.usefixtures("no_lock")
def test_control_without_the_lock_an_offer_is_both_taken_and_ended() -> None:
    person = one_offer_that_is_over()
    end = person.answer_by
    assert end is not None
    problems = at_once(
        [partial(seats.answer, registration=person, now=NOW), partial(end_offers, end)]
    )
    both = set(person.events.values_list("to_status", flat=True)) >= {"confirmed", "lapsed"}
    assert both or {type(problem) for problem in problems} == {OperationalError}
    assert connection.vendor == "sqlite" or both
