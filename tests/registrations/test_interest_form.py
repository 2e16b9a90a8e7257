"""Where the one field for news of classes stands, and that reading the pages sets no cookie."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.factories import DENVER, NOW, make_class
from tests.registrations.people import register
from tests.registrations.test_interest import MARIA, MINUTE

pytestmark = pytest.mark.django_db


def has_form(client: Client, path: str) -> bool:
    response = client.get(path)
    assert not response.cookies, "reading sets no cookie"
    page = response.content.decode()
    assert "csrfmiddlewaretoken" not in page
    return page.count('<form action="/interest/" method="post"') == 1


@pytest.mark.parametrize("path", ["/", "/classes/"])
@pytest.mark.parametrize("classes", [0, 1])
def test_the_course_page_and_the_list_hold_the_form_with_classes_and_without(
    client: Client, path: str, classes: int
):
    call_command("load_content", verbosity=0)
    for _ in range(classes):
        make_class()
    assert has_form(client, path)


JANUARY = dt.datetime(2027, 1, 10, tzinfo=DENVER)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, False),
        ({"registration_opens_at": JANUARY}, False),
        ({"registration_closes_at": NOW - MINUTE}, True),
        ({"status": "cancelled", "cancelled_at": NOW}, True),
    ],
    ids=["seats free", "not yet open", "closed", "cancelled"],
)
def test_the_page_of_a_class_that_takes_nobody_holds_the_form(
    client: Client, fields: dict[str, Any], expected: bool
):
    scheduled_class = make_class(**fields)
    assert has_form(client, scheduled_class.get_absolute_url()) == expected


def test_the_page_of_a_full_class_holds_the_form_when_its_line_is_full_too(client: Client):
    scheduled_class = make_class(capacity=1, taken=1, line_size=1)
    assert not has_form(client, scheduled_class.get_absolute_url())
    register(scheduled_class, 1)
    assert has_form(client, scheduled_class.get_absolute_url())


def test_the_page_of_a_past_class_holds_the_form(client: Client, clock: Any):
    scheduled_class = make_class()
    clock.move_to(NOW + dt.timedelta(days=90))
    assert has_form(client, scheduled_class.get_absolute_url())


def test_public_pages_do_not_change_by_a_sign_up(client: Client):
    call_command("load_content", verbosity=0)
    scheduled_class = make_class()
    paths = ["/", "/classes/", scheduled_class.get_absolute_url()]
    before = [client.get(path).content for path in paths]
    client.post("/interest/", {"email": MARIA})
    assert [client.get(path).content for path in paths] == before
