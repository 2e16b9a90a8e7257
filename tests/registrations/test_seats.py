"""Every event of a registration, as the table of statuses has it."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from courses.models import ClassSession, ScheduledClass, Seats, State
from registrations.models import Registration, RegistrationEvent
from registrations.services import seats
from registrations.services.jobs import end_offers
from tests.factories import DENVER, NOW, make_answers, make_class
from tests.registrations.people import (
    join,
    letters_to,
    numbers,
    person_in,
    register,
    statuses,
)

pytestmark = pytest.mark.django_db

THIRD_DAY_6_PM = dt.datetime(2026, 11, 27, 18, tzinfo=DENVER)


def test_a_form_sent_while_seats_are_free_holds_one_until_6_pm_on_the_third_day() -> None:
    scheduled_class = make_class(capacity=2)
    register(scheduled_class, 1)
    person = person_in(scheduled_class, 1)
    assert (person.status, person.answer_by, person.proved_at) == ("offered", THIRD_DAY_6_PM, None)
    assert letters_to(person) == ["held"]
    assert numbers(scheduled_class) == (1, 1, 0)


def test_the_button_takes_the_seat_that_is_held() -> None:
    scheduled_class = make_class(capacity=1)
    person = join(scheduled_class, 1)
    assert (person.status, person.proved_at, person.answer_by) == ("confirmed", NOW, None)
    assert letters_to(person) == ["held", "confirmed"]
    assert numbers(scheduled_class) == (1, 0, 0)


def test_a_second_press_changes_nothing() -> None:
    scheduled_class = make_class(capacity=1)
    person = join(scheduled_class, 1)
    seats.answer(registration=person, now=NOW)
    assert letters_to(person) == ["held", "confirmed"]
    assert person.events.count() == 2


def test_a_form_sent_when_all_seats_are_taken_leads_into_the_line() -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    register(scheduled_class, 1)
    person = person_in(scheduled_class, 1)
    assert (person.status, person.proved_at, person.answer_by) == (
        "waitlisted",
        None,
        THIRD_DAY_6_PM,
    )
    assert letters_to(person) == ["line"]
    assert numbers(scheduled_class) == (1, 0, 1)


def test_the_button_keeps_the_place_in_line() -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    person = join(scheduled_class, 1)
    assert (person.status, person.proved_at, person.answer_by) == ("waitlisted", NOW, None)
    assert letters_to(person) == ["line", "waiting"]


def test_a_freed_seat_is_offered_to_the_first_in_line_who_has_answered() -> None:
    scheduled_class = make_class(capacity=1)
    seated = join(scheduled_class, 1)
    register(scheduled_class, "unanswered")
    join(scheduled_class, "first")
    join(scheduled_class, "second")
    seats.leave(registration=seated, actor=seats.PERSON, now=NOW)
    assert statuses(scheduled_class) == {
        "person-1": "cancelled",
        "person-unanswered": "waitlisted",
        "person-first": "offered",
        "person-second": "waitlisted",
    }
    assert letters_to(person_in(scheduled_class, "first")) == ["line", "waiting", "offered"]
    assert numbers(scheduled_class) == (1, 0, 2)


def test_a_newcomer_never_passes_someone_who_waits_even_one_who_has_not_answered_yet() -> None:
    scheduled_class = make_class(capacity=1)
    seated = join(scheduled_class, 1)
    register(scheduled_class, "waits")
    seats.leave(registration=seated, actor=seats.PERSON, now=NOW)
    register(scheduled_class, "newcomer")
    assert statuses(scheduled_class) == {
        "person-1": "cancelled",
        "person-waits": "waitlisted",
        "person-newcomer": "waitlisted",
    }
    assert numbers(scheduled_class) == (0, 0, 2)


def test_who_passes_keeps_the_place_and_the_seat_goes_to_the_next() -> None:
    scheduled_class = make_class(capacity=1)
    seated = join(scheduled_class, 1)
    first, second = join(scheduled_class, "first"), join(scheduled_class, "second")
    seats.leave(registration=seated, actor=seats.PERSON, now=NOW)
    seats.pass_on(registration=first, now=NOW)
    assert statuses(scheduled_class)["person-first"] == "waitlisted"
    assert statuses(scheduled_class)["person-second"] == "offered"
    seats.answer(registration=second, now=NOW)
    seats.leave(registration=second, actor=seats.PERSON, now=NOW)
    assert statuses(scheduled_class)["person-first"] == "offered", "the next seat is theirs again"


def test_a_seat_on_which_all_have_passed_is_open_to_newcomers() -> None:
    scheduled_class = make_class(capacity=1)
    seated = join(scheduled_class, 1)
    first = join(scheduled_class, "first")
    seats.leave(registration=seated, actor=seats.PERSON, now=NOW)
    seats.pass_on(registration=first, now=NOW)
    assert numbers(scheduled_class) == (0, 1, 1)
    register(scheduled_class, "newcomer")
    assert statuses(scheduled_class)["person-newcomer"] == "offered"
    assert statuses(scheduled_class)["person-first"] == "waitlisted"


def test_who_passed_on_a_seat_is_not_asked_about_it_again_when_a_newcomer_lets_it_go() -> None:
    scheduled_class = make_class(capacity=1)
    seated = join(scheduled_class, 1)
    first = join(scheduled_class, "first")
    seats.leave(registration=seated, actor=seats.PERSON, now=NOW)
    seats.pass_on(registration=first, now=NOW)
    register(scheduled_class, "newcomer")
    end_offers(THIRD_DAY_6_PM)
    assert statuses(scheduled_class)["person-newcomer"] == "lapsed"
    assert statuses(scheduled_class)["person-first"] == "waitlisted"
    assert numbers(scheduled_class) == (0, 1, 1)


def test_who_is_offered_one_seat_is_asked_about_another_after_passing_on_the_first() -> None:
    scheduled_class = make_class(capacity=2)
    one, two = join(scheduled_class, 1), join(scheduled_class, 2)
    first, second = join(scheduled_class, "first"), join(scheduled_class, "second")
    seats.leave(registration=one, actor=seats.PERSON, now=NOW)
    seats.leave(registration=two, actor=seats.PERSON, now=NOW)
    seats.pass_on(registration=second, now=NOW)
    assert numbers(scheduled_class) == (1, 1, 1)
    seats.pass_on(registration=first, now=NOW)
    assert statuses(scheduled_class)["person-first"] == "offered"
    assert person_in(scheduled_class, "first").seat_number == 2


def test_the_first_missed_offer_keeps_the_place_and_the_second_ends_it() -> None:
    scheduled_class = make_class(capacity=1)
    seated = join(scheduled_class, 1)
    join(scheduled_class, "first")
    seats.leave(registration=seated, actor=seats.PERSON, now=NOW)
    end_offers(THIRD_DAY_6_PM)
    person = person_in(scheduled_class, "first")
    assert (person.status, letters_to(person)[-1]) == ("waitlisted", "missed")
    seats.set_capacity(
        scheduled_class_id=scheduled_class.pk, capacity=2, actor=seats.SITE, now=THIRD_DAY_6_PM
    )
    assert statuses(scheduled_class)["person-first"] == "offered"
    end_offers(THIRD_DAY_6_PM + dt.timedelta(days=4))
    person = person_in(scheduled_class, "first")
    assert (person.status, letters_to(person)[-1]) == ("lapsed", "lapsed")


def test_who_never_answers_loses_the_seat_at_the_moment_that_was_said_and_not_before() -> None:
    scheduled_class = make_class(capacity=1)
    register(scheduled_class, 1)
    end_offers(THIRD_DAY_6_PM - dt.timedelta(seconds=1))
    assert statuses(scheduled_class) == {"person-1": "offered"}
    end_offers(THIRD_DAY_6_PM)
    assert statuses(scheduled_class) == {"person-1": "lapsed"}
    assert numbers(scheduled_class) == (0, 1, 0)


def test_who_never_answers_loses_the_place_in_line() -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    register(scheduled_class, 1)
    end_offers(THIRD_DAY_6_PM)
    assert statuses(scheduled_class)["person-1"] == "lapsed"
    assert numbers(scheduled_class) == (1, 0, 0)


def test_a_press_after_the_end_does_not_take_the_seat() -> None:
    scheduled_class = make_class(capacity=1)
    register(scheduled_class, 1)
    seats.answer(registration=person_in(scheduled_class, 1), now=THIRD_DAY_6_PM)
    assert statuses(scheduled_class) == {"person-1": "lapsed"}


def test_one_press_after_the_end_takes_an_open_seat() -> None:
    scheduled_class = make_class(capacity=1)
    register(scheduled_class, 1)
    end_offers(THIRD_DAY_6_PM)
    seats.rejoin(registration=person_in(scheduled_class, 1), now=THIRD_DAY_6_PM)
    assert statuses(scheduled_class) == {"person-1": "confirmed"}


def test_one_press_after_the_end_leads_to_the_end_of_the_line() -> None:
    scheduled_class = make_class(capacity=1)
    register(scheduled_class, "late")
    end_offers(THIRD_DAY_6_PM)
    join(scheduled_class, 1, THIRD_DAY_6_PM)
    join(scheduled_class, "first", THIRD_DAY_6_PM)
    seats.rejoin(registration=person_in(scheduled_class, "late"), now=THIRD_DAY_6_PM)
    late = person_in(scheduled_class, "late")
    assert (late.status, late.proved_at) == ("waitlisted", THIRD_DAY_6_PM)
    first = person_in(scheduled_class, "first")
    assert first.place is not None and late.place is not None  # noqa: PT018  # for the types
    assert late.place > first.place


def test_leaving_is_possible_while_an_offer_is_open_and_frees_the_seat_for_the_next() -> None:
    scheduled_class = make_class(capacity=1)
    seated = join(scheduled_class, 1)
    first = join(scheduled_class, "first")
    join(scheduled_class, "second")
    seats.leave(registration=seated, actor=seats.PERSON, now=NOW)
    seats.leave(registration=first, actor=seats.PERSON, now=NOW)
    assert statuses(scheduled_class)["person-first"] == "declined"
    assert statuses(scheduled_class)["person-second"] == "offered"


AFTER = dt.datetime(2027, 1, 24, tzinfo=DENVER)


def test_when_the_class_is_over_nobody_gives_up_or_moves_a_seat_that_was_theirs() -> None:
    scheduled_class, another = make_class(), make_class()
    ClassSession.objects.filter(scheduled_class=another).update(
        starts_at=AFTER + dt.timedelta(days=30), ends_at=AFTER + dt.timedelta(days=31)
    )
    person = join(scheduled_class, 1)
    seats.leave(registration=person, actor=seats.PERSON, now=AFTER)
    with pytest.raises(seats.NotTaken):
        seats.move(
            registration=person, scheduled_class_id=another.pk, actor=seats.PERSON, now=AFTER
        )
    assert statuses(scheduled_class) == {"person-1": "confirmed"}


def test_raising_capacity_offers_every_new_seat() -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    for person in (1, 2, 3):
        join(scheduled_class, person)
    seats.set_capacity(scheduled_class_id=scheduled_class.pk, capacity=3, actor=seats.SITE, now=NOW)
    assert [person_in(scheduled_class, person).status for person in (1, 2, 3)] == [
        "offered",
        "offered",
        "waitlisted",
    ]
    assert numbers(scheduled_class) == (3, 0, 1)


def test_capacity_below_the_seats_taken_is_refused_and_changes_nothing() -> None:
    scheduled_class = make_class(capacity=3, taken=2)
    with pytest.raises(seats.CapacityBelowTaken) as refusal:
        seats.set_capacity(
            scheduled_class_id=scheduled_class.pk, capacity=1, actor=seats.SITE, now=NOW
        )
    assert refusal.value.taken == 2
    assert Seats.objects.get(pk=scheduled_class.pk).capacity == 3


def test_after_the_cut_off_a_freed_seat_is_left_for_staff() -> None:
    scheduled_class = make_class(capacity=1)
    seated = join(scheduled_class, 1)
    join(scheduled_class, "first")
    two_days_before = dt.datetime(2027, 1, 14, 9, tzinfo=DENVER)
    seats.leave(registration=seated, actor=seats.PERSON, now=two_days_before)
    assert statuses(scheduled_class)["person-first"] == "waitlisted"
    assert numbers(scheduled_class) == (0, 0, 1)


AFTER_CUT_OFF = dt.datetime(2027, 1, 14, 9, tzinfo=DENVER)
BY_STAFF = seats.Actor(RegistrationEvent.By.STAFF)


def free_seat_after_the_cut_off(*waiting: str) -> ScheduledClass:
    """A class of one seat, given up two days before the start, with these people in line."""
    scheduled_class = make_class(capacity=1)
    sits = join(scheduled_class, "sits")
    for person in waiting:
        join(scheduled_class, person)
    seats.leave(registration=sits, actor=seats.PERSON, now=AFTER_CUT_OFF)
    return scheduled_class


def test_after_the_cut_off_staff_give_a_free_seat_to_whom_they_reach() -> None:
    scheduled_class = free_seat_after_the_cut_off("first", "second")
    second = person_in(scheduled_class, "second")
    seats.give_seat(registration=second, actor=BY_STAFF, now=AFTER_CUT_OFF)
    assert statuses(scheduled_class) == {
        "person-sits": "cancelled",
        "person-first": "waitlisted",
        "person-second": "confirmed",
    }
    assert numbers(scheduled_class) == (1, 0, 1)
    assert letters_to(second)[-1] == "confirmed"
    event = second.events.latest("pk")
    assert (event.from_status, event.to_status, event.by) == ("waitlisted", "confirmed", "staff")


def test_staff_give_no_seat_that_is_not_free() -> None:
    scheduled_class = free_seat_after_the_cut_off("first", "second")
    first, second = (person_in(scheduled_class, name) for name in ("first", "second"))
    seats.give_seat(registration=first, actor=BY_STAFF, now=AFTER_CUT_OFF)
    with pytest.raises(seats.NoFreeSeat):
        seats.give_seat(registration=second, actor=BY_STAFF, now=AFTER_CUT_OFF)
    with pytest.raises(seats.NotInLine):
        seats.give_seat(registration=first, actor=BY_STAFF, now=AFTER_CUT_OFF)
    assert numbers(scheduled_class) == (1, 0, 1)


def test_staff_give_no_seat_to_an_address_that_has_not_answered() -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    register(scheduled_class, "silent")
    seats.set_capacity(scheduled_class_id=scheduled_class.pk, capacity=2, actor=BY_STAFF, now=NOW)
    with pytest.raises(seats.HasNotAnswered):
        seats.give_seat(registration=person_in(scheduled_class, "silent"), actor=BY_STAFF, now=NOW)
    assert numbers(scheduled_class) == (1, 0, 1)


def test_staff_give_no_seat_in_a_class_that_is_over() -> None:
    scheduled_class = free_seat_after_the_cut_off("waits")
    over = dt.datetime(2027, 1, 23, 17, tzinfo=DENVER)
    with pytest.raises(seats.NotTaken):
        seats.give_seat(registration=person_in(scheduled_class, "waits"), actor=BY_STAFF, now=over)


def test_staff_who_add_someone_give_an_open_seat_or_a_place_that_is_theirs_at_once() -> None:
    scheduled_class = make_class(capacity=1)
    actor = seats.Actor.staff(User.objects.create(username="sam"))
    for person in (1, 2):
        seats.add_by_staff(
            scheduled_class_id=scheduled_class.pk,
            answers=make_answers(person),
            actor=actor,
            now=NOW,
        )
    assert statuses(scheduled_class) == {"person-1": "confirmed", "person-2": "waitlisted"}
    assert person_in(scheduled_class, 2).proved_at == NOW
    event = RegistrationEvent.objects.get(registration=person_in(scheduled_class, 1))
    assert (event.by, event.by_user) == ("staff", actor.user)


def test_staff_cannot_add_someone_to_a_class_that_is_cancelled() -> None:
    scheduled_class = make_class(status="cancelled", cancelled_at=NOW)
    with pytest.raises(seats.NotTaken):
        seats.add_by_staff(
            scheduled_class_id=scheduled_class.pk,
            answers=make_answers(1),
            actor=seats.SITE,
            now=NOW,
        )
    assert statuses(scheduled_class) == {}


def test_staff_cannot_add_an_address_twice() -> None:
    scheduled_class = make_class(capacity=2)
    register(scheduled_class, 1)
    with pytest.raises(seats.AlreadyRegistered):
        seats.add_by_staff(
            scheduled_class_id=scheduled_class.pk,
            answers=make_answers(1, email=" PERSON-1@peers.test "),
            actor=seats.SITE,
            now=NOW,
        )
    assert statuses(scheduled_class) == {"person-1": "offered"}


def test_the_same_address_in_another_case_gets_a_letter_and_nothing_else_changes() -> None:
    scheduled_class = make_class(capacity=2)
    person = join(scheduled_class, 1)
    later = NOW + dt.timedelta(hours=1)
    seats.register(
        scheduled_class_id=scheduled_class.pk,
        answers=make_answers(1, email="Person-1@PEERS.test", full_name="Someone Else"),
        now=later,
    )
    assert Registration.objects.count() == 1
    assert (person_in(scheduled_class, 1).full_name, person.status) == ("Person 1", "confirmed")
    assert letters_to(person) == ["held", "confirmed", "again"]


def test_a_second_click_on_the_last_button_writes_one_letter() -> None:
    scheduled_class = make_class(capacity=2)
    register(scheduled_class, 1)
    register(scheduled_class, 1, NOW + dt.timedelta(seconds=5))
    assert letters_to(person_in(scheduled_class, 1)) == ["held"]


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"registration_closes_at": NOW}, State.CLOSED),
        ({"registration_opens_at": NOW + dt.timedelta(seconds=1)}, State.NOT_YET_OPEN),
        ({"status": ScheduledClass.Status.CANCELLED}, State.CANCELLED),
        ({"line_size": 0, "capacity": 0}, State.LINE_FULL),
    ],
)
def test_a_class_that_takes_nobody_refuses_and_keeps_no_row(
    fields: dict[str, Any], state: State
) -> None:
    scheduled_class = make_class(**fields)
    with pytest.raises(seats.NotTaken) as refusal:
        register(scheduled_class, 1)
    assert refusal.value.state == state
    assert Registration.objects.count() == 0


def test_the_line_has_an_end() -> None:
    scheduled_class = make_class(capacity=1, taken=1, line_size=2)
    register(scheduled_class, 1)
    register(scheduled_class, 2)
    with pytest.raises(seats.NotTaken):
        register(scheduled_class, 3)


def test_a_cancelled_class_cancels_and_tells_everybody() -> None:
    scheduled_class = make_class(capacity=1)
    join(scheduled_class, "seated")
    join(scheduled_class, "waits")
    told = seats.cancel_for_class(scheduled_class_id=scheduled_class.pk, actor=seats.SITE, now=NOW)
    assert told == 2
    assert statuses(scheduled_class) == {"person-seated": "cancelled", "person-waits": "cancelled"}
    assert letters_to(person_in(scheduled_class, "waits"))[-1] == "class_cancelled"
    assert numbers(scheduled_class) == (0, 1, 0)


def test_history_cannot_be_rewritten() -> None:
    scheduled_class = make_class(capacity=1)
    event = join(scheduled_class, 1).events.earliest("pk")
    event.why = "something else"
    with pytest.raises(TypeError, match="append-only"):
        event.save()


def test_history_tells_the_way_of_a_registration() -> None:
    scheduled_class = make_class(capacity=1)
    person = join(scheduled_class, 1)
    seats.leave(registration=person, actor=seats.PERSON, now=NOW)
    assert list(person.events.values_list("from_status", "to_status", "by")) == [
        ("", "offered", "person"),
        ("offered", "confirmed", "person"),
        ("confirmed", "cancelled", "person"),
    ]


def test_the_database_itself_refuses_more_seats_taken_than_there_are() -> None:
    scheduled_class = make_class(capacity=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seats.objects.filter(pk=scheduled_class.pk).update(taken=2, open=0)


def test_the_database_itself_refuses_a_second_live_registration_of_an_address() -> None:
    scheduled_class = make_class(capacity=2)
    register(scheduled_class, 1)
    copy = person_in(scheduled_class, 1)
    copy.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.parametrize(
    ("hours_before", "expected"),
    [
        (24 * 10, dt.datetime(2027, 1, 9, 18, tzinfo=DENVER)),
        (24 * 3, dt.datetime(2027, 1, 15, 9, tzinfo=DENVER)),
        (30, dt.datetime(2027, 1, 16, 9, tzinfo=DENVER)),
        (2, dt.datetime(2027, 1, 16, 9, tzinfo=DENVER)),
    ],
)
def test_near_the_start_a_seat_is_held_for_less(hours_before: int, expected: dt.datetime) -> None:
    scheduled_class = make_class(capacity=1)
    now = dt.datetime(2027, 1, 16, 9, tzinfo=DENVER) - dt.timedelta(hours=hours_before)
    register(scheduled_class, 1, now)
    assert person_in(scheduled_class, 1).answer_by == expected
