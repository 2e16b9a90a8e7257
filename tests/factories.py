"""Rows for tests, made the way the site makes them."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F

from courses.models import ClassSession, Course, ScheduledClass
from registrations.models import Letter, RegistrationEvent
from registrations.services import seats

DENVER = ZoneInfo("America/Denver")
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=DENVER)
DAYS = [dt.date(2027, 1, 16), dt.date(2027, 1, 23)]


def make_class(
    *, capacity: int = 24, taken: int = 0, now: dt.datetime = NOW, **fields: Any
) -> ScheduledClass:
    """A published class on two Saturdays in January 2027, with `taken` of its seats confirmed."""
    course, _ = Course.objects.get_or_create(
        title_en="Recovering from Benzodiazepines for Peer Specialists"
    )
    number = ScheduledClass.objects.count() + 1
    defaults = {
        "course": course,
        "slug": f"january-2027-{number}",
        "status": ScheduledClass.Status.PUBLISHED,
        "delivery": ScheduledClass.Delivery.ONLINE,
        "join_link": "https://meet.example.org/class",
        "cost": "Free",
        "cancellation": "You can cancel on your own page.",
    }
    scheduled_class = ScheduledClass.objects.create(**defaults | fields)
    for day in DAYS:
        make_meeting(scheduled_class, day)
    seats.set_capacity(
        scheduled_class_id=scheduled_class.pk, capacity=capacity, actor=seats.SITE, now=now
    )
    for person in range(1, taken + 1):
        seat_someone(scheduled_class, person, now)
    return ScheduledClass.objects.get(pk=scheduled_class.pk)


def make_class_far_ahead() -> ScheduledClass:
    """A class that is to come by the clock of any process, not by the test's alone."""
    scheduled_class = make_class()
    years = dt.timedelta(days=365 * 50)
    ClassSession.objects.update(starts_at=F("starts_at") + years, ends_at=F("ends_at") + years)
    return scheduled_class


def make_meeting(
    scheduled_class: ScheduledClass, day: dt.date, *, first_hour: int = 9, last_hour: int = 17
) -> ClassSession:
    """One meeting on the day, in Mountain Time."""
    return ClassSession.objects.create(
        scheduled_class=scheduled_class,
        starts_at=dt.datetime.combine(day, dt.time(first_hour), DENVER),
        ends_at=dt.datetime.combine(day, dt.time(last_hour), DENVER),
        credit_minutes=360,
    )


def make_answers(person: int | str = 1, **fields: Any) -> seats.Answers:
    """What somebody writes into the form; each `person` has an address of their own."""
    defaults = {
        "full_name": f"Person {person}",
        "email": f"person-{person}@peers.test",
        "role": "peer",
    }
    return seats.Answers(**defaults | fields)


def seat_someone(scheduled_class: ScheduledClass, person: int | str, now: dt.datetime) -> None:
    """Somebody who has had a seat for a while: their letter is not owed any more."""
    registration = seats.add_by_staff(
        scheduled_class_id=scheduled_class.pk,
        answers=make_answers(f"seated-{person}"),
        actor=seats.Actor(RegistrationEvent.By.STAFF),
        now=now,
    )
    registration.letters.update(state=Letter.State.SENT, sent_at=now)
