"""Issuing: staff ask for many at once, and the worker makes them one by one.

Each is a transaction of its own with the letter that tells of it, so a stop in the middle loses
nothing and nothing is made twice: one valid certificate a registration is a constraint.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from content import typesetting
from content.history import recording
from content.provider.services import provider
from courses.models import ScheduledClass
from registrations.certificates.numbers import new_number
from registrations.certificates.paper import Facts, certificate_pdf
from registrations.models import Certificate, CertificateBatch, Letter, Registration
from registrations.services.certificates.drawing_up import facts_of, not_settled
from registrations.services.completion import completion_of
from registrations.services.ledger import locked
from registrations.services.letters import letter_for, owe
from registrations.services.seats import Actor

#: So many between two looks at the other jobs of the worker.
AT_ONCE = 25


class AlreadyOrdered(Exception):
    """The button was pressed twice."""


class NothingToIssue(Exception):
    """Nobody of them has earned a certificate that is not issued yet."""


def order(
    *,
    scheduled_class: ScheduledClass,
    key: uuid.UUID,
    people: Iterable[int],
    actor: Actor,
    now: dt.datetime,
) -> CertificateBatch:
    """Ask the worker for the certificates of these registrations. Raises the two above."""
    with locked(scheduled_class.pk):
        if CertificateBatch.objects.filter(key=key).exists():
            raise AlreadyOrdered
        keys = [one.pk for one in earned(scheduled_class, people, now)]
        if not keys:
            raise NothingToIssue
        batch = CertificateBatch.objects.create(
            key=key,
            scheduled_class=scheduled_class,
            asked_at=now,
            asked_by=actor.user,
            asked_for=len(keys),
            left=keys,
        )
        recording.added(
            scheduled_class,
            what="registrations.certificatebatch",
            key=batch.pk,
            name=str(len(keys)),
            actor=actor,
            now=now,
        )
    return batch


def earned(
    scheduled_class: ScheduledClass, people: Iterable[int], now: dt.datetime
) -> list[Registration]:
    """Those of them who have earned a certificate and have none, and are in no open batch."""
    known = Registration.objects.filter(
        scheduled_class=scheduled_class, pk__in=[*people], status=Registration.Status.CONFIRMED
    ).exclude(full_name="")
    have = Certificate.objects.valid().filter(registration__scheduled_class=scheduled_class)
    taken = {*have.values_list("registration", flat=True), *waiting_for(scheduled_class)}
    found = [one for one in known.order_by("full_name", "pk") if one.pk not in taken]
    outcomes = completion_of(found, now)
    return [one for one in found if outcomes[one.pk].outcome.earns_certificate]


def waiting_for(scheduled_class: ScheduledClass) -> set[int]:
    """Whose certificate is asked for and not made yet."""
    batches = CertificateBatch.objects.filter(scheduled_class=scheduled_class, done_at=None)
    return {key for batch in batches for key in batch.left}


def issue_ordered(now: dt.datetime) -> int:
    """The worker's part: some of the oldest batch. Returns how many people were dealt with."""
    batch = CertificateBatch.objects.filter(done_at=None).order_by("pk").first()
    if batch is None:
        return 0
    keys = batch.left[:AT_ONCE]
    for key in keys:
        deal_with(batch, key, now)
    return len(keys)


def deal_with(batch: CertificateBatch, key: int, now: dt.datetime) -> None:
    """One certificate: drawn and set first, then stored under the lock if all is still so."""
    drawn = draw(batch, key, now)
    with locked(batch.scheduled_class_id):
        stored = CertificateBatch.objects.select_for_update().get(pk=batch.pk)
        if key not in stored.left:
            return  # Another worker was faster.
        if drawn:
            person, facts, pdf = drawn
            again = draw_facts(batch, key, facts.number, now)
            if again is not None and again != facts:
                return  # Somebody changed something this very moment: the next round sees it.
            if again is not None:
                issue(person, facts, pdf, stored.asked_by, now)
                stored.issued += 1
        stored.left = [one for one in stored.left if one != key]
        stored.done_at = None if stored.left else now
        stored.save(update_fields=["left", "issued", "done_at"])


def draw(
    batch: CertificateBatch, key: int, now: dt.datetime
) -> tuple[Registration, Facts, bytes] | None:
    """None when there is none to be issued: not earned any more, issued already, not printable."""
    facts = draw_facts(batch, key, new_number(), now)
    if facts is None:
        return None
    try:
        pdf = certificate_pdf(facts, provider().signature_png, now)
    except (typesetting.NoGlyph, typesetting.CannotSet):
        return None
    return Registration.objects.get(pk=key), facts, pdf


def draw_facts(batch: CertificateBatch, key: int, number: str, now: dt.datetime) -> Facts | None:
    people = Registration.objects.select_related("scheduled_class__course")
    known = people.filter(
        scheduled_class=batch.scheduled_class_id, status=Registration.Status.CONFIRMED
    ).exclude(full_name="")
    person = known.filter(pk=key).first()
    if person is None or any(not_settled(person.scheduled_class)):
        return None
    if person.certificates.valid().exists():
        return None
    completion = completion_of([person], now)[person.pk]
    if not completion.outcome.earns_certificate:
        return None
    return facts_of(person, completion, number, now)


@transaction.atomic
def issue(
    person: Registration,
    facts: Facts,
    pdf: bytes,
    by: User | None,
    now: dt.datetime,
    *,
    replaces: Certificate | None = None,
) -> Certificate:
    """The row and the letter, in one transaction, under the class's lock."""
    certificate = Certificate(
        registration=person,
        number=facts.number,
        full_name=facts.name,
        facts=facts.stored(),
        pdf=pdf,
        issued_at=now,
        issued_by=by,
        replaces=replaces,
    )
    certificate.save()
    owe(person, Letter.Kind.CERTIFICATE, now, about=str(person.certificates.count()))
    return certificate


def is_newest(registration: Registration, about: str) -> bool:
    """Whether the letter tells of the last one, by how many there were then, and it is valid."""
    count = registration.certificates.count()
    return about == str(count) and registration.certificates.valid().exists()


def owe_letters(people: Iterable[Registration], now: dt.datetime) -> None:
    """What issuing to them will owe: for showing it first. Somebody may have had one before."""
    people = list(people)
    before = Counter(
        Certificate.objects.filter(registration__in=people).values_list("registration", flat=True)
    )
    Letter.objects.bulk_create(
        letter_for(person, Letter.Kind.CERTIFICATE, now, about=str(before[person.pk] + 1))
        for person in people
    )
