"""Who has a seat and who waits: every event of a registration, and nothing else changes it.

The events are the rows of the table in docs/decisions/seats.md. Each locks the class, changes the
registration, writes its history and owes its letter in one transaction, and then offers whatever
seat came free to the line.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import User

from courses.models import State
from registrations import deadlines
from registrations.addresses import email_key
from registrations.models import Letter, Registration, RegistrationEvent
from registrations.models.registration import Status
from registrations.services import calendars
from registrations.services.ledger import Ledger, both_locked, locked
from registrations.services.letters import owe

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
    "turn",
]

#: A form sent again for the same address within this time writes no second letter.
PAUSE_BETWEEN_LETTERS = dt.timedelta(minutes=2)


class NotTaken(Exception):
    """The class takes no registrations now. `state` says why."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class AlreadyRegistered(Exception):
    """The address has a live registration in this class."""


class CapacityBelowTaken(Exception):
    """Fewer seats than are taken. `taken` says how many."""

    def __init__(self, taken: int) -> None:
        super().__init__(taken)
        self.taken = taken


class NoFreeSeat(Exception):
    """Every seat of the class is taken or held."""


class NotInLine(Exception):
    """The person does not wait for a seat."""


class HasNotAnswered(Exception):
    """Nobody has shown yet that the address is the person's."""


@dataclass(frozen=True)
class Actor:
    """Who caused an event: the person, the site itself, or one of the staff."""

    by: RegistrationEvent.By
    user: User | None = None

    @classmethod
    def staff(cls, user: User) -> Self:
        return cls(RegistrationEvent.By.STAFF, user)


PERSON = Actor(RegistrationEvent.By.PERSON)
SITE = Actor(RegistrationEvent.By.SITE)


@dataclass(frozen=True)
class Answers:
    """What the form asks, cleaned."""

    full_name: str
    email: str
    role: str
    access_needs: str = ""
    phone: str = ""
    language: str = "en"


def register(*, scheduled_class_id: int, answers: Answers, now: dt.datetime) -> None:
    """Hold a seat, or a place in line, and write to the address.

    An address that is registered already gets a letter that says so, and nothing changes.
    Raises NotTaken when the class takes no registrations.
    """
    with locked(scheduled_class_id) as ledger:
        state = ledger.scheduled_class.state(now)
        if not state.takes_registrations:
            raise NotTaken(state)
        known = find_live(scheduled_class_id, answers.email)
        if known:
            write_again(known, now)
        else:
            enter(ledger, new_registration(ledger, answers, now), PERSON, now)


def add_by_staff(
    *, scheduled_class_id: int, answers: Answers, actor: Actor, now: dt.datetime
) -> Registration:
    """Somebody staff spoke with: a seat when one is open, else a place in line; both are theirs.

    Staff may add people when registration is closed, never to a class that is cancelled: NotTaken.
    Raises AlreadyRegistered.
    """
    with locked(scheduled_class_id) as ledger:
        state = ledger.scheduled_class.state(now)
        if state == State.CANCELLED:
            raise NotTaken(state)
        if find_live(scheduled_class_id, answers.email):
            raise AlreadyRegistered
        registration = new_registration(ledger, answers, now)
        registration.proved_at = now
        enter(ledger, registration, actor, now)
        return registration


def answer(*, registration: Registration, now: dt.datetime) -> None:
    """The button in the mail: takes the seat that is held, or keeps the place in line.

    A second press, or a press after the end, changes nothing more: the page says what is so.
    """
    with locked(registration.scheduled_class_id) as ledger:
        registration.refresh_from_db()
        if is_overdue(registration, now):
            miss(ledger, registration, now)
        elif registration.status == Status.OFFERED:
            registration.proved_at = registration.proved_at or now
            confirm(registration, PERSON, now)
        elif registration.status == Status.WAITLISTED and not registration.proved_at:
            registration.proved_at = now
            registration.answer_by = None
            turn(registration, Status.WAITLISTED, PERSON, now, why="address answered")
            owe(registration, Kind.WAITING, now)
        settle(ledger, now)


def pass_on(*, registration: Registration, now: dt.datetime) -> None:
    """Not this time, keep my place: the seat goes to the next, the place stays."""
    with locked(registration.scheduled_class_id) as ledger:
        registration.refresh_from_db()
        if registration.status == Status.OFFERED and registration.place is not None:
            registration.proved_at = registration.proved_at or now
            back_to_line(ledger, registration, PERSON, now, why="passed on this seat")
            owe(registration, Kind.WAITING, now)
        settle(ledger, now)


def give_seat(*, registration: Registration, actor: Actor, now: dt.datetime) -> None:
    """Staff fill a free seat by hand, as they do after the cut-off.

    Raises NotInLine, HasNotAnswered, NoFreeSeat, and NotTaken when the class is over.
    """
    with locked(registration.scheduled_class_id) as ledger:
        registration.refresh_from_db()
        state = ledger.scheduled_class.state(now)
        if state in {State.CANCELLED, State.PAST}:
            raise NotTaken(state)
        if registration.status != Status.WAITLISTED:
            raise NotInLine
        if registration.proved_at is None:
            raise HasNotAnswered
        if not ledger.free:
            raise NoFreeSeat
        ledger.take()
        ledger.waiting -= 1
        confirm(registration, actor, now)
        settle(ledger, now)


