"""Random sequences of everything that can happen to two classes, with the clock moving.

After every step the promises of the line are looked at as a suspicious person would: by the rows
alone, without asking the code that wrote them.
"""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Max
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from courses.models import ScheduledClass, Seats
from registrations import standing
from registrations.models import Letter, Registration, RegistrationEvent
from registrations.services import reminders, scheduling, seats
from registrations.services.class_changes import Snapshot, tell_changes
from registrations.services.jobs import end_offers
from registrations.services.ledger import check_seats
from tests.factories import NOW, make_answers, make_class

Status = Registration.Status

people = st.integers(1, 7)
which = st.integers(0, 1)
REFUSALS = (
    seats.NotTaken,
    seats.AlreadyRegistered,
    seats.CapacityBelowTaken,
    seats.NoFreeSeat,
    seats.NotInLine,
    seats.HasNotAnswered,
)


class Life(RuleBasedStateMachine):
    """Two small classes of one course, seven people, and staff."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = NOW
        self.classes = [make_class(capacity=2, line_size=4), make_class(capacity=1, line_size=4)]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def act(self, service: Any, **arguments: Any) -> None:
        """A service with the present moment; a refusal is an answer like another."""
        self.now += dt.timedelta(seconds=1)
        try:
            with transaction.atomic():
                service(now=self.now, **arguments)
        except REFUSALS:
            pass

    def registration(self, person: int, where: int) -> Registration | None:
        email = make_answers(person).email
        rows = Registration.objects.filter(email=email, scheduled_class=self.classes[where])
        return rows.order_by("pk").last()

    def act_for(self, person: int, where: int, service: Any, **arguments: Any) -> None:
        registration = self.registration(person, where)
        if registration:
            self.act(service, registration=registration, **arguments)

    @rule(person=people, where=which)
    def send_the_form(self, person: int, where: int) -> None:
        self.act(
            seats.register,
            scheduled_class_id=self.classes[where].pk,
            answers=make_answers(person),
        )

    @rule(person=people, where=which)
    def press_the_button(self, person: int, where: int) -> None:
        self.act_for(person, where, seats.answer)

    @rule(person=people, where=which)
    def register_and_press(self, person: int, where: int) -> None:
        self.send_the_form(person, where)
        self.press_the_button(person, where)

    @rule(person=people, where=which)
    def pass_on_it(self, person: int, where: int) -> None:
        self.act_for(person, where, seats.pass_on)

    @rule(person=people, where=which)
    def leave(self, person: int, where: int) -> None:
        self.act_for(person, where, seats.leave, actor=seats.PERSON)

    @rule(person=people, where=which)
    def come_back(self, person: int, where: int) -> None:
        self.act_for(person, where, seats.rejoin)

    @rule(person=people, where=which)
    def move(self, person: int, where: int) -> None:
        other = self.classes[1 - where].pk
        self.act_for(person, where, seats.move, scheduled_class_id=other, actor=seats.PERSON)

    @rule(person=people, where=which)
    def staff_add(self, person: int, where: int) -> None:
        self.act(
            seats.add_by_staff,
            scheduled_class_id=self.classes[where].pk,
            answers=make_answers(person),
            actor=seats.Actor(RegistrationEvent.By.STAFF),
        )

    @rule(person=people, where=which)
    def staff_give_a_free_seat(self, person: int, where: int) -> None:
        staff = seats.Actor(RegistrationEvent.By.STAFF)
        self.act_for(person, where, seats.give_seat, actor=staff)

    @rule(where=which, days=st.sampled_from([-7, 7]))
    def the_first_day_moves(self, where: int, days: int) -> None:
        """As the admin does it: save the session, then tell what has changed."""
        scheduled_class = self.classes[where]
        meeting = scheduled_class.class_sessions.order_by("starts_at").first()
        if meeting is None or scheduled_class.status == ScheduledClass.Status.CANCELLED:
            return
        before = Snapshot.of(scheduled_class)
        meeting.starts_at += dt.timedelta(days=days)
        meeting.ends_at += dt.timedelta(days=days)
        meeting.save()
        self.act(tell_changes, scheduled_class=scheduled_class, before=before)

    @rule(where=which, capacity=st.integers(0, 4))
    def change_capacity(self, where: int, capacity: int) -> None:
        self.act(
            seats.set_capacity,
            scheduled_class_id=self.classes[where].pk,
            capacity=capacity,
            actor=seats.SITE,
        )

    @rule(where=which, sure=st.integers(1, 8))
    def cancel_the_class(self, where: int, sure: int) -> None:
        if sure == 1:
            self.act(
                scheduling.cancel_class,
                scheduled_class=self.classes[where],
                actor=seats.SITE,
            )

    @rule(hours=st.sampled_from([1, 5, 26, 80, 24 * 14, 24 * 40]))
    def time_passes(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)
        self.act(end_offers)
        self.act(reminders.owe_reminders)
        self.act(reminders.ask_for_answers)

    @invariant()
    def numbers_are_counts(self) -> None:
        assert check_seats() == []
        for row in Seats.objects.all():
            assert 0 <= row.taken <= row.capacity
            assert row.open <= row.free
            assert len(row.freed) == len(set(row.freed))

    @invariant()
    def an_address_has_one_live_registration_in_a_class(self) -> None:
        live = list(Registration.objects.live().values_list("scheduled_class", "email_key"))
        assert len(live) == len(set(live))

    @invariant()
    def each_turn_owes_exactly_its_letter(self) -> None:
        for registration in Registration.objects.prefetch_related("letters"):
            turns = [letter.turn for letter in registration.letters.all() if letter.turn > 0]
            assert sorted(turns) == list(range(1, registration.turn + 1))

    @invariant()
    def a_change_of_status_has_its_row_of_history(self) -> None:
        for registration in Registration.objects.prefetch_related("events"):
            events = [(event.from_status, event.to_status) for event in registration.events.all()]
            assert events[0][0] == ""
            assert events[-1][1] == registration.status
            assert all(before[1] == after[0] for before, after in pairwise(events))

    @invariant()
    def no_seat_stays_free_while_someone_who_answered_still_wants_it(self) -> None:
        for row in Seats.objects.select_related("scheduled_class"):
            waiting = in_line(row.scheduled_class)
            if not row.free or self.is_after_the_cut_off(row.scheduled_class):
                continue
            for person in waiting:
                assert not person.proved_at or set(row.freed) <= set(person.passed_seats)

    @invariant()
    def who_waits_while_a_seat_is_free_has_a_stated_reason(self) -> None:
        lines = standing.lines_of(scheduled_class.pk for scheduled_class in self.classes)
        for scheduled_class in self.classes:
            line = lines[scheduled_class.pk]
            for person in in_line(scheduled_class) if line.free else []:
                assert standing.why_no_offer(person, line, self.now)

    @invariant()
    def nobody_who_waits_was_passed_against_the_rule(self) -> None:
        for scheduled_class in self.classes:
            waiting = in_line(scheduled_class)
            for seated in in_order(scheduled_class).filter(status=Status.OFFERED):
                for person in waiting:
                    came_first = person.last_event < seated.last_event
                    if seated.place is None:
                        wrongly = came_first and seated.seat_number not in person.passed_seats
                    else:
                        wrongly = (
                            came_first
                            and person.proved_at is not None
                            and (person.place or 0) < seated.place
                            and seated.seat_number not in person.passed_seats
                        )
                    assert not wrongly, (seated, person)

    @invariant()
    def a_cancelled_class_holds_nobody(self) -> None:
        cancelled = Registration.objects.filter(scheduled_class__status="cancelled")
        assert not cancelled.live().exists()

    def is_after_the_cut_off(self, scheduled_class: ScheduledClass) -> bool:
        starts_at = scheduled_class.starts_at
        return starts_at is None or self.now >= starts_at - dt.timedelta(days=2)


def in_order(scheduled_class: ScheduledClass) -> Any:
    """The class's registrations; `last_event` says in which order things happened to them."""
    rows = Registration.objects.filter(scheduled_class=scheduled_class)
    return rows.annotate(last_event=Max("events__pk"))


def in_line(scheduled_class: ScheduledClass) -> list[Any]:
    return list(in_order(scheduled_class).in_line())


def live(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_whatever_happens_the_promises_of_the_line_hold() -> None:
    live(examples=5, steps=25)
    assert Letter.objects.count() == 0, "each life was rolled back"


@pytest.mark.prove
@pytest.mark.django_db
def test_whatever_happens_for_long_the_promises_of_the_line_hold() -> None:
    live(examples=150, steps=40)
