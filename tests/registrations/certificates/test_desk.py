"""Certificates at the desk: the page of a class, the register, replacing and revoking."""

import html
import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import Change, Provider
from courses.models import Course, ScheduledClass
from registrations.models import Certificate, CertificateBatch, Letter, Registration
from registrations.services import certificates
from tests.admin_forms import acted, carried_by, rows
from tests.factories import make_class
from tests.registrations.certificates.classes import (
    OVER,
    STAFF,
    issued_to,
    past_class,
    record,
    seated,
    work,
)
from tests.registrations.certificates.papers import make_png, read_back

pytestmark = pytest.mark.django_db

REGISTER = "/admin/registrations/certificate/"
PROVIDER = "/admin/content/provider/1/change/"


@pytest.fixture(autouse=True)
def after_the_class():
    with time_machine.travel(OVER, tick=False):
        yield


def page_of(scheduled_class: ScheduledClass) -> str:
    return f"/admin/courses/scheduledclass/{scheduled_class.pk}/certificates/"


def act_on(certificate: Certificate, act: str) -> str:
    return f"{REGISTER}{certificate.pk}/{act}/"


def words_of(response: Any) -> str:
    body = response.text.split('id="content-main"')[1]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def key_on(response: Any) -> str:
    return str(re.findall(r'name="key" value="([^"]+)"', response.text)[0])


def test_staff_see_who_is_complete_and_why_the_others_are_not(admin_client: Client):
    scheduled_class = past_class("Ana Ruiz", "தமிழ்")
    record(seated(scheduled_class, "Dan Moss"), "present", "absent")
    seated(scheduled_class, "Eve Stone")
    response = admin_client.get(page_of(scheduled_class))
    ready, others = response.text.split('id="others"')
    assert "Ana Ruiz" in ready
    assert "Complete: 12 hours, 12 CE credits." in ready
    assert "Dan Moss" not in ready
    words = words_of(response)
    assert "Dan Moss Not complete. Missing: 6 hours of Day 2." in words
    assert "Eve Stone Day 1: not recorded yet. Day 2: not recorded yet." in words
    assert "The name cannot be printed:" in others


def test_a_preview_is_marked_and_has_no_number(admin_client: Client):
    scheduled_class = past_class("Ana Ruiz")
    person = scheduled_class.registrations.get()
    response = admin_client.get(f"{page_of(scheduled_class)}{person.pk}/")
    assert response.headers["Content-Type"] == "application/pdf"
    text = read_back(response.content)
    assert "PREVIEW" in text
    assert "No number yet" in text
    assert "Ana Ruiz" in text
    assert not Certificate.objects.exists()


def test_staff_read_the_letter_first_and_one_press_issues_them_all(
    admin_client: Client, admin_user: User
):
    scheduled_class = past_class("Ana Ruiz", "Dan Moss", "Eve Stone")
    path = page_of(scheduled_class)
    ana, dan, _eve = scheduled_class.registrations.order_by("full_name")
    typed = {"people": [ana.pk, dan.pk], "key": key_on(admin_client.get(path))}
    shown = admin_client.post(path, typed)
    assert "Issue 2 certificates and tell them" in shown.text
    assert "Your certificate is ready. Open your page to download it." in shown.text
    assert not CertificateBatch.objects.exists()
    assert not Letter.objects.filter(kind=Letter.Kind.CERTIFICATE).exists()
    done = admin_client.post(path, carried_by(shown), follow=True)
    assert "They are being made." in done.text
    assert "0 of 2 are issued." in words_of(done)
    assert words_of(done).count("Is being made.") == 2
    work()
    page = words_of(admin_client.get(path))
    assert "2 certificates were issued on Monday, January 25, 2027" in page
    for certificate in Certificate.objects.all():
        assert certificate.number in page
        assert certificate.issued_by == admin_user
    # The same press once more.
    again = admin_client.post(path, carried_by(shown), follow=True)
    assert "Somebody has changed this page meanwhile." in again.text
    work()
    assert Certificate.objects.count() == 2


