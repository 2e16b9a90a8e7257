"""What holds for every page in every state, and needs no browser to be seen."""

import re
from html import unescape

import pytest

from tests.browser.states import Seen, languages, pages

# With the others that look at all pages: one worker process makes them for all.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("every page")]


def words(html: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}>", html, re.DOTALL)
    assert found, f"no {tag}"
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


#: What the title calls a thing whose heading says when it is, or how it stands.
NAMED = {
    "courses:class": ["Class on", "Clase del"],
    "registrations:certificate": ["Certificate", "Certificado"],
}


def title_of(page: Seen) -> str:
    return words(page.html, "title")


def errors_in(page: Seen) -> bool:
    return 'aria-invalid="true"' in page.html


EVERY = [pytest.param(language, id=language) for language in languages()]


@pytest.mark.parametrize("language", EVERY)
def test_the_title_begins_with_what_the_page_is(language: str):
    found = {}
    for state, page in pages(language).items():
        title = title_of(page)
        if errors_in(page):
            assert title.startswith("Error: "), state
        heading = words(page.html, "h1").rstrip(".")
        title = title.removeprefix("Error: ")
        if not title.startswith((heading, *NAMED.get(state.address, []))):
            found[str(state)] = (heading, title)
    assert found == {}


@pytest.mark.parametrize("language", EVERY)
def test_reading_sets_no_cookie_but_the_one_that_a_token_needs(language: str):
    found = {}
    for state, page in pages(language).items():
        if page.method == "GET":
            with_token = "csrfmiddlewaretoken" in page.html
            if page.cookies != ({"csrftoken"} if with_token else set()):
                found[str(state)] = page.cookies
    assert found == {}


@pytest.mark.parametrize("language", EVERY)
def test_the_title_of_a_class_says_when_and_how(language: str):
    """The heading after what the page is: `Class on January 16 and 23, 2027, online`."""
    begins = NAMED["courses:class"][0 if language == "en" else 1]
    found = [page for state, page in pages(language).items() if state.address == "courses:class"]
    assert found
    for page in found:
        assert title_of(page).startswith(f"{begins} {words(page.html, 'h1')} |")
