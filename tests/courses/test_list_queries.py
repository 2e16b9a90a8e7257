"""The public pages cost the same for one class as for three, and for one person as for many."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import ScheduledClass
from tests.factories import make_class, make_meeting
from tests.registrations.people import join, register

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def queries(client: Client, path: str) -> int:
    # The first page after an edit also looks which copies still hold.
    client.get("/sitemap.xml")
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", ["/", "/classes/"])
def test_a_list_of_classes_takes_the_same_queries_for_one_and_for_three(client: Client, path: str):
    shown = [make_class()]
    one = queries(client, path)
    shown += [make_class(), make_class(delivery="in_person", town="Denver")]
    assert queries(client, path) == one
    page = client.get(path).text
    for scheduled_class in shown:
        assert scheduled_class.get_absolute_url() in page


def more_people(scheduled_class: ScheduledClass) -> None:
    for person in range(3):
        join(scheduled_class, person)
    register(scheduled_class, "silent")


def more_days(scheduled_class: ScheduledClass) -> None:
    last = scheduled_class.meetings[-1].starts_at.date()
    for day in (24, 25):
        make_meeting(scheduled_class, last.replace(day=day))


@pytest.mark.parametrize("add", [more_people, more_days], ids=lambda add: add.__name__)
@pytest.mark.parametrize("path", ["/", "/classes/", "class"])
def test_a_page_takes_the_same_queries_however_many_people_and_days_a_class_has(
    client: Client, path: str, add: Callable[[ScheduledClass], None]
):
    scheduled_class = make_class(capacity=4, taken=1)
    path = scheduled_class.get_absolute_url() if path == "class" else path
    before = queries(client, path)
    add(scheduled_class)
    assert queries(Client(), path) == before


def test_the_first_page_takes_few_queries(client: Client):
    make_class()
    assert queries(client, "/") <= 9


@pytest.mark.parametrize("path", ["/", "/classes/", "/privacy/", "class"])
def test_a_page_that_is_read_again_takes_one_query(client: Client, path: str):
    scheduled_class = make_class()
    path = scheduled_class.get_absolute_url() if path == "class" else path
    client.get(path)
    assert queries(client, path) == 1
