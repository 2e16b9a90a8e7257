import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from content.models import Provider
from courses.models import Course, ScheduledClass
from registrations.certificates.paper import restored
from registrations.models import Certificate, CertificateBatch, Letter, Registration
from registrations.services import certificates, delivery, erasing
from registrations.services.seats import PERSON
from tests.factories import make_class
from tests.registrations.certificates.classes import (
    OVER,
    STAFF,
    issued_to,
    order,
    past_class,
    record,
    seated,
    settle,
    work,
)
from tests.registrations.certificates.papers import make_png, plain, read_back

pytestmark = pytest.mark.django_db


def lines_of(certificate: Certificate) -> dict[str, str]:
    return {line.fact: line.value for line in restored(certificate.facts).lines}


def test_a_certificate_says_every_fact_that_boards_ask_for():
    scheduled_class = make_class()
    settle(scheduled_class)
    person = seated(scheduled_class, "Ana Ruiz")
    Registration.objects.filter(pk=person.pk).update(
        credential="CPFS", credential_number="5567", state="Colorado"
    )
    record(person, "present", "present")
    order(scheduled_class)
    work()
    certificate = Certificate.objects.get()
    facts = restored(certificate.facts)
    assert (facts.name, facts.course) == (
        "Ana Ruiz",
        "Recovering from Benzodiazepines for Peer Specialists",
    )
    assert lines_of(certificate) == {
        "dates": "Saturday, January 16, 2027\nSaturday, January 23, 2027",
        "delivery": "Online, live, by video meeting",
        "hours": "12 hours",
        "credits": "12 CE credits",
        "approvals": (
            "COPA/CPFS, approval number 77, valid from January 1, 2026 to December 31, 2028: "
            "12 CE credits"
        ),
        "domains": "Advocacy: 12 hours\nEthical responsibility: 0 hours",
        "instructors": "Robin Vale, CPFS",
        "credential": "CPFS, number 5567, Colorado",
        "issued": "January 25, 2027",
        "contact": "Sample Work Group\n1 Example Street, Denver, Colorado\ntraining@peers.test",
    }
    assert facts.signed_by == "Robin Vale, CPFS\nTraining lead"
    assert facts.address == f"http://testserver/certificates/{certificate.number}/"
    text = read_back(certificate.paper)
    assert [words for words in facts.words() if plain(words) not in text] == []


def test_the_paper_stays_english_when_everything_around_it_is_spanish():
    scheduled_class = past_class("Luis Ortega")
    order(scheduled_class)
    with translation.override("es"):
        work()
    assert lines_of(Certificate.objects.get())["dates"].startswith("Saturday, January 16")


def test_who_missed_a_day_gets_none():
    scheduled_class = past_class("Ana Ruiz")
    missed = seated(scheduled_class, "Dan Moss")
    record(missed, "present", "absent")
    order(scheduled_class)
    work()
    assert [one.full_name for one in Certificate.objects.all()] == ["Ana Ruiz"]


def test_credit_for_a_part_says_so():
    scheduled_class = past_class()
    Course.objects.update(partial_credit=True)
    record(seated(scheduled_class, "Dan Moss"), "present", "absent")
    order(scheduled_class)
    work()
    [certificate] = Certificate.objects.all()
    assert certificate.facts["before_course"] == "has completed in part"
    assert lines_of(certificate)["dates"] == "Saturday, January 16, 2027"
    assert lines_of(certificate)["hours"] == "6 of 12 hours"
    assert lines_of(certificate)["credits"] == "6 CE credits"
    assert "12 CE credits" not in read_back(certificate.paper)


def test_the_letter_is_owed_with_the_certificate_and_goes_out_once(mailoutbox: list[Any]):
    certificate = issued_to()
    [letter] = Letter.objects.filter(kind=Letter.Kind.CERTIFICATE)
    assert letter.registration == certificate.registration
    delivery.deliver_due(clock=lambda: OVER)
    [mail] = mailoutbox
    assert "Your certificate is ready. Open your page to download it." in mail.body
    assert certificate.number not in mail.body


