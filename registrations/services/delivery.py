"""The outbox goes out: letters are claimed a handful at a time, sent and marked one by one."""

import datetime as dt
import logging
import smtplib
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from courses.models import ScheduledClass
from registrations.addresses import is_nobodys
from registrations.letters.compose import Stationery, compose
from registrations.models import InterestSignup, Letter, Registration
from registrations.redaction import without_links
from registrations.services import certificates, evaluation, seats
from registrations.services.announcing import is_news, is_off_the_site_for_now, take_back
from registrations.services.calendars import note_told
from registrations.services.interest import leave
from registrations.services.outbox import give_back, take
from registrations.services.reminders import reminders_of

log = logging.getLogger(__name__)

#: The pauses between tries; the last one repeats.
PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 180)]

#: After this many tries, more than four days, a letter is given up, and staff see it.
TRIES = 40

#: A round ends after so many letters or seconds: the worker has other things to do as well.
BATCH, ROUND_SECONDS = 100, 10

#: For so long a handful tells the truth as it was read. A slow mail server's letters are read anew.
FRESH_SECONDS = 1

Status = Registration.Status
Kind = Letter.Kind
State = Letter.State

#: In which statuses a letter still tells the truth. Elsewhere things have moved on.
ANY: set[str] = set(Status.values)
LIVE: set[str] = {Status.OFFERED, Status.WAITLISTED, Status.CONFIRMED}
TRUE_IN: dict[str, set[str]] = {
    Kind.HELD: {Status.OFFERED},
    Kind.LINE: {Status.WAITLISTED},
    Kind.OFFERED: {Status.OFFERED},
    Kind.ANSWER_SOON: {Status.OFFERED, Status.WAITLISTED},
    Kind.CONFIRMED: {Status.CONFIRMED},
    Kind.WAITING: {Status.WAITLISTED},
    Kind.MISSED: {Status.WAITLISTED},
    Kind.LAPSED: {Status.LAPSED},
    Kind.DECLINED: {Status.DECLINED},
    Kind.CANCELLED: {Status.CANCELLED},
    Kind.CLASS_CANCELLED: {Status.CANCELLED},
    Kind.AGAIN: LIVE,
    Kind.MOVED: {Status.CONFIRMED},
    Kind.CHANGED: LIVE,
    Kind.WEEK: {Status.CONFIRMED},
    Kind.DAY: {Status.CONFIRMED},
    Kind.MORNING: {Status.CONFIRMED},
    Kind.EVALUATE: ANY,
    Kind.LINK: ANY,
    Kind.NEW_ADDRESS: ANY,
    Kind.OLD_ADDRESS: ANY,
    Kind.MESSAGE: ANY,
    Kind.CERTIFICATE: {Status.CONFIRMED},
}

#: Those that ask for an answer: not true any more when it has come.
ASKS = {Kind.HELD, Kind.LINE, Kind.OFFERED, Kind.ANSWER_SOON}


#: Those of a date, which is not true any more when the session has moved or the person has.
REMINDERS = {Kind.WEEK, Kind.DAY, Kind.MORNING}

#: Those that a later one of the same kind does not replace: each says something of its own.
EACH_COUNTS = {Kind.CHANGED, Kind.OLD_ADDRESS, Kind.NEW_ADDRESS}


@dataclass
class Carrier:
    """What takes the letters of a round to the mail server: one connection for all of them."""

    connection: BaseEmailBackend
    clock: Callable[[], dt.datetime]
    is_asked_to_end: Callable[[], bool]
    began: float = field(default_factory=time.monotonic)

    def goes_on(self) -> bool:
        """Asked between two letters, so that nobody waits for a whole round."""
        return not self.is_asked_to_end() and time.monotonic() < self.began + ROUND_SECONDS


