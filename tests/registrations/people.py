"""Short ways to say what people do, for tests of the line."""

import datetime as dt

from courses.models import ScheduledClass, Seats
from registrations.models import Letter, Registration
from registrations.services import seats
from registrations.services.ledger import check_seats
from tests.factories import NOW, make_answers


def register(scheduled_class: ScheduledClass, person: int | str, now: dt.datetime = NOW) -> None:
    seats.register(scheduled_class_id=scheduled_class.pk, answers=make_answers(person), now=now)


def person_in(scheduled_class: ScheduledClass, person: int | str) -> Registration:
    """The newest registration of the person's address in this class."""
    email = make_answers(person).email
    return Registration.objects.filter(scheduled_class=scheduled_class, email=email).latest("pk")


def join(
    scheduled_class: ScheduledClass, person: int | str, now: dt.datetime = NOW
) -> Registration:
    """Register and press the button in the mail."""
    register(scheduled_class, person, now)
    seats.answer(registration=person_in(scheduled_class, person), now=now)
    return person_in(scheduled_class, person)


def statuses(scheduled_class: ScheduledClass) -> dict[str, str]:
    """Who has what: `{"person-1": "confirmed"}`, in the order in which they came."""
    rows = Registration.objects.filter(scheduled_class=scheduled_class).order_by("pk")
    return {row.email.removesuffix("@peers.test"): row.status for row in rows}


def letters_to(registration: Registration) -> list[str]:
    """The kinds of all letters, the first first."""
    return list(registration.letters.order_by("pk").values_list("kind", flat=True))


def owed() -> int:
    return Letter.objects.filter(state=Letter.State.OWED).count()


def numbers(scheduled_class: ScheduledClass) -> tuple[int, int, int]:
    """(taken, open to newcomers, waiting), after checking them against the registrations."""
    assert check_seats() == []
    row = Seats.objects.get(pk=scheduled_class.pk)
    return row.taken, row.open, row.waiting
