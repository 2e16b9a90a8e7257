"""Owing a letter: always in the transaction of the turn that it tells about."""

import datetime as dt
from typing import Any

from registrations.models import InterestSignup, Letter, Registration


def owe(
    person: Registration | InterestSignup, kind: Letter.Kind, now: dt.datetime, **fields: Any
) -> None:
    """One letter of this kind for the person's present turn; `fields` are the letter's own."""
    letter_for(person, kind, now, **fields).save()


def letter_for(
    person: Registration | InterestSignup, kind: Letter.Kind, now: dt.datetime, **fields: Any
) -> Letter:
    """The letter that `owe` stores."""
    owed_to = "interest" if isinstance(person, InterestSignup) else "registration"
    return Letter(
        **{owed_to: person},
        kind=kind,
        turn=person.turn,
        created_at=now,
        next_try_at=now,
        **fields,
    )
