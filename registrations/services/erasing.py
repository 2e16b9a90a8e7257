"""Taking a person out of the rows, and leaving the count right.

A registration is never deleted. What a board may ask for years later, who took part and what was
certified, stays with the name until its own date; everything else goes at once.
"""

import datetime as dt

from registrations.models import Letter, Registration
from registrations.services import seats
from registrations.services.ledger import locked
from registrations.services.seats import Actor

Status = Registration.Status

#: What goes at once, whatever else is kept.
CONTACT = ["email", "email_key", "new_email", "access_needs", "phone", "mail_problem"]
IDENTITY = ["full_name", "state", "credential", "credential_number"]


def must_keep(registration: Registration, now: dt.datetime) -> bool:
    """Whether the record of taking part has to stay: a confirmed seat in a class that has begun."""
    starts_at = registration.scheduled_class.starts_at
    took_part = registration.status == Status.CONFIRMED
    return took_part and starts_at is not None and starts_at <= now


def erase(*, registration: Registration, actor: Actor, now: dt.datetime) -> None:
    """Give up what is held, then empty what tells who it was. The links end; no mail goes out."""
    with locked(registration.scheduled_class_id) as ledger:
        registration.refresh_from_db()
        keeps_record = must_keep(registration, now)
        if registration.is_live and not keeps_record:
            cancels = registration.status == Status.CONFIRMED
            end = Status.CANCELLED if cancels else Status.DECLINED
            seats.close(ledger, registration, end, actor, now, why="erased")
        fields = CONTACT if keeps_record else [*CONTACT, *IDENTITY]
        empty(registration, fields, now)
        seats.settle(ledger, now)


def empty(registration: Registration, fields: list[str], now: dt.datetime) -> None:
    """The fields of one registration, and what its letters and history repeat of them."""
    Registration.objects.filter(pk=registration.pk).update(
        **dict.fromkeys(fields, ""),
        erased_at=now,
        link_version=registration.link_version + 1,
    )
    registration.letters.filter(state=Letter.State.OWED).update(state=Letter.State.SUPERSEDED)
    registration.letters.update(address="", detail={}, last_error="")
    registration.events.update(why="")
    registration.refresh_from_db()
