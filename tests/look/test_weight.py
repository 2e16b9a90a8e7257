"""What a first visit costs over the wire."""

from pathlib import Path

import brotli
import pytest
from django.core.management import call_command
from django.test import Client

BUDGET = 8_000
STATIC = Path("static")


@pytest.fixture(params=["/", "/es/"])
def course_page(db: None, client: Client, request: pytest.FixtureRequest) -> bytes:
    call_command("load_content", verbosity=0)
    return client.get(request.param).content


def compressed(content: bytes) -> int:
    return len(brotli.compress(content, quality=5))


def test_the_first_visit_stays_under_its_budget(course_page: bytes):
    sheet = (STATIC / "css/site.css").read_bytes()
    assert compressed(course_page) + compressed(sheet) < BUDGET


def test_a_page_asks_for_its_sheet_and_its_icon_and_nothing_else(course_page: bytes):
    words = course_page.decode()
    asked_for = words.replace('<link rel="alternate"', "")
    assert asked_for.count("<link ") == 2
    assert not any(tag in words for tag in ["<script", "<img", "<iframe", "<style", " style="])


def test_reading_sets_no_cookie(course_page: bytes, client: Client):
    assert not client.get("/").cookies
