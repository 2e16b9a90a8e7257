"""Letters that a date calls for."""

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.core import mail

from courses.models import ClassSession, ScheduledClass
from registrations.models import Letter, Registration
from registrations.services.delivery import deliver_due
from registrations.services.reminders import ask_for_answers, owe_reminders
from tests.factories import DENVER, NOW, make_class, make_meeting
from tests.registrations.at_once import at_once
from tests.registrations.people import join, person_in, register

pytestmark = pytest.mark.django_db


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=DENVER)


def reminded(person: Registration) -> list[str]:
    kinds = person.letters.filter(kind__in=["week", "day", "morning"]).order_by("pk")
    return list(kinds.values_list("kind", flat=True))


def live_through(*moments: str) -> None:
    for moment in moments:
        owe_reminders(at(moment))


def test_who_has_a_seat_is_reminded_7_days_before_1_day_before_and_each_morning() -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    moments = {
        "2027-01-09T08:59": [],
        "2027-01-09T09:00": ["week"],
        "2027-01-09T10:00": ["week"],
        "2027-01-15T08:59": ["week"],
        "2027-01-15T09:00": ["week", "day"],
        "2027-01-16T06:59": ["week", "day"],
        "2027-01-16T07:00": ["week", "day", "morning"],
        "2027-01-22T09:00": ["week", "day", "morning"],
        "2027-01-23T07:00": ["week", "day", "morning", "morning"],
        "2027-01-23T20:00": ["week", "day", "morning", "morning"],
    }
    for moment, expected in moments.items():
        owe_reminders(at(moment))
        assert reminded(person) == expected, moment


def test_hours_are_counted_on_the_clock_of_the_class() -> None:
    scheduled_class = make_class(time_zone="America/New_York")
    person = join(scheduled_class, 1)
    owe_reminders(at("2027-01-09T07:00"))
    assert reminded(person) == ["week"], "7 am in Denver is 9 am in New York"


def test_nobody_without_a_seat_is_reminded() -> None:
    scheduled_class = make_class(capacity=1)
    join(scheduled_class, "seated")
    waits = join(scheduled_class, "waits")
    register(scheduled_class, "unanswered")
    live_through("2027-01-09T09:00", "2027-01-15T09:00", "2027-01-16T07:00")
    assert reminded(waits) == []
    assert reminded(person_in(scheduled_class, "unanswered")) == []


def test_a_cancelled_class_reminds_nobody() -> None:
    person = join(make_class(), 1)
    ScheduledClass.objects.update(status="cancelled", cancelled_at=NOW)
    live_through("2027-01-09T09:00", "2027-01-16T07:00")
    assert reminded(person) == []


def test_a_session_that_moves_takes_its_reminders_along() -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    live_through("2027-01-09T09:00", "2027-01-15T09:00")
    assert reminded(person) == ["week", "day"]
    first = ClassSession.objects.earliest("starts_at")
    week = dt.timedelta(days=7)
    ClassSession.objects.all().delete()
    make_meeting(scheduled_class, first.starts_at.date() + week)
    live_through("2027-01-16T07:00")
    assert reminded(person) == ["week", "day"]
    live_through("2027-01-16T09:00", "2027-01-22T09:00", "2027-01-23T07:00")
    assert reminded(person) == ["week", "day", "week", "day", "morning"]


def test_who_comes_late_gets_only_what_is_still_to_come() -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1, at("2027-01-12T12:00"))
    live_through("2027-01-12T12:01", "2027-01-15T09:00", "2027-01-16T07:00")
    assert reminded(person) == ["day", "morning"]


def test_the_mornings_mail_alone_holds_the_join_link() -> None:
    scheduled_class = make_class(join_link="https://meet.example.org/room")
    join(scheduled_class, 1)
    live_through("2027-01-09T09:00", "2027-01-15T09:00", "2027-01-16T07:00")
    for moment in (at("2027-01-15T09:01"), at("2027-01-16T07:01")):
        deliver_due(clock=partial(dt.datetime.fromisoformat, moment.isoformat()))
    with_link = ["https://meet.example.org/room" in str(message.body) for message in mail.outbox]
    assert with_link.count(True) == 1
    assert "Day 1 is Saturday, January 16, 2027" in str(mail.outbox[-1].body)


def test_a_reminder_that_could_not_go_out_in_time_does_not_go_out_later() -> None:
    join(make_class(), 1)
    owe_reminders(at("2027-01-16T07:00"))
    deliver_due(clock=lambda: at("2027-01-16T09:00"))
    assert Letter.objects.get(kind="morning").state == "superseded"


def test_an_answer_that_is_due_tomorrow_is_asked_for_once_more() -> None:
    scheduled_class = make_class()
    register(scheduled_class, 1)
    person = person_in(scheduled_class, 1)
    for moment in (
        "2026-11-26T17:59",
        "2026-11-26T18:00",
        "2026-11-26T19:00",
        "2026-11-27T18:00",
    ):
        ask_for_answers(at(moment))
    kinds = list(person.letters.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["held", "answer_soon"]


def test_who_has_answered_is_asked_no_more() -> None:
    person = join(make_class(), 1)
    ask_for_answers(at("2026-11-26T18:00"))
    assert not person.letters.filter(kind="answer_soon").exists()


def test_who_was_asked_just_now_is_not_asked_again_at_once() -> None:
    scheduled_class = make_class()
    late = at("2027-01-15T20:00")
    register(scheduled_class, 1, late)
    ask_for_answers(late + dt.timedelta(minutes=5))
    kinds = person_in(scheduled_class, 1).letters.values_list("kind", flat=True)
    assert list(kinds) == ["held"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once() -> None:
    scheduled_class = make_class(capacity=30, taken=20)
    assert at_once([partial(owe_reminders, at("2027-01-09T09:00"))] * 4) == []
    assert Letter.objects.filter(kind="week").count() == 20
    assert scheduled_class.registrations.count() == 20


def test_reminding_many_people_takes_as_many_queries_as_reminding_few(
    django_assert_num_queries: Any,
) -> None:
    for taken in (3, 12):
        Registration.objects.update(status="cancelled")
        make_class(capacity=50, taken=taken)
        ScheduledClass.objects.exclude(
            slug__endswith=ScheduledClass.objects.latest("pk").slug
        ).update(status="draft")
        with django_assert_num_queries(4):
            assert owe_reminders(at("2027-01-09T09:00")) == taken