def leave(*, registration: Registration, actor: Actor, now: dt.datetime, why: str = "") -> None:
    """Give up a seat or a place, at any time: cancels what was confirmed, declines the rest."""
    with locked(registration.scheduled_class_id) as ledger:
        registration.refresh_from_db()
        if registration.status == Status.CONFIRMED:
            close(ledger, registration, Status.CANCELLED, actor, now, why=why)
            owe(registration, Kind.CANCELLED, now)
        elif registration.is_live:
            close(ledger, registration, Status.DECLINED, actor, now, why=why)
            owe(registration, Kind.DECLINED, now)
        settle(ledger, now)


def move(
    *,
    registration: Registration,
    scheduled_class_id: int,
    actor: Actor,
    now: dt.datetime,
    why: str = "",
) -> None:
    """From a seat in one class to an open seat in another of the same course, or not at all.

    Raises NotTaken when the other class has no open seat, AlreadyRegistered when the address is
    registered there. The two classes are locked in key order, so that two people who change places
    never wait for each other.
    """
    here, there = registration.scheduled_class_id, scheduled_class_id
    if here == there:
        return
    with both_locked(here, there) as (old, new):
        registration.refresh_from_db()
        state = new.scheduled_class.state(now)
        same_course = old.scheduled_class.course_id == new.scheduled_class.course_id
        if registration.scheduled_class_id != here or registration.status != Status.CONFIRMED:
            return
        if not (new.open and same_course and state.takes_registrations):
            raise NotTaken(state)
        if not registration.shares_address and find_live(there, registration.email):
            raise AlreadyRegistered
        old.give_back(None)
        new.take()
        registration.scheduled_class = new.scheduled_class
        moved = f"moved from {old.scheduled_class.dates}"
        turn(registration, Status.CONFIRMED, actor, now, why=f"{moved}: {why}" if why else moved)
        calendars.bring_up_to_date(registration, now)
        owe(registration, Kind.MOVED, now)
        settle(old, now)
        settle(new, now)


def add_sharing(
    *, registration: Registration, full_name: str, role: str, now: dt.datetime
) -> Registration:
    """A second person at the same address, added by the owner of the address.

    Raises NotTaken when the class takes no registrations.
    """
    with locked(registration.scheduled_class_id) as ledger:
        state = ledger.scheduled_class.state(now)
        if not state.takes_registrations:
            raise NotTaken(state)
        answers = Answers(full_name, registration.email, role, language=registration.language)
        second = new_registration(ledger, answers, now)
        second.shares_address = True
        second.proved_at = now
        enter(ledger, second, PERSON, now)
        return second


def rejoin(*, registration: Registration, now: dt.datetime) -> None:
    """One press after it ended: an open seat, or a new place at the end of the line.

    Raises NotTaken when the class takes no registrations, AlreadyRegistered when the address has
    registered anew meanwhile.
    """
    with locked(registration.scheduled_class_id) as ledger:
        registration.refresh_from_db()
        if registration.is_live:
            return
        state = ledger.scheduled_class.state(now)
        if not state.takes_registrations:
            raise NotTaken(state)
        known = find_live(registration.scheduled_class_id, registration.email)
        if known and not registration.shares_address:
            raise AlreadyRegistered
        # Whoever holds the link has read the mail.
        registration.proved_at = registration.proved_at or now
        registration.missed_offers = 0
        enter(ledger, registration, PERSON, now)


def cancel_for_class(*, scheduled_class_id: int, actor: Actor, now: dt.datetime) -> int:
    """The class will not take place: everyone is cancelled and told. Returns how many."""
    with locked(scheduled_class_id) as ledger:
        people = list(Registration.objects.filter(scheduled_class=scheduled_class_id).live())
        for registration in people:
            close(ledger, registration, Status.CANCELLED, actor, now, why="class cancelled")
            owe(registration, Kind.CLASS_CANCELLED, now)
        ledger.count_open([])
        return len(people)


def set_capacity(*, scheduled_class_id: int, capacity: int, actor: Actor, now: dt.datetime) -> None:
    """Change how many seats there are; every new seat goes to the line first.

    Raises CapacityBelowTaken.
    """
    with locked(scheduled_class_id) as ledger:
        if capacity < ledger.taken:
            raise CapacityBelowTaken(ledger.taken)
        ledger.set_capacity(capacity)
        settle(ledger, now)


def send_again(*, scheduled_class_id: int, email: str, now: dt.datetime) -> None:
    """Write once more to the address, if it is registered. Says nothing to the caller."""
    with locked(scheduled_class_id):
        known = find_live(scheduled_class_id, email)
        if known:
            write_again(known, now)


def end_offer(*, registration: Registration, now: dt.datetime) -> None:
    """The moment to answer has passed. Does nothing when the answer came first."""
    with locked(registration.scheduled_class_id) as ledger:
        registration.refresh_from_db()
        if is_overdue(registration, now):
            miss(ledger, registration, now)
            settle(ledger, now)


# What the events are made of. Each runs under the lock.


def find_live(scheduled_class_id: int, email: str) -> Registration | None:
    registrations = Registration.objects.filter(scheduled_class=scheduled_class_id)
    return registrations.live().filter(email_key=email_key(email)).order_by("pk").first()


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
