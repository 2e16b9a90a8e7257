"""Owing a letter: always in the transaction of the turn that it tells about."""

import datetime as dt

from registrations.models import Letter, Registration


def owe(registration: Registration, kind: Letter.Kind, now: dt.datetime) -> None:
    """One letter of this kind for the registration's present turn."""
    Letter.objects.create(
        registration=registration,
        kind=kind,
        turn=registration.turn,
        created_at=now,
        next_try_at=now,
    )
