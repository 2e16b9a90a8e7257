"""Checking a certificate, and the page of somebody who has one."""

from registrations import limits
from registrations.certificates.numbers import new_number
from registrations.models import Certificate
from registrations.services import certificates
from tests.browser.states.visit import ANOTHER_NETWORK, Seen, Visit, state, use_up
from tests.registrations.certificates.classes import OVER, STAFF, issued_to


def long_ago(certificate: Certificate) -> Certificate:
    """The class lies in the past of the visitor's clock."""
    for meeting in certificate.registration.scheduled_class.class_sessions.all():
        meeting.starts_at -= OVER - OVER.replace(year=OVER.year - 1)
        meeting.ends_at -= OVER - OVER.replace(year=OVER.year - 1)
        meeting.save()
    return certificate


def revoked() -> Certificate:
    certificate = issued_to("Nguyễn Thị Hoa")
    certificates.revoke(certificate=certificate, why="Issued before Day 2.", actor=STAFF, now=OVER)
    return certificate


@state("registrations:certificates")
def where_to_type_a_number(visit: Visit) -> Seen:
    return visit.get("registrations:certificates")


@state("registrations:certificates")
def a_number_with_a_slip(visit: Visit) -> Seen:
    return visit.get("registrations:certificates", query="?number=K7QD-2M9X-T4R")


@state("registrations:certificate")
def a_number_that_is_not_ours(visit: Visit) -> Seen:
    return visit.get("registrations:certificate", new_number())


@state("registrations:certificate")
def too_many_numbers(visit: Visit) -> Seen:
    use_up(limits.CERTIFICATE_LOOKUPS)
    path = visit.path("registrations:certificate", new_number())
    return visit.seen(visit.client.get(path, REMOTE_ADDR=ANOTHER_NETWORK))


@state("registrations:certificate")
def a_valid_one(visit: Visit) -> Seen:
    return visit.get("registrations:certificate", issued_to("محمد عبد الله").number)


@state("registrations:certificate")
def a_replaced_one(visit: Visit) -> Seen:
    old = issued_to()
    corrected = {"full_name": "Ana Ruiz de León"}
    certificates.replace(certificate=old, corrected=corrected, actor=STAFF, now=OVER)
    return visit.get("registrations:certificate", old.number)


@state("registrations:certificate")
def a_revoked_one(visit: Visit) -> Seen:
    return visit.get("registrations:certificate", revoked().number)


@state("registrations:own_page")
def a_certificate_is_ready(visit: Visit) -> Seen:
    return visit.own(long_ago(issued_to()).registration)


@state("registrations:own_page")
def a_certificate_was_revoked(visit: Visit) -> Seen:
    return visit.own(long_ago(revoked()).registration)