def test_without_title_provider_and_signature_nothing_can_be_issued(admin_client: Client):
    scheduled_class = make_class()
    record(seated(scheduled_class, "Ana Ruiz"), "present", "present")
    words = words_of(admin_client.get(page_of(scheduled_class)))
    assert "The course has no title for certificates yet." in words
    assert "Who gives the training, and how to reach them, is not written down yet." in words
    assert "There is no signature yet." in words
    assert "Next: see what happens" not in words


def test_nobody_ticked_is_told(admin_client: Client):
    scheduled_class = past_class("Ana Ruiz")
    path = page_of(scheduled_class)
    response = admin_client.post(path, {"key": key_on(admin_client.get(path))})
    assert "Tick at least one person." in response.text


def test_the_page_takes_as_many_queries_for_many_as_for_few(admin_client: Client):
    counts = []
    for size in (2, 9):
        scheduled_class = past_class(*[f"Person {number}" for number in range(size)])
        path = page_of(scheduled_class)
        admin_client.get(path)
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(path)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_class_leads_to_it_once_it_has_begun(admin_client: Client):
    scheduled_class = past_class("Ana Ruiz")
    overview = f"/admin/courses/scheduledclass/{scheduled_class.pk}/"
    assert f'href="{page_of(scheduled_class)}"' in admin_client.get(overview).text


# The register.


def found(client: Client, **query: str) -> list[str]:
    response = client.get(REGISTER, query)
    if "<tbody>" not in response.text:
        return []
    return [row[1] if len(row) == 6 else row[0] for row in rows(response)]


def test_the_register_finds_by_number_name_and_date(admin_client: Client):
    first, second = issued_to("Nguyễn Thị Hoa"), issued_to("Dan Moss")
    number = first.number
    assert set(found(admin_client)) == {number, second.number}
    for typed in [number, number.lower().replace("-", " "), number[:7], "nguyen hoa", "HOA"]:
        assert found(admin_client, q=typed) == [number], typed
    assert found(admin_client, q="Somebody Else") == []
    assert set(found(admin_client, issued_at__year="2027")) == {number, second.number}
    assert found(admin_client, issued_at__year="2026") == []


def test_the_register_takes_as_many_queries_for_many_as_for_few(admin_client: Client):
    counts = []
    for _ in range(2):
        certificate = issued_to()
        certificates.replace(certificate=certificate, corrected={}, actor=STAFF, now=OVER)
        issued_to()
        admin_client.get(REGISTER)
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(REGISTER)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_one_in_the_register_shows_its_facts_and_its_paper(admin_client: Client):
    certificate = issued_to()
    words = words_of(admin_client.get(f"{REGISTER}{certificate.pk}/change/"))
    assert "COPA/CPFS, approval number 77" in words
    assert "State Valid" in words
    response = admin_client.get(act_on(certificate, "paper"))
    assert response.content == certificate.paper


# Replace and revoke.


def test_staff_replace_one_after_reading_what_it_does(admin_client: Client):
    old = issued_to("Ana Ruis")
    corrected = {"full_name": "Ana Ruiz", "state": "", "credential": "", "credential_number": ""}
    response = acted(admin_client, act_on(old, "replace"), corrected)
    assert "A corrected certificate is issued." in response.text
    new = Certificate.objects.valid().get()
    assert (new.full_name, new.replaces) == ("Ana Ruiz", old)
    assert f"Replaced by {new.number}" in words_of(response)


def test_a_name_that_cannot_be_printed_is_refused_with_the_form_kept(admin_client: Client):
    old = issued_to()
    response = acted(admin_client, act_on(old, "replace"), {"full_name": "Ana 😀"})
    assert "These signs cannot be printed: 😀" in response.text
    assert 'value="Ana 😀"' in response.text
    assert Certificate.objects.count() == 1
    assert Registration.objects.get().full_name == "Ana Ruiz"


