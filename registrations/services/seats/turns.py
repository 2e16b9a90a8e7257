"""What the events are made of. Each runs under the class's lock, and writes no numbers itself."""

import datetime as dt

from django.db.models import F

from registrations import deadlines
from registrations.addresses import email_key
from registrations.models import Letter, Registration, RegistrationEvent
from registrations.models.registration import LIVE, RegistrationQuerySet, Status
from registrations.services import calendars
from registrations.services.ledger import Ledger
from registrations.services.letters import owe
from registrations.services.seats.asking import SITE, Actor, Answers

Kind = Letter.Kind

#: What an event changes. The person's own details are saved apart, without the class's lock.
STATE_FIELDS = [
    "scheduled_class",
    "status",
    "proved_at",
    "answer_by",
    "place",
    "seat_number",
    "passed_seats",
    "missed_offers",
    "mail_problem",
    "mail_problem_at",
    "turn",
]

#: A form sent again for the same address within this time writes no second letter.
PAUSE_BETWEEN_LETTERS = dt.timedelta(minutes=2)


def find_live(scheduled_class_id: int, email: str, *, sharing: bool = False) -> Registration | None:
    """Who is in the class with this address: its owner, or whoever shares it."""
    return live_with(scheduled_class_id, email, sharing=sharing).order_by("pk").first()


def live_with(
    scheduled_class_id: int, email: str, *, sharing: bool = False
) -> RegistrationQuerySet:
    return Registration.objects.filter(
        scheduled_class=scheduled_class_id,
        status__in=LIVE,
        email_key=email_key(email),
        shares_address=sharing,
    )


def new_registration(ledger: Ledger, answers: Answers, now: dt.datetime) -> Registration:
    return Registration(
        scheduled_class=ledger.scheduled_class,
        full_name=answers.full_name,
        email=answers.email,
        email_key=email_key(answers.email),
        role=answers.role,
        access_needs=answers.access_needs,
        phone=answers.phone,
        language=answers.language,
        created_at=now,
    )


def enter(ledger: Ledger, registration: Registration, actor: Actor, now: dt.datetime) -> None:
    """Into an open seat, else to the end of the line. It is theirs once the address answered."""
    scheduled_class = ledger.scheduled_class
    proved = registration.proved_at is not None
    registration.answer_by = None
    if ledger.open and proved:
        ledger.take()
        confirm(registration, actor, now)
    elif ledger.open:
        registration.seat_number = ledger.take()
        registration.place = None
        registration.answer_by = deadlines.newcomer_answers_by(now, scheduled_class)
        turn(registration, Status.OFFERED, actor, now)
        owe(registration, Kind.HELD, now)
    else:
        ledger.waiting += 1
        registration.place = ledger.next_place()
        if not proved:
            registration.answer_by = deadlines.newcomer_answers_by(now, scheduled_class)
        turn(registration, Status.WAITLISTED, actor, now)
        owe(registration, Kind.WAITING if proved else Kind.LINE, now)
    settle(ledger, now)


def confirm(registration: Registration, actor: Actor, now: dt.datetime) -> None:
    registration.answer_by = None
    registration.seat_number = None
    registration.place = None
    turn(registration, Status.CONFIRMED, actor, now)
    calendars.bring_up_to_date(registration, now)
    owe(registration, Kind.CONFIRMED, now)


def close(
    ledger: Ledger,
    registration: Registration,
    status: Status,
    actor: Actor,
    now: dt.datetime,
    *,
    why: str = "",
) -> None:
    """End a live registration and give back what it held."""
    had_seat = registration.status == Status.CONFIRMED
    if registration.status == Status.WAITLISTED:
        ledger.waiting -= 1
    else:
        ledger.give_back(registration.seat_number)
    registration.seat_number = None
    registration.place = None
    registration.answer_by = None
    turn(registration, status, actor, now, why=why)
    if had_seat:
        calendars.bring_up_to_date(registration, now)


