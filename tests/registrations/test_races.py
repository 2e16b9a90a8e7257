"""Two and more people at once, on the database of the run.

Each race has a negative control: the same race without what protects it, in which things do go
wrong.
"""

import collections
import time
from collections.abc import Generator
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, models

from courses.models import ScheduledClass, Seats
from registrations.models import Letter, Registration, RegistrationEvent
from registrations.services import seats
from registrations.services.jobs import end_offers
from registrations.services.ledger import check_seats
from tests.factories import NOW, make_class
from tests.registrations.at_once import at_once, wait_for_all
from tests.registrations.people import join, person_in, register, statuses

pytestmark = pytest.mark.django_db(transaction=True)

ON_SQLITE = connection.vendor == "sqlite"
THIRTY = range(1, 31)


def thirty_after_the_last_seat() -> tuple[ScheduledClass, list[Exception]]:
    scheduled_class = make_class(capacity=1, line_size=50)
    return scheduled_class, at_once(partial(register, scheduled_class, n) for n in THIRTY)


def test_thirty_people_after_the_last_seat_leave_one_holding_it_and_29_in_line() -> None:
    scheduled_class, problems = thirty_after_the_last_seat()
    assert problems == []
    assert collections.Counter(statuses(scheduled_class).values()) == {
        "offered": 1,
        "waitlisted": 29,
    }
    assert check_seats() == []
    assert Letter.objects.count() == 30


def test_the_order_in_line_is_the_order_of_the_lock() -> None:
    """History is written under the lock, so its order is the lock's."""
    scheduled_class, _ = thirty_after_the_last_seat()
    in_line = Registration.objects.filter(scheduled_class=scheduled_class).in_line()
    by_place = list(in_line.values_list("pk", flat=True))
    by_history = list(
        RegistrationEvent.objects.filter(to_status="waitlisted")
        .order_by("pk")
        .values_list("registration_id", flat=True)
    )
    assert by_place == by_history
    assert list(in_line.values_list("place", flat=True)) == list(range(1, 30))


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """The same code without the lock.

    On PostgreSQL without FOR UPDATE and the CHECK, on SQLite with transactions that take the
    write lock only when they write.
    """
    if ON_SQLITE:
        options = connections.settings["default"]["OPTIONS"]
        monkeypatch.setitem(options, "transaction_mode", "DEFERRED")
        monkeypatch.setitem(options, "timeout", 0.2)
        yield
        return
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda rows, **_: slowly(rows))
    checks = list(Seats._meta.constraints)
    with connection.schema_editor() as editor:
        for check in checks:
            editor.remove_constraint(Seats, check)
    yield
    Seats.objects.update(taken=0, open=0)
    with connection.schema_editor() as editor:
        for check in checks:
            editor.add_constraint(Seats, check)


def slowly(rows: Any) -> Any:
    """Everybody has read the number before anybody writes it."""

    class Slow(type(rows)):  # type: ignore[misc]
        def get(self, *args: Any, **kwargs: Any) -> Any:
            found = super().get(*args, **kwargs)
            wait_for_all()
            return found

    rows.__class__ = Slow
    return rows


@pytest.mark.usefixtures("no_lock")
def test_control_without_the_lock_thirty_people_do_not_leave_one_holding_the_seat() -> None:
    scheduled_class, problems = thirty_after_the_last_seat()
    counts = collections.Counter(statuses(scheduled_class).values())
    if ON_SQLITE:
        assert {type(problem) for problem in problems} == {OperationalError}
    else:
        assert counts["offered"] > 1, "oversold, since nothing stood in the way"


def test_the_same_address_twice_at_once_leaves_one_registration() -> None:
    scheduled_class = make_class(capacity=5)
    problems = at_once(partial(register, scheduled_class, "same") for _ in range(8))
    assert problems == []
    assert statuses(scheduled_class) == {"person-same": "offered"}
    assert check_seats() == []


@pytest.mark.usefixtures("no_lock")
def test_control_without_the_lock_the_same_address_twice_at_once_is_an_error() -> None:
    scheduled_class = make_class(capacity=5)
    problems = at_once(partial(register, scheduled_class, "same") for _ in range(8))
    # PostgreSQL may also find that two wait for each other.
    expected = OperationalError if ON_SQLITE else IntegrityError
    assert expected in {type(problem) for problem in problems}


