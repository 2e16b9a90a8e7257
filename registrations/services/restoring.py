"""After the database was put back to an earlier moment: what must not happen twice, or come back.

Who was erased since, and who left the list, stays so. A letter that may have gone out already is
held back until staff have looked. Who was asked for an answer has time to give it again.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from registrations import retention
from registrations.models import (
    AccountLetter,
    InterestSignup,
    Letter,
    LinkRequest,
    Registration,
)
from registrations.services import erasing, interest, reminders, seats

Rows = Callable[[type[models.Model]], Iterator[dict[str, Any]]]

#: A letter of one turn: registration, turn, kind and what it is about.
LetterKey = tuple[int, int, str, str]

State = Letter.State


@dataclass
class Erasures:
    """Keys of people who were erased, of those of them of whom no name is left, and of sign-ups."""

    people: set[int] = field(default_factory=set)
    wholly: set[int] = field(default_factory=set)
    signups: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Later:
    """What a later state of the same database knows; `is_whole` when it is the last one."""

    people: set[int]
    wholly: set[int]
    signups_left: set[int]
    sent: dict[LetterKey, dt.datetime]
    is_whole: bool


@dataclass(frozen=True)
class Outcome:
    """How many were erased again, which letters had gone out, and which are held back."""

    erased: int
    left: int
    sent: int
    held_back: int


def read_later(rows: Rows, taken_at: dt.datetime, *, is_whole: bool) -> Later:
    erased = {
        row["id"]: not row["full_name"]
        for row in rows(Registration)
        if row["erased_at"] and row["erased_at"] > taken_at
    }
    sent = {
        key_of(row): row["sent_at"]
        for row in rows(Letter)
        if row["state"] == State.SENT and row["registration_id"] and row["sent_at"] > taken_at
    }
    return Later(
        people=set(erased),
        wholly={key for key, is_wholly in erased.items() if is_wholly},
        signups_left={row["id"] for row in rows(InterestSignup)},
        sent=sent,
        is_whole=is_whole,
    )


def key_of(row: dict[str, Any]) -> LetterKey:
    return row["registration_id"], row["turn"], row["kind"], row["about"]


def catch_up(
    taken_at: dt.datetime,
    known: list[Later],
    erased: Erasures,
    now: dt.datetime,
    *,
    send_owed: bool = False,
) -> Outcome:
    """In the transaction that has put the rows back."""
    give_time(now)
    # Those that were due since are written now, so that the worker does not do it unasked.
    reminders.owe_reminders(now)
    reminders.ask_for_answers(now)
    reminders.ask_how_it_was(now)
    sent = mark_sent(known)
    if not send_owed:
        forget_requests()
    held_back = 0 if send_owed or any(one.is_whole for one in known) else hold_back()
    people = erase_again(known, erased, now)
    left = leave_again(known, erased)
    retention.erase_what_is_due(now)
    return Outcome(people, left, sent, held_back)


def give_time(now: dt.datetime) -> None:
    """Their answer may be among what was lost: nobody loses a seat by that."""
    asked = [Registration.Status.OFFERED, Registration.Status.WAITLISTED]
    waiting = Registration.objects.filter(status__in=asked, answer_by__isnull=False)
    for person in waiting.filter(scheduled_class__class_sessions__isnull=False).distinct():
        seats.give_time(registration=person, now=now)


def mark_sent(known: Iterable[Later]) -> int:
    sent = {key: moment for one in known for key, moment in one.sent.items()}
    count = 0
    for letter in Letter.objects.filter(state=State.OWED) if sent else []:
        row = {name: getattr(letter, name) for name in ("registration_id", "turn", "kind", "about")}
        if moment := sent.get(key_of(row)):
            Letter.objects.filter(pk=letter.pk).update(state=State.SENT, sent_at=moment)
            count += 1
    return count


def hold_back() -> int:
    """Nobody knows whether these went out. The desk lists them, and sends them at a press."""
    words = _("Held back when the site was restored: it may have gone out already.")
    owed = Letter.objects.filter(state=State.OWED)
    return owed.update(state=State.GIVEN_UP, claimed_until=None, last_error=words)


def forget_requests() -> None:
    """Answered within seconds, so they have been. Whoever has no answer asks again."""
    LinkRequest.objects.all().delete()
    AccountLetter.objects.all().delete()


def erase_again(known: Iterable[Later], erased: Erasures, now: dt.datetime) -> int:
    known = list(known)
    people = erased.people.union(*(one.people for one in known))
    wholly = erased.wholly.union(*(one.wholly for one in known))
    there = Registration.objects.filter(pk__in=people).order_by("pk")
    for person in there:
        erasing.erase(registration=person, actor=seats.SITE, now=now)
        if person.pk in wholly and person.full_name:
            erasing.empty(person, [*erasing.CONTACT, *erasing.IDENTITY], now)
    return len(there)


def leave_again(known: Iterable[Later], erased: Erasures) -> int:
    """Off the list: who is named, and who is on it no more in a later state."""
    there = set(InterestSignup.objects.values_list("pk", flat=True))
    gone = (erased.signups & there).union(*(there - one.signups_left for one in known))
    for key in sorted(gone):
        interest.leave(signup=InterestSignup(pk=key))
    return len(gone)
