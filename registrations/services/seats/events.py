"""The events, as the rows of the table of statuses have them."""

import datetime as dt

from content.history.recording import note
from courses.models import State
from registrations import deadlines
from registrations.history import CLASS_CANCELLED
from registrations.models import Letter, Registration
from registrations.models.registration import Status
from registrations.services import calendars
from registrations.services.ledger import both_locked, locked, locked_with
from registrations.services.letters import letter_for, owe
from registrations.services.seats.asking import (
    PERSON,
    Actor,
    AlreadyRegistered,
    Answers,
    AttendanceIsRecorded,
    CapacityBelowTaken,
    HasNotAnswered,
    NobodyToShareWith,
    NoFreeSeat,
    NotInLine,
    NotTaken,
)
from registrations.services.seats.turns import (
    back_to_line,
    close,
    close_all,
    confirm,
    enter,
    find_live,
    is_overdue,
    live_with,
    miss,
    new_registration,
    settle,
    turn,
    write_again,
)

Kind = Letter.Kind

#: Letters that say something of the days or the place of the class that a person was in.
ABOUT_A_CLASS = [Kind.CHANGED, Kind.WEEK, Kind.DAY, Kind.MORNING, Kind.MESSAGE]


def register(*, scheduled_class_id: int, answers: Answers, now: dt.datetime) -> None:
    """Hold a seat, or a place in line, and write to the address.

    An address that is registered already gets a letter that says so, and nothing changes.
    Raises NotTaken when the class takes no registrations.
    """
    with locked(scheduled_class_id) as ledger:
        state = ledger.scheduled_class.state(now)
        if not state.takes_registrations:
            raise NotTaken(state)
        known = live_with(scheduled_class_id, answers.email)
        if known.exists():
            write_again(known.get(), now)
            settle(ledger, now)
        else:
            enter(ledger, new_registration(ledger, answers, now), PERSON, now)


def add_by_staff(
    *,
    scheduled_class_id: int,
    answers: Answers,
    actor: Actor,
    now: dt.datetime,
    shares_address: bool = False,
) -> Registration:
    """Somebody staff spoke with: a seat when one is open, else a place in line; both are theirs.

    Staff may add people when registration is closed, never to a class that is cancelled: NotTaken.
    Raises AlreadyRegistered; for a second person at the same address when there is one already,
    and NobodyToShareWith when the address is nobody's here.
    """
    with locked(scheduled_class_id) as ledger:
        state = ledger.scheduled_class.state(now)
        if state == State.CANCELLED:
            raise NotTaken(state)
        if shares_address and not find_live(scheduled_class_id, answers.email):
            raise NobodyToShareWith
        if find_live(scheduled_class_id, answers.email, sharing=shares_address):
            raise AlreadyRegistered
        registration = new_registration(ledger, answers, now)
        registration.shares_address = shares_address
        registration.proved_at = now
        enter(ledger, registration, actor, now)
        return registration


def answer(*, registration: Registration, now: dt.datetime) -> None:
    """The button in the mail: takes the seat that is held, or keeps the place in line.

    A second press, or a press after the end, changes nothing more: the page says what is so.
    """
    with locked_with(registration) as ledger:
        if ledger.scheduled_class.state(now) == State.PAST:
            return
        if is_overdue(registration, now):
            miss(ledger, registration, now)
        elif registration.status == Status.OFFERED:
            # Who answers has read the mail.
            registration.mail_problem, registration.mail_problem_at = "", None
            registration.proved_at = registration.proved_at or now
            confirm(registration, PERSON, now)
        elif registration.status == Status.WAITLISTED and not registration.proved_at:
            registration.mail_problem, registration.mail_problem_at = "", None
            registration.proved_at = now
            registration.answer_by = None
            turn(registration, Status.WAITLISTED, PERSON, now, why="address answered")
            owe(registration, Kind.WAITING, now)
        settle(ledger, now)


def pass_on(*, registration: Registration, now: dt.datetime) -> None:
    """Not this time, keep my place: the seat goes to the next, the place stays."""
    with locked_with(registration) as ledger:
        if registration.status == Status.OFFERED and registration.place is not None:
            registration.proved_at = registration.proved_at or now
            back_to_line(ledger, registration, PERSON, now, why="passed on this seat")
            owe(registration, Kind.WAITING, now)
        settle(ledger, now)