def test_a_letter_about_a_certificate_that_is_revoked_does_not_go_out(mailoutbox: list[Any]):
    certificate = issued_to()
    certificates.revoke(certificate=certificate, why="A mistake.", actor=STAFF, now=OVER)
    delivery.deliver_due(clock=lambda: OVER)
    assert mailoutbox == []


def test_asking_twice_makes_none_twice():
    scheduled_class = past_class("Ana Ruiz", "Dan Moss")
    key = uuid.uuid4()
    people = [person.pk for person in scheduled_class.registrations.all()]

    def ask(key: uuid.UUID) -> None:
        certificates.order(
            scheduled_class=scheduled_class, key=key, people=people, actor=STAFF, now=OVER
        )

    ask(key)
    with pytest.raises(certificates.AlreadyOrdered):
        ask(key)
    with pytest.raises(certificates.NothingToIssue):
        ask(uuid.uuid4())
    work()
    with pytest.raises(certificates.NothingToIssue):
        ask(uuid.uuid4())
    assert Certificate.objects.count() == 2
    assert Letter.objects.filter(kind=Letter.Kind.CERTIFICATE).count() == 2


def test_a_worker_that_stops_half_way_leaves_the_rest_to_the_next(monkeypatch: pytest.MonkeyPatch):
    scheduled_class = past_class("Ana Ruiz", "Dan Moss", "Eve Stone")
    order(scheduled_class)
    monkeypatch.setattr(certificates.issuing, "AT_ONCE", 1)
    certificates.issue_ordered(OVER)
    batch = CertificateBatch.objects.get()
    assert (batch.issued, len(batch.left), batch.done_at) == (1, 2, None)
    # Two workers at the same person: the second finds that it is done.
    certificates.issuing.deal_with(batch, Certificate.objects.get().registration_id, OVER)
    assert Certificate.objects.count() == 1
    work()
    batch.refresh_from_db()
    assert (batch.issued, batch.left, batch.done_at) == (3, [], OVER)
    assert Certificate.objects.count() == 3


def test_an_attendance_that_was_corrected_meanwhile_counts():
    scheduled_class = past_class("Ana Ruiz")
    order(scheduled_class)
    record(scheduled_class.registrations.get(), "present", "absent")
    work()
    assert not Certificate.objects.exists()
    assert CertificateBatch.objects.get().done_at == OVER


def test_a_name_that_cannot_be_printed_is_known_before_and_never_issued():
    scheduled_class = past_class("Ana Ruiz", "தமிழ்")
    people = list(scheduled_class.registrations.order_by("pk"))
    found = certificates.unprintable(people)
    assert found.keys() == {people[1].pk}
    assert set(found[people[1].pk]) == set("தமிழ்")
    order(scheduled_class)
    work()
    assert [one.full_name for one in Certificate.objects.all()] == ["Ana Ruiz"]


# What was issued stays.


def test_an_issued_certificate_stays_byte_for_byte_whatever_changes(settings: Any, tmp_path: Path):
    certificate = issued_to()
    before = Certificate.objects.values("facts", "pdf", "number", "full_name").get()
    before["pdf"] = bytes(before["pdf"])
    Course.objects.update(certificate_title="Another title", credits=1, contact_minutes=60)
    Provider.objects.update(name="Somebody else", signed_by="X", signature=make_png(90, 30))
    Registration.objects.update(full_name="Other Name", credential="LAC")
    ScheduledClass.objects.update(delivery="in_person", town="Denver")
    # Another template, and a library that cannot set anything any more.
    settings.BASE_DIR = tmp_path
    with pytest.raises(Exception, match=r"not found|No such"):
        certificates.preview_of(certificate.registration, OVER)
    after = Certificate.objects.values("facts", "pdf", "number", "full_name").get()
    after["pdf"] = bytes(after["pdf"])
    assert after == before


