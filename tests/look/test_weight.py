"""What a first visit costs over the wire."""

import datetime as dt
from pathlib import Path

import brotli
import pytest
from django.core.management import call_command
from django.test import Client

from courses.models import Course
from tests.factories import NOW, make_class

BUDGET = 8_000
STATIC = Path("static")


PLACE = {
    "delivery": "in_person",
    "town": "Denver, Colorado",
    "address": "Community Center\n100 Example Street\nDenver, Colorado",
}


@pytest.fixture(params=["/", "/es/"])
def path(db: None, request: pytest.FixtureRequest) -> str:
    """The first page, with three classes that are open, full and yet to open."""
    call_command("load_content", verbosity=0)
    course = Course.objects.get()
    make_class(course=course, cost_es="Gratis", cancellation_es="En su propia página.")
    make_class(course=course, capacity=1, taken=1, **PLACE)
    make_class(course=course, registration_opens_at=NOW + dt.timedelta(weeks=2))
    return str(request.param)


@pytest.fixture
def course_page(path: str, client: Client) -> bytes:
    return client.get(path).content


def test_the_first_visit_stays_under_its_budget(path: str, client: Client):
    page = client.get(path, headers={"accept-encoding": "br"})
    assert page["Content-Encoding"] == "br"
    sheet = brotli.compress((STATIC / "css/site.css").read_bytes())
    weight = len(page.content) + len(sheet)
    print(f"{path}: {weight} bytes, the page {len(page.content)}")
    assert weight < BUDGET


def test_a_page_asks_for_its_sheet_and_its_icon_and_nothing_else(course_page: bytes):
    words = course_page.decode()
    asked_for = words.replace('<link rel="alternate"', "")
    asked_for = asked_for.replace('<link rel="canonical"', "").replace('<link rel="apple-touch', "")
    assert asked_for.count("<link ") == 2
    words = words.replace('<script type="application/ld+json">', "")
    assert not any(tag in words for tag in ["<script", "<img", "<iframe", "<style", " style="])


def test_reading_sets_no_cookie(course_page: bytes, client: Client):
    assert not client.get("/").cookies