def save_the_title(scheduled_class: ScheduledClass) -> None:
    """What a form in the admin does: read the whole row, think, write the whole row."""
    edited = ScheduledClass.objects.select_related("seats").get(pk=scheduled_class.pk)
    time.sleep(0.05)
    edited.cost = "Free, with lunch"
    edited.save()


def test_staff_saving_an_edited_class_while_people_register_leaves_the_number_true() -> None:
    scheduled_class = make_class(capacity=10)
    people = [partial(register, scheduled_class, n) for n in range(1, 11)]
    problems = at_once([*people, *[partial(save_the_title, scheduled_class)] * 5])
    assert problems == []
    assert Seats.objects.get(pk=scheduled_class.pk).taken == 10
    assert check_seats() == []
    assert ScheduledClass.objects.get(pk=scheduled_class.pk).cost == "Free, with lunch"


def test_control_a_number_in_a_row_that_staff_save_whole_becomes_false() -> None:
    """Why Seats is a row of its own: saved whole after an edit, it writes back what it read."""
    scheduled_class = make_class(capacity=10)

    def save_the_seats_whole() -> None:
        row = Seats.objects.get(pk=scheduled_class.pk)
        time.sleep(0.5)
        row.save()

    people = [partial(register, scheduled_class, n) for n in range(1, 6)]
    at_once([*people, save_the_seats_whole])
    assert check_seats() != []


def test_two_people_cancel_while_others_register_and_every_seat_is_accounted_for() -> None:
    scheduled_class = make_class(capacity=2, line_size=50)
    seated = [join(scheduled_class, f"seated-{n}") for n in (1, 2)]
    for n in (1, 2, 3):
        join(scheduled_class, f"waits-{n}")
    leaving = [
        partial(seats.leave, registration=person, actor=seats.PERSON, now=NOW) for person in seated
    ]
    problems = at_once([*leaving, *[partial(register, scheduled_class, n) for n in range(1, 11)]])
    assert problems == []
    assert check_seats() == []
    now = statuses(scheduled_class)
    assert (now["person-waits-1"], now["person-waits-2"]) == ("offered", "offered")
    assert {now[f"person-{n}"] for n in range(1, 11)} == {"waitlisted"}


def test_taking_a_seat_against_the_end_of_the_offer_has_one_winner() -> None:
    scheduled_class = make_class(capacity=1)
    register(scheduled_class, 1)
    person = person_in(scheduled_class, 1)
    end = person.answer_by
    assert end is not None
    problems = at_once(
        [
            partial(seats.answer, registration=person, now=NOW),
            partial(end_offers, end),
        ]
    )
    assert problems == []
    assert check_seats() == []
    assert person.events.count() == 2, "it is taken or it has lapsed, not both"


def test_lowering_capacity_against_a_registration_never_oversells() -> None:
    scheduled_class = make_class(capacity=5)

    def lower() -> None:
        seats.set_capacity(
            scheduled_class_id=scheduled_class.pk, capacity=2, actor=seats.SITE, now=NOW
        )

    people = [partial(register, scheduled_class, n) for n in range(1, 6)]
    problems = at_once([lower, *people])
    assert {type(problem) for problem in problems} <= {seats.CapacityBelowTaken}
    assert check_seats() == []


@pytest.mark.usefixtures("no_lock")
def test_control_without_the_lock_those_who_cancel_free_their_seats_for_one_and_the_same() -> None:
    eight = range(8)
    scheduled_class = make_class(capacity=8, line_size=50)
    seated = [join(scheduled_class, f"seated-{n}") for n in eight]
    for n in eight:
        join(scheduled_class, f"waits-{n}")
    problems = at_once(
        partial(seats.leave, registration=person, actor=seats.PERSON, now=NOW) for person in seated
    )
    if ON_SQLITE:
        assert {type(problem) for problem in problems} == {OperationalError}
    else:
        assert problems != [] or check_seats() != []


@pytest.mark.usefixtures("no_lock")
def test_control_without_the_lock_lowering_capacity_against_registrations_oversells() -> None:
    scheduled_class = make_class(capacity=5)

    def lower() -> None:
        seats.set_capacity(
            scheduled_class_id=scheduled_class.pk, capacity=2, actor=seats.SITE, now=NOW
        )

    problems = at_once([lower, *[partial(register, scheduled_class, n) for n in range(1, 6)]])
    if ON_SQLITE:
        assert {type(problem) for problem in problems} == {OperationalError}
    else:
        row = Seats.objects.get(pk=scheduled_class.pk)
        assert row.taken > row.capacity