def test_staff_revoke_one_with_a_reason(admin_client: Client):
    certificate = issued_to()
    path = act_on(certificate, "revoke")
    assert "Write why it is revoked." in admin_client.post(path, {"why": ""}).text
    response = admin_client.post(path, {"why": "Issued too soon."}, follow=True)
    assert "It is revoked." in response.text
    assert "Issued too soon." in words_of(response)
    again = admin_client.post(path, {"why": "Once more"})
    assert "It was replaced or revoked meanwhile." in again.text


# The provider.


def typed_provider(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Sample Work Group",
        "contact": "training@peers.test",
        "signed_by": "Robin Vale, CPFS",
        "signed_as": "",
    } | changed


def picture(content: bytes, name: str = "signature.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def test_staff_bring_a_signature_and_it_lies_in_the_database_alone(admin_client: Client):
    admin_client.post("/admin/content/provider/add/", typed_provider(picture=picture(make_png())))
    provider = Provider.objects.get()
    assert provider.signature_png == make_png()
    page = admin_client.get(PROVIDER)
    assert 'src="/admin/content/provider/signature/"' in page.text
    response = admin_client.get("/admin/content/provider/signature/")
    assert (response.content, response.headers["Content-Type"]) == (make_png(), "image/png")
    assert Client().get("/admin/content/provider/signature/").status_code == 302
    seen = re.search(r'name="_seen" value="([^"]*)"', page.text)
    data = typed_provider(name="Renamed") | ({"_seen": seen[1]} if seen else {})
    admin_client.post(PROVIDER, data)
    provider.refresh_from_db()
    assert (provider.name, provider.signature_png) == ("Renamed", make_png())
    assert Change.objects.of(provider).filter(fields__has_key="signature").count() == 1
    assert admin_client.get(f"{PROVIDER.removesuffix('change/')}history/").status_code == 200


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"GIF89a" + b"x" * 50, "This is no PNG picture."),
        (b"<svg onload='x'/>", "This is no PNG picture."),
        (make_png()[:70], "The picture cannot be read."),
        (make_png() + b"x" * 200_000, "The picture is larger than 200 kB."),
        (make_png(2001, 1), "The picture is more than 2000 pixels wide or high."),
    ],
)
def test_a_file_that_is_no_signature_is_refused_whatever_it_is_called(
    admin_client: Client, content: bytes, sentence: str
):
    data = typed_provider(picture=picture(content))
    response = admin_client.post("/admin/content/provider/add/", data)
    assert sentence in response.text
    assert not Provider.objects.exists()


def test_the_course_has_its_exact_title_and_domains_in_its_form(admin_client: Client):
    course = past_class().course
    page = admin_client.get(f"/admin/courses/course/{course.pk}/change/").text
    assert 'name="certificate_title"' in page
    assert "Ethical responsibility" in page
    assert Course.objects.get().domains.count() == 2


def test_who_had_one_revoked_is_not_ticked_by_itself_and_can_have_another(admin_client: Client):
    certificate = issued_to()
    certificates.revoke(certificate=certificate, why="Too soon.", actor=STAFF, now=OVER)
    scheduled_class = certificate.registration.scheduled_class
    response = admin_client.get(page_of(scheduled_class))
    assert "The certificate before was revoked." in words_of(response)
    assert re.search(r'name="people"[^>]*>', response.text)
    assert not re.search(r'name="people"[^>]* checked', response.text)
    typed = {"people": [certificate.registration_id], "key": key_on(response)}
    shown = admin_client.post(page_of(scheduled_class), typed)
    assert "Issue 1 certificate and tell them" in shown.text
    admin_client.post(page_of(scheduled_class), carried_by(shown))
    work()
    assert certificate.registration.certificates.valid().exists()
