"""Taking a person out of the rows, and leaving the count right.

A registration is never deleted. What a board may ask for years later, who took part and what was
certified, stays with the name until its own date; everything else goes at once. What goes by
itself, and when, is one table: `registrations/retention/table.py`.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from registrations.models import (
    Attendance,
    AttendanceChange,
    Certificate,
    EvaluationDraft,
    Letter,
    Registration,
    RegistrationEvent,
)
from registrations.services import attendance, auditing, seats
from registrations.services.ledger import locked, locked_with
from registrations.services.seats import Actor

log = logging.getLogger(__name__)

Status = Registration.Status

#: What goes at once, whatever else is kept.
CONTACT = ["email", "email_key", "new_email", "access_needs", "phone", "phone_key", "mail_problem"]
IDENTITY = ["full_name", "name_key", "state", "credential", "credential_number"]

#: In the place of `email_key`, which is unique among the living: nobody's, and different for each.
NOBODY = Concat(Value("erased "), Cast("pk", CharField()))


def must_keep(registration: Registration, now: dt.datetime) -> bool:
    """Whether the record of taking part has to stay.

    It does for who was there, and for who has a seat in a class that has begun, until it is known
    that they missed all of it.
    """
    if attendance.took_part(registration):
        return True
    return had_seat_when_it_began(registration, now) and not attendance.missed_all(registration)


def had_seat_when_it_began(registration: Registration, now: dt.datetime) -> bool:
    starts_at = registration.scheduled_class.starts_at
    has_seat = registration.status == Status.CONFIRMED
    return has_seat and starts_at is not None and starts_at <= now


def erase(*, registration: Registration, actor: Actor, now: dt.datetime) -> None:
    """Give up what is held, then empty what tells who it was. The links end; no mail goes out."""
    with locked_with(registration) as ledger:
        keeps_record = must_keep(registration, now)
        if registration.is_live and not had_seat_when_it_began(registration, now):
            cancels = registration.status == Status.CONFIRMED
            end = Status.CANCELLED if cancels else Status.DECLINED
            seats.close(ledger, registration, end, actor, now, why="erased")
        fields = CONTACT if keeps_record else [*CONTACT, *IDENTITY]
        empty(registration, fields, now)
        seats.settle(ledger, now)
        # When the database is lost with all that came after its last backup, the log still knows.
        transaction.on_commit(partial(log.info, "Erased registration:%s", registration.pk))


def empty(registration: Registration, fields: Iterable[str], now: dt.datetime) -> None:
    """The fields of one registration, and what its letters and history repeat of them."""
    empty_all([registration.pk], fields, now)
    registration.refresh_from_db()


def empty_all(keys: list[int], fields: Iterable[str], now: dt.datetime) -> None:
    """The fields of these registrations, and what their letters and history repeat of them."""
    fields = list(fields)
    # Nobody's mail has no language: it goes back to where it began.
    values = dict.fromkeys(fields, "") | {"email_key": NOBODY, "language": "en"}
    Registration.objects.filter(pk__in=keys).update(
        **values, mail_problem_at=None, erased_at=now, link_version=F("link_version") + 1
    )
    EvaluationDraft.objects.filter(registration__in=keys).delete()
    auditing.drop_those_with(keys)
    letters = Letter.objects.filter(registration__in=keys)
    letters.filter(state=Letter.State.OWED).update(state=Letter.State.SUPERSEDED)
    letters.update(address="", detail={}, last_error="")
    RegistrationEvent.objects.filter(registration__in=keys).update(why="", changes={})
    changes = AttendanceChange.objects.filter(attendance__registration__in=keys)
    if "full_name" in fields:
        # Nobody's attendance is nobody's to ask for.
        changes.delete()
        Attendance.objects.filter(registration__in=keys).delete()
        # The newest first: each holds on to the one it replaced.
        for certificate in Certificate.objects.filter(registration__in=keys).order_by("-pk"):
            certificate.delete()
    else:
        changes.update(why="")


# What goes by itself. Each takes the rows whose day has come, and says how many it has dealt with.


def erase_for_the_days(people: QuerySet[Registration], now: dt.datetime) -> int:
    """What was only for the days of the class. Links and letters stay as they are."""
    return people.update(access_needs="", phone="", phone_key="")


def erase_contact(people: QuerySet[Registration], now: dt.datetime) -> int:
    """How to reach them. The name and what was earned stay."""
    return empty_class_by_class(people, CONTACT, now)


def erase_wholly(people: QuerySet[Registration], now: dt.datetime) -> int:
    """Who they were, and their letters with it. The row stays, so that the counts stay right."""
    return empty_class_by_class(people, [*CONTACT, *IDENTITY], now, with_letters=True)


def empty_class_by_class(
    people: QuerySet[Registration],
    fields: Iterable[str],
    now: dt.datetime,
    *,
    with_letters: bool = False,
) -> int:
    """Under each class's lock, so that nobody joins again while they are erased."""
    done = 0
    classes = people.order_by().values_list("scheduled_class", flat=True).distinct()
    for scheduled_class_id in list(classes):
        with locked(scheduled_class_id):
            here = people.filter(scheduled_class=scheduled_class_id)
            keys = list(here.values_list("pk", flat=True))
            empty_all(keys, fields, now)
            if with_letters:
                Letter.objects.filter(registration__in=keys).delete()
        done += len(keys)
    return done
