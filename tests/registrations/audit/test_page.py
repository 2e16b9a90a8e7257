"""The page of the desk on which it is asked for, watched and taken along."""

import re

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from registrations import roles
from registrations.desk import addresses
from registrations.models import AuditFile
from registrations.services import auditing
from tests.registrations.audit.files import asked, unpacked
from tests.registrations.certificates.classes import OVER, order, past_class, work
from tests.registrations.test_registering import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def after_the_class(clock: time_machine.Traveller) -> None:
    clock.move_to(OVER)


def page(client: Client, path: str) -> str:
    return text_of(client.get(path))


def test_asked_for_watched_and_taken(admin_client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(auditing, "AT_ONCE", 1)
    scheduled_class = past_class("Ana Ruiz", "Nguyễn Thị Hoa")
    order(scheduled_class)
    work()
    path = addresses.audit(scheduled_class)
    assert "None rests here." in page(admin_client, path)

    key = re.search(r'name="key" value="([^"]+)"', admin_client.get(path).content.decode())
    assert key
    answer = admin_client.post(path, {"key": key[1]}, follow=True)
    assert "It is being made. This takes a minute at most." in text_of(answer)
    assert "pages and tables come first" in text_of(answer)
    assert "It was asked for before." in text_of(
        admin_client.post(path, {"key": key[1]}, follow=True)
    )
    auditing.make_ordered(OVER)
    auditing.make_ordered(OVER)
    assert "1 of 2 certificates are in it. Open this page again." in page(admin_client, path)
    while auditing.make_ordered(OVER):
        pass
    made = page(admin_client, path)
    assert "2 people, 2 certificates" in made
    assert "Rests here until February 24, 2027" in made

    file = AuditFile.objects.get()
    answer = admin_client.post(f"{path}{file.pk}/")
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="audit-{scheduled_class.slug}-2027-01-25.zip"'
    )
    assert "no-store" in answer.headers["Cache-Control"]
    assert "01-index.pdf" in unpacked(answer.getvalue())
    history = page(admin_client, addresses.class_page(scheduled_class))
    assert "admin added the audit file" in history
    assert "admin added the download" in history


def test_a_file_is_taken_from_its_own_class_only_and_once_it_is_whole(admin_client: Client):
    scheduled_class, other = past_class("Ana Ruiz"), past_class("Bo Lee")
    file = asked(scheduled_class)
    assert admin_client.post(f"{addresses.audit(scheduled_class)}{file.pk}/").status_code == 404
    while auditing.make_ordered(OVER):
        pass
    assert admin_client.post(f"{addresses.audit(other)}{file.pk}/").status_code == 404
    assert admin_client.get(f"{addresses.audit(scheduled_class)}{file.pk}/").status_code == 405


def test_who_may_only_look_takes_what_is_there_and_asks_for_none(client: Client):
    scheduled_class = past_class("Ana Ruiz")
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_auditfile"))
    client.force_login(user)
    path = addresses.audit(scheduled_class)
    assert "Make the audit file" not in page(client, path)
    assert client.post(path).status_code == 403
    assert not AuditFile.objects.exists()


def test_the_page_of_the_class_leads_to_it_for_class_staff_alone(client: Client):
    scheduled_class = past_class("Ana Ruiz")
    for role, leads in [(roles.CLASS_STAFF, True), (roles.INSTRUCTOR, False)]:
        user = User.objects.create_user(role, is_staff=True)
        user.groups.set([Group.objects.get(name=role)])
        client.force_login(user)
        answer = client.get(addresses.class_page(scheduled_class))
        assert (addresses.audit(scheduled_class) in answer.content.decode()) is leads