def give_seat(*, registration: Registration, actor: Actor, now: dt.datetime) -> None:
    """Staff fill a free seat by hand, as they do after the cut-off.

    Raises NotInLine, HasNotAnswered, NoFreeSeat, and NotTaken when the class is over.
    """
    with locked_with(registration) as ledger:
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
    """Give up a seat or a place, at any time: cancels what was confirmed, declines the rest.

    Once the class is over nothing changes: who had a seat is a record that boards ask for.
    """
    with locked_with(registration) as ledger:
        if ledger.scheduled_class.state(now) == State.PAST:
            return
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

    Raises NotTaken when the other class has no open seat or this one is over, AlreadyRegistered
    when the address is registered there, AttendanceIsRecorded when it is, here: what was missed is
    made up in a later class. The two classes are locked in key order, so that two
    people who change places never wait for each other.
    """
    here, there = registration.scheduled_class_id, scheduled_class_id
    if here == there:
        return
    with both_locked(here, there) as (old, new):
        registration.refresh_from_db()
        state = new.scheduled_class.state(now)
        if old.scheduled_class.state(now) == State.PAST:
            raise NotTaken(State.PAST)
        same_course = old.scheduled_class.course_id == new.scheduled_class.course_id
        gone = registration.scheduled_class_id != here or registration.erased_at is not None
        if gone or registration.status != Status.CONFIRMED:
            return
        if registration.attendances.exists():
            raise AttendanceIsRecorded
        if not (new.open and same_course and state.takes_registrations):
            raise NotTaken(state)
        if find_live(there, registration.email, sharing=registration.shares_address):
            raise AlreadyRegistered
        old.give_back(None)
        new.take()
        registration.scheduled_class = new.scheduled_class
        moved = f"moved from {old.scheduled_class.dates}"
        turn(registration, Status.CONFIRMED, actor, now, why=f"{moved}: {why}" if why else moved)
        calendars.bring_up_to_date(registration, now)
        about_the_old_class = registration.letters.filter(kind__in=ABOUT_A_CLASS)
        about_the_old_class.filter(state=Letter.State.OWED).update(state=Letter.State.SUPERSEDED)
        owe(registration, Kind.MOVED, now)
        settle(old, now)
        settle(new, now)


def add_sharing(
    *, registration: Registration, full_name: str, role: str, now: dt.datetime
) -> Registration:
    """A second person at the same address, added by the owner of the address, who has answered.

    One more person comes with them, not a crowd. Raises NotTaken when the class takes no
    registrations, NotInLine when the owner is in it no more, HasNotAnswered, and AlreadyRegistered
    when there is a second person.
    """
    with locked_with(registration) as ledger:
        state = ledger.scheduled_class.state(now)
        if not state.takes_registrations:
            raise NotTaken(state)
        if not registration.is_live:
            raise NotInLine
        if registration.proved_at is None:
            raise HasNotAnswered
        here = registration.scheduled_class_id
        if registration.shares_address or find_live(here, registration.email, sharing=True):
            raise AlreadyRegistered
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
    with locked_with(registration) as ledger:
        if registration.is_live:
            return
        state = ledger.scheduled_class.state(now)
        if not state.takes_registrations:
            raise NotTaken(state)
        here, shares = registration.scheduled_class_id, registration.shares_address
        if find_live(here, registration.email, sharing=shares):
            raise AlreadyRegistered
        # Whoever holds the link has read the mail.
        registration.proved_at = registration.proved_at or now
        registration.missed_offers = 0
        enter(ledger, registration, PERSON, now)


def cancel_for_class(*, scheduled_class_id: int, actor: Actor, now: dt.datetime) -> int:
    """The class will not take place: everyone is cancelled and told. Returns how many."""
    with locked(scheduled_class_id) as ledger:
        people = list(Registration.objects.filter(scheduled_class=scheduled_class_id).live())
        close_all(ledger, people, Status.CANCELLED, actor, now, why=CLASS_CANCELLED)
        Letter.objects.bulk_create(
            letter_for(registration, Kind.CLASS_CANCELLED, now) for registration in people
        )
        ledger.count_open([])
        return len(people)


def set_capacity(*, scheduled_class_id: int, capacity: int, actor: Actor, now: dt.datetime) -> None:
    """Change how many seats there are; every new seat goes to the line first.

    Raises CapacityBelowTaken.
    """
    with locked(scheduled_class_id) as ledger:
        if capacity < ledger.taken:
            raise CapacityBelowTaken(ledger.taken)
        if capacity != ledger.capacity:
            change = [ledger.capacity, capacity]
            note(ledger.scheduled_class, actor=actor, now=now, capacity=change)
        ledger.set_capacity(capacity)
        settle(ledger, now)


def send_again(*, scheduled_class_id: int, email: str, now: dt.datetime) -> None:
    """Write once more to the address, if it is registered. Says nothing to the caller."""
    with locked(scheduled_class_id):
        known = find_live(scheduled_class_id, email)
        if known:
            write_again(known, now)


def give_time(*, registration: Registration, now: dt.datetime) -> None:
    """The letter that asks for an answer could not go out before: the time to answer begins now."""
    with locked_with(registration) as ledger:
        if registration.answer_by is None or ledger.scheduled_class.state(now) == State.PAST:
            return
        is_offer = registration.status == Status.OFFERED and registration.place is not None
        ends = deadlines.line_answers_by if is_offer else deadlines.newcomer_answers_by
        registration.answer_by = max(registration.answer_by, ends(now, ledger.scheduled_class))
        registration.save(update_fields=["answer_by"])


def end_offer(*, registration: Registration, now: dt.datetime) -> None:
    """The moment to answer has passed. Does nothing when the answer came first."""
    with locked_with(registration) as ledger:
        if is_overdue(registration, now):
            miss(ledger, registration, now)
            settle(ledger, now)