def test_saving_it_again_or_writing_over_it_is_refused():
    certificate = issued_to()
    certificate.full_name = "Another"
    with pytest.raises(TypeError):
        certificate.save()
    with pytest.raises(TypeError):
        Certificate.objects.update(full_name="Another")


def test_the_database_allows_one_valid_certificate_a_registration():
    certificate = issued_to()
    facts = restored(certificate.facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(
            registration=certificate.registration,
            number="0000-0000-0000",
            full_name=facts.name,
            facts=certificate.facts,
            pdf=b"x",
            issued_at=OVER,
        )


# Replaced, revoked.


def test_a_corrected_name_makes_a_replacement_and_both_say_so():
    old = issued_to("Ana Ruis")
    paper = old.paper
    Course.objects.update(certificate_title="Renamed since")
    new = certificates.replace(
        certificate=old, corrected={"full_name": "Ana Ruiz"}, actor=STAFF, now=OVER
    )
    old.refresh_from_db()
    facts = restored(new.facts)
    assert (old.replacement, old.replaced_at, old.paper) == (new, OVER, paper)
    assert (new.replaces, new.full_name) == (old, "Ana Ruiz")
    assert facts.replaces == f"Replacement of certificate {old.number}"
    assert facts.course == "Recovering from Benzodiazepines for Peer Specialists"
    text = read_back(new.paper)
    assert "Ana Ruiz" in text
    assert facts.replaces in text
    assert Registration.objects.get(pk=new.registration_id).full_name == "Ana Ruiz"
    assert Letter.objects.filter(kind=Letter.Kind.CERTIFICATE).count() == 2


def test_a_replacement_has_the_credential_that_was_given_since():
    old = issued_to()
    corrected = {"credential": "CPFS", "credential_number": "12"}
    new = certificates.replace(certificate=old, corrected=corrected, actor=STAFF, now=OVER)
    assert lines_of(new)["credential"] == "CPFS, number 12"
    assert {**lines_of(new), "credential": ""} == {**lines_of(old), "credential": ""}


def test_of_two_who_replace_one_certificate_one_does():
    old = issued_to()
    certificates.replace(certificate=old, corrected={}, actor=STAFF, now=OVER)
    with pytest.raises(certificates.NotValid):
        certificates.replace(certificate=old, corrected={"full_name": "X"}, actor=STAFF, now=OVER)
    with pytest.raises(certificates.NotValid):
        certificates.revoke(certificate=old, why="x", actor=STAFF, now=OVER)
    assert Certificate.objects.count() == 2
    assert Registration.objects.get().full_name == "Ana Ruiz"


def test_a_name_that_cannot_be_printed_replaces_nothing():
    old = issued_to()
    with pytest.raises(Exception, match="😀"):
        certificates.replace(
            certificate=old, corrected={"full_name": "Ana 😀"}, actor=STAFF, now=OVER
        )
    old.refresh_from_db()
    assert old.is_valid
    assert Registration.objects.get().full_name == "Ana Ruiz"


def test_after_a_revoked_one_another_can_be_issued():
    old = issued_to()
    certificates.revoke(certificate=old, why="Issued by mistake.", actor=STAFF, now=OVER)
    order(old.registration.scheduled_class)
    work()
    old.refresh_from_db()
    assert (old.is_valid, old.revoked_why) == (False, "Issued by mistake.")
    assert Certificate.objects.valid().count() == 1


# Erased.


def test_a_certificate_outlives_the_wish_to_be_erased_and_goes_with_the_name():
    old = issued_to()
    certificates.replace(certificate=old, corrected={}, actor=STAFF, now=OVER)
    person = old.registration
    erasing.erase(registration=person, actor=PERSON, now=OVER)
    assert Certificate.objects.count() == 2
    seven_years = OVER + dt.timedelta(days=8 * 366)
    people = Registration.objects.filter(pk=person.pk)
    erasing.erase_wholly(people, seven_years)
    assert not Certificate.objects.exists()
    assert Registration.objects.filter(pk=person.pk, full_name="").exists()
