"""Every list of the admin costs the same for one row and for three, and shows what it should."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import Page
from courses.models import Course, Instructor
from registrations.admin.long_lists import LongList
from registrations.models import Certificate, Letter, Message, Registration
from registrations.services import interest
from tests.admin_forms import rows
from tests.factories import NOW, make_answers, make_class
from tests.registrations.people import join, register

pytestmark = pytest.mark.django_db


def add_class(number: int) -> None:
    make_class(slug=f"class-{number}")


def add_person(number: int) -> None:
    """Each in a class of their own, so that the classes of the list grow as well."""
    register(make_class(slug=f"class-{number}"), number)


def add_letter(number: int) -> None:
    add_person(number)


def add_course(number: int) -> None:
    Course.objects.create(title=f"Course {number}")


def add_instructor(number: int) -> None:
    Instructor.objects.create(name=f"Instructor {number}")


def add_page(number: int) -> None:
    Page.objects.create(slug=f"page-{number}", title=f"Page {number}")


def add_signup(number: int) -> None:
    interest.sign_up(email=f"person-{number}@peers.test", language="en", now=NOW)


def add_message(number: int) -> None:
    """Each to a class of its own."""
    Message.objects.create(
        scheduled_class=make_class(slug=f"class-{number}"), subject="x", body="x", written_at=NOW
    )


def add_certificate(number: int) -> None:
    """Each in a class of their own."""
    add_person(number)
    Certificate.objects.create(
        registration=Registration.objects.get(email=make_answers(number).email),
        number=f"0000-0000-000{number}",
        full_name="Ana Ruiz",
        facts={},
        pdf=b"x",
        issued_at=NOW,
    )


LISTS: dict[str, Callable[[int], None]] = {
    "/admin/courses/scheduledclass/": add_class,
    "/admin/registrations/registration/": add_person,
    "/admin/registrations/letter/": add_letter,
    "/admin/registrations/interestsignup/": add_signup,
    "/admin/registrations/message/": add_message,
    "/admin/registrations/certificate/": add_certificate,
    "/admin/courses/course/": add_course,
    "/admin/courses/instructor/": add_instructor,
    "/admin/content/page/": add_page,
}

#: Of Django itself, or always the same rows.
NOT_COUNTED = {
    "/admin/registrations/lettertext/",
    "/admin/auth/user/",
    "/admin/auth/group/",
    "/admin/content/sitesettings/",
    "/admin/content/provider/",
}


def test_no_list_of_the_admin_is_forgotten():
    models = [model._meta for model in admin.site._registry]
    paths = {f"/admin/{model.app_label}/{model.model_name}/" for model in models}
    assert paths == LISTS.keys() | NOT_COUNTED


@pytest.mark.parametrize(("path", "add"), LISTS.items())
def test_a_list_takes_the_same_queries_for_one_row_and_for_three(
    admin_client: Client, path: str, add: Callable[[int], None]
):
    add(1)
    admin_client.get(path)
    one = queries(admin_client, path, rows=1)
    add(2)
    add(3)
    assert queries(admin_client, path, rows=3) == one


def queries(client: Client, path: str, *, rows: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.context["cl"].result_count == rows
    return len(captured)


def test_a_person_s_page_takes_the_same_queries_however_much_has_happened(admin_client: Client):
    scheduled_class = make_class(capacity=1, taken=1)
    register(scheduled_class, 1)
    person = Registration.objects.get(email=make_answers(1).email)
    path = f"/admin/registrations/registration/{person.pk}/change/"
    admin_client.get(path)
    with CaptureQueriesContext(connection) as first:
        admin_client.get(path)
    for _ in range(3):
        join(scheduled_class, 1)
        Letter.objects.update(created_at="2026-01-01T00:00Z")
    assert person.letters.count() >= 3
    with CaptureQueriesContext(connection) as then:
        admin_client.get(path)
    assert len(then) == len(first)


def test_a_class_s_page_takes_the_same_queries_with_three_people_and_with_one(
    admin_client: Client,
):
    scheduled_class = make_class(taken=1)
    path = f"/admin/courses/scheduledclass/{scheduled_class.pk}/change/"
    admin_client.get(path)
    with CaptureQueriesContext(connection) as first:
        admin_client.get(path)
    register(scheduled_class, 1)
    register(scheduled_class, 2)
    with CaptureQueriesContext(connection) as then:
        admin_client.get(path)
    assert len(then) == len(first)


def test_the_list_of_classes_tells_days_seats_and_the_line(admin_client: Client):
    scheduled_class = make_class(capacity=2, taken=1)
    register(scheduled_class, 1)
    register(scheduled_class, 2)
    make_class(capacity=24, delivery="in_person", status="draft").class_sessions.all().delete()
    assert rows(admin_client.get("/admin/courses/scheduledclass/")) == [
        ["january-2027-2", "In person", "Draft", "0 of 24 seats", "0 in line"],
        ["January 16 and 23, 2027", "Online", "Published", "2 of 2 seats", "1 in line"],
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?status__exact=draft", ["later"]),
        ("?status__exact=published", ["January 16 and 23, 2027"]),
        ("?q=later", ["later"]),
        ("?q=Boulder", ["January 16 and 23, 2027"]),
        ("?q=nowhere", []),
    ],
)
def test_classes_are_found_by_status_address_and_town(
    admin_client: Client, asked: str, found: list[str]
):
    make_class(slug="soon", town="Boulder, Colorado")
    make_class(slug="later", status="draft").class_sessions.all().delete()
    response = admin_client.get(f"/admin/courses/scheduledclass/{asked}")
    shown = [row.dates or row.slug for row in response.context["cl"].result_list]
    assert shown == found


def test_the_first_page_of_the_admin_opens(admin_client: Client):
    call_command("load_content", verbosity=0)
    page = admin_client.get("/admin/").text
    assert "Peer Support Training: staff" in page


@pytest.mark.parametrize("column", range(1, 6))
def test_the_list_of_classes_sorts_by_each_column_and_loses_none(admin_client: Client, column: int):
    for number in range(3):
        add_class(number)
    response = admin_client.get(f"/admin/courses/scheduledclass/?o={column}")
    assert len(rows(response)) == 3


def test_a_very_long_list_counts_no_further_than_its_pages_go(
    monkeypatch: pytest.MonkeyPatch, admin_client: Client
) -> None:
    scheduled_class = make_class(capacity=5)
    for number in range(5):
        register(scheduled_class, number)
    path = "/admin/registrations/registration/"
    assert "5 people" in admin_client.get(path).text
    monkeypatch.setattr(LongList, "most", 3)
    assert "more than 3 people" in admin_client.get(path).text
