"""The ways through a class, all filled in that a person can, and when each time ends."""

import datetime as dt
from collections.abc import Callable

from courses.models import ScheduledClass
from registrations.models import Letter, Registration, RegistrationEvent
from registrations.services import details, erasing, scheduling, seats
from registrations.services.seats import PERSON, SITE, Actor
from tests.factories import DENVER, NOW
from tests.registrations.people import join, person_in, register

CLASS_ENDS = dt.datetime(2027, 1, 23, 17, tzinfo=DENVER)
MONTH_AFTER = CLASS_ENDS + dt.timedelta(days=30)
YEAR_AFTER = dt.datetime(2028, 1, 23, 17, tzinfo=DENVER)
SEVEN_YEARS_AFTER = dt.datetime(2034, 1, 23, 17, tzinfo=DENVER)
SECOND = dt.timedelta(seconds=1)
STAFF = Actor(RegistrationEvent.By.STAFF)

OWN = {
    "full_name": "Maria de la Cruz",
    "access_needs": "Captions",
    "phone": "303 555 0123",
    "state": "Colorado",
    "credential": "CPFS",
    "credential_number": "12-345",
}
ADDRESS = "person-1@peers.test"


def with_details(registration: Registration) -> Registration:
    """Fill in all that a person can, and let every letter be sent."""
    details.change_details(registration=registration, details=OWN, actor=PERSON, now=NOW)
    Letter.objects.update(state="sent", sent_at=NOW, detail={"about": ADDRESS}, last_error=ADDRESS)
    return registration


def kept(registration: Registration) -> set[str]:
    """The names of the personal fields that are not empty."""
    registration.refresh_from_db()
    fields = {*erasing.CONTACT, *erasing.IDENTITY} - {"email_key"}
    return {name for name in fields if getattr(registration, name)}


ALL = {"email", "name_key", "phone_key", *OWN}
EARNED = {"full_name", "name_key", "state", "credential", "credential_number"}


def confirmed(scheduled_class: ScheduledClass) -> Registration:
    return join(scheduled_class, 1)


def cancelled(scheduled_class: ScheduledClass) -> Registration:
    person = join(scheduled_class, 1)
    seats.leave(registration=person, actor=STAFF, now=NOW, why=f"{ADDRESS} asked")
    return person


def cancelled_with_the_class(scheduled_class: ScheduledClass) -> Registration:
    person = join(scheduled_class, 1)
    scheduling.cancel_class(scheduled_class=scheduled_class, actor=SITE, now=NOW)
    return person


def declined(scheduled_class: ScheduledClass) -> Registration:
    register(scheduled_class, 1)
    person = person_in(scheduled_class, 1)
    seats.leave(registration=person, actor=PERSON, now=NOW)
    return person


def waiting(scheduled_class: ScheduledClass) -> Registration:
    seats.set_capacity(scheduled_class_id=scheduled_class.pk, capacity=0, actor=SITE, now=NOW)
    return join(scheduled_class, 1)


def lapsed_after_an_answer(scheduled_class: ScheduledClass) -> Registration:
    person = waiting(scheduled_class)
    seats.set_capacity(scheduled_class_id=scheduled_class.pk, capacity=1, actor=SITE, now=NOW)
    ends = end_time(person)
    seats.end_offer(registration=person, now=ends)
    seats.leave(registration=join(scheduled_class, 2, ends), actor=PERSON, now=ends)
    seats.end_offer(registration=person, now=end_time(person))
    return person


def end_time(registration: Registration) -> dt.datetime:
    """The moment until which what is held for the person is held."""
    registration.refresh_from_db()
    assert registration.answer_by
    return registration.answer_by


Way = Callable[[ScheduledClass], Registration]