def deliver_due(
    *,
    clock: Callable[[], dt.datetime] = timezone.now,
    is_asked_to_end: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is owed and due, at most one batch. Returns how many letters were dealt with."""
    if not Letter.objects.due(clock()).exists():
        return 0
    carrier = Carrier(get_connection(), clock, is_asked_to_end)
    done = 0
    try:
        while done < BATCH and carrier.goes_on() and (letters := take(clock())):
            done += deliver(letters, carrier)
    except ServerAway:
        # The other jobs are not kept waiting for a server that does not answer.
        done += 1
    finally:
        carrier.connection.close()
    return done


def deliver(letters: list[Letter], carrier: Carrier) -> int:
    """Send these and mark each. Returns how many: the rest is left when time is over."""
    left, stationery = deque(letters), Stationery()
    fresh_until = time.monotonic() + FRESH_SECONDS
    try:
        while left and (len(left) == len(letters) or is_in_time(carrier, fresh_until)):
            deal_safely(left.popleft(), stationery, carrier)
    finally:
        give_back(left)
    return len(letters) - len(left)


def is_in_time(carrier: Carrier, fresh_until: float) -> bool:
    return carrier.goes_on() and time.monotonic() < fresh_until


def deal_safely(letter: Letter, stationery: Stationery, carrier: Carrier) -> None:
    try:
        deal_with(letter, stationery, carrier)
    except ServerAway:
        raise
    except Exception as problem:
        # A letter's edge: one that cannot be made must not hold up those behind it.
        log.exception("Letter %s cannot be made.", letter.pk)
        postpone(letter, type(problem).__name__, carrier.clock())


def deal_with(letter: Letter, stationery: Stationery, carrier: Carrier) -> None:
    person = letter.registration if letter.attempts else None
    if person and Letter.objects.failed_to_ask().filter(pk=letter.pk).exists():
        # What is held for someone is held from the moment that they can read of it.
        seats.give_time(registration=person, now=carrier.clock())
    if not letter.to or is_nobodys(letter.to):
        close(letter, Letter.State.NOT_MAILED)
    elif is_off_the_site_for_now(letter):
        take_back(letter)
    elif not tells_the_truth(letter, carrier.clock()):
        close(letter, Letter.State.SUPERSEDED)
    else:
        send(letter, stationery, carrier)


def tells_the_truth(letter: Letter, now: dt.datetime) -> bool:
    """Whether things still stand as the letter says, and no later letter says the same."""
    until = letter.detail.get("until")
    if until and dt.datetime.fromisoformat(until) <= now:
        return False
    registration = letter.registration
    if registration is None:
        return is_true_for_the_list(letter, now)
    if registration.status not in TRUE_IN[letter.kind]:
        return False
    return is_true_for_the_person(letter, registration, now)


def is_true_for_the_person(letter: Letter, registration: Registration, now: dt.datetime) -> bool:
    if letter.kind in ASKS and (registration.answer_by is None or registration.answer_by <= now):
        return False
    if letter.kind in REMINDERS:
        return letter.about in {r.about for r in reminders_of(registration.scheduled_class)}
    if letter.kind == Kind.CERTIFICATE:
        return certificates.is_newest(registration, letter.about)
    if letter.kind == Kind.EVALUATE:
        return evaluation.is_open(registration, now)
    return letter.kind in EACH_COUNTS or not letter.is_replaced


def is_true_for_the_list(letter: Letter, now: dt.datetime) -> bool:
    """The same of a letter to somebody who wants news of classes."""
    if letter.kind == Kind.INTEREST_NEWS:
        scheduled_class = ScheduledClass.objects.for_page().filter(pk=int(letter.about)).first()
        return scheduled_class is not None and is_news(scheduled_class, now)
    signup = letter.interest
    if signup is None or (signup.confirmed_at is None) != (letter.kind == Kind.INTEREST_CONFIRM):
        return False
    return letter.turn == signup.turn


def send(letter: Letter, stationery: Stationery, carrier: Carrier) -> None:
    mail = compose(letter, stationery)
    mail.connection = carrier.connection
    try:
        # Opened by itself it stays open: a mail that has to open it closes it again.
        carrier.connection.open()
        mail.send()
    except (OSError, smtplib.SMTPException) as problem:
        # The connection may be half dead: the next letter opens a new one.
        carrier.connection.close()
        postpone(letter, describe(problem), carrier.clock())
        mark_refused(letter, problem, carrier.clock())
        if is_away(problem):
            raise ServerAway from problem
    else:
        close(letter, Letter.State.SENT, sent_at=carrier.clock())
        note_told(letter)


class ServerAway(Exception):
    """The mail server cannot be reached, or hung up: it would do the same to the next letter."""


def is_away(problem: Exception) -> bool:
    """Not a refusal of this letter. `SMTPException` is an `OSError` too."""
    hung_up = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError)
    return isinstance(problem, hung_up) or not isinstance(problem, smtplib.SMTPException)


def mark_refused(letter: Letter, problem: Exception, now: dt.datetime) -> None:
    """An address that the server refuses for good is a mail that came back."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused) and letter.registration:
        codes = [answer[0] for answer in problem.recipients.values()]
        own = Registration.objects.filter(pk=letter.registration.pk, email=letter.to)
        if codes and min(codes) >= 500:
            own.filter(mail_problem="").update(mail_problem=describe(problem), mail_problem_at=now)


def close(letter: Letter, state: Letter.State, *, sent_at: dt.datetime | None = None) -> None:
    letter.state = state
    letter.sent_at = sent_at
    letter.attempts += 1
    letter.claimed_until = None
    letter.last_error = ""
    if letter.interest is None:
        store(letter)
        return
    with transaction.atomic():
        signup = told_by(letter)
        if signup:
            letter.interest = None
        store(letter)
        if signup:
            leave(signup=signup)


def told_by(letter: Letter) -> InterestSignup | None:
    """Who has now had the one mail they asked for, locked: their row goes, the letter's stays."""
    has_gone = letter.state in {State.SENT, State.NOT_MAILED}
    if letter.kind != Kind.INTEREST_NEWS or letter.interest is None or not has_gone:
        return None
    return InterestSignup.objects.select_for_update().filter(pk=letter.interest.pk).first()


def store(letter: Letter) -> None:
    """An update and nothing else: the letter may be gone, with somebody who left the list."""
    names = ["state", "sent_at", "attempts", "claimed_until", "last_error", "next_try_at"]
    fields = {name: getattr(letter, name) for name in [*names, "interest"]}
    # Nor is it owed any more when the person was erased meanwhile.
    Letter.objects.filter(pk=letter.pk, state=State.OWED).update(**fields)


def postpone(letter: Letter, problem: str, now: dt.datetime) -> None:
    """Try again later, after growing pauses; give up after days."""
    letter.attempts += 1
    letter.claimed_until = None
    letter.last_error = problem
    letter.next_try_at = now + PAUSES[min(letter.attempts, len(PAUSES)) - 1]
    if letter.attempts >= TRIES:
        letter.state = Letter.State.GIVEN_UP
    store(letter)
    # What the mail server said can name the person: it stands with the letter, and not in the log.
    log.warning("Letter %s was not sent (try %s)", letter.pk, letter.attempts)


def describe(problem: Exception) -> str:
    """What the mail server said, short enough to store."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        problem = Exception(*list(problem.recipients.values())[:1])
    words = f"{problem}" or type(problem).__name__
    # Some servers quote the address of the page that they do not like.
    return without_links(words.replace("\0", ""))[:300]


def try_again(letters: Iterable[Letter], now: dt.datetime) -> int:
    """Make letters that are owed or given up due now. Returns how many."""
    return Letter.objects.filter(
        pk__in=[letter.pk for letter in letters],
        state__in=[Letter.State.OWED, Letter.State.GIVEN_UP],
    ).update(state=Letter.State.OWED, next_try_at=now, attempts=0)
