"""What a person can change about themselves, ask for, and take away. No seat is touched here."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from registrations.addresses import email_key
from registrations.finding import keys_of
from registrations.history import details_changed
from registrations.models import (
    AttendanceChange,
    Letter,
    LinkRequest,
    Registration,
    RegistrationEvent,
)
from registrations.services import evaluation
from registrations.services.ledger import locked_with
from registrations.services.letters import owe
from registrations.services.seats import PAUSE_BETWEEN_LETTERS, Actor, AlreadyRegistered, find_live

Kind = Letter.Kind
Status = Registration.Status

#: An address with more registrations than this gets the links of the newest.
LINKS_AT_ONCE = 5

#: What changes with the address.
ADDRESS_FIELDS = [
    "email",
    "email_key",
    "new_email",
    "shares_address",
    "mail_problem",
    "mail_problem_at",
    "link_version",
    "turn",
]

#: What a person may change by themselves, at once.
OWN_FIELDS = [
    "full_name",
    "access_needs",
    "phone",
    "language",
    "state",
    "credential",
    "credential_number",
]


def change_details(
    *, registration: Registration, details: dict[str, str], actor: Actor, now: dt.datetime
) -> list[str]:
    """Save what differs, with a row of history that names the fields. Returns their names."""
    with held(registration) as person:
        given = {"language": person.language} | details
        changed = [name for name in OWN_FIELDS if given.get(name, "") != getattr(person, name)]
        if changed:
            new = {name: given.get(name, "") for name in changed}
            keys = keys_of(details.get("full_name", ""), details.get("phone", ""))
            Registration.objects.filter(pk=person.pk).update(**new, **keys)
            note(person, actor, now, changes=details_changed(person, new))
    registration.refresh_from_db()
    return changed


def ask_new_address(*, registration: Registration, address: str, now: dt.datetime) -> None:
    """Write to the new address. Nothing else changes until its button is pressed."""
    with held(registration) as person:
        person.new_email = address
        person.turn += 1
        person.save(update_fields=["new_email", "turn"])
        if not recently_written(person, now, kind=Kind.NEW_ADDRESS, address=address):
            owe(person, Kind.NEW_ADDRESS, now, address=address)


def take_new_address(
    *, registration: Registration, address: str, actor: Actor, now: dt.datetime
) -> None:
    """The new address has answered: it is the person's, older links end, the old one is told.

    Raises AlreadyRegistered when the address has a live registration of its own in this class.
    """
    with held(registration) as person:
        other = find_live(person.scheduled_class_id, address)
        if person.is_live and other not in {None, person}:
            raise AlreadyRegistered
        # With an address of their own they share none.
        person.shares_address = False
        old = person.email
        person.email, person.email_key = address, email_key(address)
        person.new_email, person.mail_problem, person.mail_problem_at = "", "", None
        person.link_version += 1
        person.turn += 1
        person.save(update_fields=ADDRESS_FIELDS)
        note(person, actor, now, changes=details_changed(person, {"email": address}))
        # An address that never answered may be a stranger's: nothing is told to it.
        if person.proved_at and email_key(old) != person.email_key:
            owe(person, Kind.OLD_ADDRESS, now, address=old)
        owe(person, Kind.LINK, now)


def send_link(*, registration: Registration, now: dt.datetime) -> bool:
    """The person's own link once more, at most every two minutes. Whether it goes out now."""
    with held(registration) as person:
        if not person.email or recently_written(person, now, kind=Kind.LINK):
            return False
        person.turn += 1
        person.save(update_fields=["turn"])
        owe(person, Kind.LINK, now)
        return True


def answer_link_requests(now: dt.datetime) -> int:
    """Send each asked-for link to the address it belongs to, if it belongs to anyone."""
    requests = list(LinkRequest.objects.order_by("pk")[:100])
    for request in requests:
        for registration in most_theirs_first(request.email_key)[:LINKS_AT_ONCE]:
            send_link(registration=registration, now=now)
        request.delete()
    return len(requests)


def most_theirs_first(key: str) -> list[Registration]:
    """The registrations of an address: a stranger's tries with it never bury the real ones."""
    people = Registration.objects.filter(email_key=key, erased_at__isnull=True)
    return sorted(
        people, key=lambda person: (person.is_live, person.proved_at is not None, person.pk)
    )[::-1]


@contextmanager
def held(registration: Registration) -> Iterator[Registration]:
    """The row as it is now, under its class's lock until the block ends."""
    with locked_with(registration):
        yield registration


def recently_written(
    person: Registration, now: dt.datetime, *, kind: Kind, address: str = ""
) -> bool:
    since = now - PAUSE_BETWEEN_LETTERS
    return person.letters.filter(kind=kind, address=address, created_at__gt=since).exists()


def note(
    registration: Registration,
    actor: Actor,
    now: dt.datetime,
    *,
    why: str = "",
    changes: dict[str, list[str]] | None = None,
) -> None:
    """A row of history for something that changes no status."""
    RegistrationEvent.objects.create(
        registration=registration,
        at=now,
        from_status=registration.status,
        to_status=registration.status,
        by=actor.by,
        by_user=actor.user,
        why=why,
        changes=changes or {},
    )


#: What a person can take along of their history. Who of the staff it was is not theirs.
HISTORY = ["at", "from_status", "to_status", "by", "why", "changes"]


ATTENDANCE = [
    "class_session__starts_at",
    "presence",
    "missed_minutes",
    "made_up_in__starts_at",
    "missed_there",
    "recorded_at",
]


def all_that_is_held(registration: Registration) -> dict[str, Any]:
    """Everything the site knows about the person in this class, as plain data."""
    own = ["full_name", "email", "role", "access_needs", "phone", "language", "state"]
    own += ["credential", "credential_number", "status", "created_at", "proved_at"]
    return {
        "class": registration.scheduled_class.title,
        **{name: getattr(registration, name) for name in own},
        "history": list(registration.events.values(*HISTORY)),
        "evaluation": {
            "answered": registration.evaluated,
            "not_sent": evaluation.answers_of(registration),
        },
        "letters": list(registration.letters.order_by("pk").values("kind", "state", "sent_at")),
        "attendance": list(registration.attendances.values(*ATTENDANCE)),
        "certificates": list(
            registration.certificates.order_by("pk").values(
                "number", "facts", "issued_at", "replaced_at", "revoked_at", "revoked_why"
            )
        ),
        "attendance_changes": list(
            AttendanceChange.objects.filter(attendance__registration=registration).values(
                "at", "attendance__class_session__starts_at", "old", "new", "why"
            )
        ),
    }