def close_all(
    ledger: Ledger,
    people: list[Registration],
    status: Status,
    actor: Actor,
    now: dt.datetime,
    *,
    why: str,
) -> None:
    """The same as `close` for many, in a number of statements that does not grow with them."""
    for registration in people:
        if registration.status == Status.WAITLISTED:
            ledger.waiting -= 1
        else:
            ledger.give_back(registration.seat_number)
    had_seats = [person.pk for person in people if person.status == Status.CONFIRMED]
    events = [
        RegistrationEvent(
            registration=registration,
            at=now,
            from_status=registration.status,
            to_status=status,
            by=actor.by,
            by_user=actor.user,
            why=why,
        )
        for registration in people
    ]
    Registration.objects.filter(pk__in=[person.pk for person in people]).update(
        status=status, seat_number=None, place=None, answer_by=None, turn=F("turn") + 1
    )
    RegistrationEvent.objects.bulk_create(events)
    calendars.withdraw_all(had_seats, now)
    for registration in people:
        registration.turn += 1


def back_to_line(
    ledger: Ledger, registration: Registration, actor: Actor, now: dt.datetime, *, why: str
) -> None:
    """From an offer to the same place in line; the seat it passed on goes to someone else."""
    number = registration.seat_number
    ledger.give_back(number)
    ledger.waiting += 1
    registration.passed_seats = [*registration.passed_seats, number]
    registration.seat_number = None
    registration.answer_by = None
    turn(registration, Status.WAITLISTED, actor, now, why=why)


def is_overdue(registration: Registration, now: dt.datetime) -> bool:
    waits = registration.status in {Status.OFFERED, Status.WAITLISTED}
    return waits and registration.answer_by is not None and registration.answer_by <= now


def miss(ledger: Ledger, registration: Registration, now: dt.datetime) -> None:
    """No answer in time. The first missed offer of someone in line keeps the place."""
    registration.missed_offers += 1
    keeps_place = (
        registration.status == Status.OFFERED
        and registration.place is not None
        and registration.proved_at is not None
        and registration.missed_offers == 1
    )
    if keeps_place:
        back_to_line(ledger, registration, SITE, now, why="no answer in time")
        owe(registration, Kind.MISSED, now)
    else:
        close(ledger, registration, Status.LAPSED, SITE, now, why="no answer in time")
        owe(registration, Kind.LAPSED, now)


def settle(ledger: Ledger, now: dt.datetime) -> None:
    """Offer each free seat to the first in line who has answered and not passed on it."""
    if not (ledger.free and ledger.waiting):
        ledger.count_open([])
        return
    line = Registration.objects.filter(scheduled_class=ledger.scheduled_class).in_line()
    waiting = list(line)
    ledger.number_free_seats()
    if deadlines.line_is_offered(now, ledger.scheduled_class):
        for number in list(ledger.freed):
            wanting = (p for p in waiting if p.proved_at and number not in p.passed_seats)
            person = next(wanting, None)
            if person:
                waiting.remove(person)
                offer(ledger, person, number, now)
    ledger.count_open(waiting)


def offer(ledger: Ledger, registration: Registration, number: int, now: dt.datetime) -> None:
    """Hold a freed seat for someone in line. They keep their place until they answer."""
    registration.seat_number = ledger.take(number)
    ledger.waiting -= 1
    registration.answer_by = deadlines.line_answers_by(now, ledger.scheduled_class)
    turn(registration, Status.OFFERED, SITE, now, why="a seat came free")
    owe(registration, Kind.OFFERED, now)


def turn(
    registration: Registration, to: Status, actor: Actor, now: dt.datetime, *, why: str = ""
) -> None:
    """Write the new status and its row of history: the one way a status changes."""
    before = registration.status
    registration.status = to
    registration.turn += 1
    registration.save(update_fields=None if registration.pk is None else STATE_FIELDS)
    RegistrationEvent.objects.create(
        registration=registration,
        at=now,
        from_status=before,
        to_status=to,
        by=actor.by,
        by_user=actor.user,
        why=why,
    )


def write_again(registration: Registration, now: dt.datetime) -> None:
    """Someone used the form again with this address: say how things stand, at most now and then."""
    if registration.letters.filter(created_at__gt=now - PAUSE_BETWEEN_LETTERS).exists():
        return
    registration.turn += 1
    registration.save(update_fields=["turn"])
    kind = Kind.AGAIN
    if not registration.proved_at:
        kind = Kind.HELD if registration.status == Status.OFFERED else Kind.LINE
    owe(registration, kind, now)
