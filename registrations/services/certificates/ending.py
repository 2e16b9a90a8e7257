"""What can happen to a certificate: another takes its place, or it is revoked."""

import dataclasses
import datetime as dt

from content.provider.services import provider
from registrations.certificates.numbers import new_number
from registrations.certificates.paper import Facts, Line, certificate_pdf, restored
from registrations.models import Certificate, Registration
from registrations.models.certificate import CertificateQuerySet
from registrations.services import details
from registrations.services.certificates.drawing_up import (
    address_of,
    check_words,
    credential_line,
    issued_line,
)
from registrations.services.certificates.issuing import issue
from registrations.services.ledger import locked_with
from registrations.services.seats import Actor


class NotValid(Exception):
    """It has been replaced or revoked already."""


def replace(
    *, certificate: Certificate, corrected: dict[str, str], actor: Actor, now: dt.datetime
) -> Certificate:
    """A new one with the person's details as `corrected`; the old one then says so.

    All else it says is what the old one said, whatever became of course and class. Raises NotValid,
    and typesetting.NoGlyph and CannotSet.
    """
    person = certificate.registration
    held = {name: getattr(person, name) for name in details.OWN_FIELDS}
    with locked_with(person):
        details.change_details(registration=person, details=held | corrected, actor=actor, now=now)
        # The old one first: only one may be valid.
        if not valid(certificate).update(replaced_at=now):
            raise NotValid
        facts = reissued(restored(certificate.facts), person, now)
        pdf = certificate_pdf(facts, provider().signature_png, now)
        return issue(person, facts, pdf, actor.user, now, replaces=certificate)


def reissued(old: Facts, person: Registration, now: dt.datetime) -> Facts:
    giver, number = provider(), new_number()
    lines = [
        *changed(old.lines, [credential_line(person), issued_line(now, person.scheduled_class)])
    ]
    return dataclasses.replace(
        old,
        name=person.full_name,
        replaces=f"Replacement of certificate {old.number}",
        lines=tuple(line for line in lines if line.value),
        signed_by="\n".join(filter(None, [giver.signed_by, giver.signed_as])),
        number=number,
        check=check_words(),
        address=address_of(number),
    )


def changed(lines: tuple[Line, ...], fresh: list[Line]) -> list[Line]:
    """The lines with those in place of what they say anew; what was not there before comes last."""
    by_fact = {line.fact: line for line in fresh}
    there = {line.fact for line in lines}
    kept = [by_fact.get(line.fact, line) for line in lines]
    return [*kept, *(line for line in fresh if line.fact not in there)]


def revoke(*, certificate: Certificate, why: str, actor: Actor, now: dt.datetime) -> None:
    """It stays where it is and says so. Raises NotValid."""
    with locked_with(certificate.registration):
        done = valid(certificate).update(revoked_at=now, revoked_by=actor.user, revoked_why=why)
        if not done:
            raise NotValid


def valid(certificate: Certificate) -> CertificateQuerySet:
    return Certificate.objects.valid().filter(pk=certificate.pk)
