"""Every state of every page in every language, in three lights, from narrow to wide.

A page is loaded once. What its language cannot change is looked at in the first language alone, and
what its light or its width cannot change in one light and at one width.
"""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.db import transaction
from playwright.sync_api import Browser

from tests.browser.screen import COLOURS, LAYOUT, NARROWEST, WIDEST, Screen, screen
from tests.browser.states import STATES, Seen, State, Visit, languages
from tests.browser.tools import need_axe

pytestmark = pytest.mark.django_db

MIDDLE = 768
LIGHT, *OTHER_LIGHTS = ["light", "dim", "dark"]

STATUSES = {
    HTTPStatus.OK,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.GONE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
}

Found = dict[str, list[str]]


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Screen]:
    need_axe()
    with screen(browser) as opened:
        yield opened


@pytest.mark.parametrize("state", STATES, ids=str)
def test_nothing_is_wrong(window: Screen, state: State):
    call_command("load_content", verbosity=0)
    for language in languages():
        with transaction.atomic():
            seen = state.show(Visit(language))
            transaction.set_rollback(True)
        assert seen.status in STATUSES
        assert f'<html lang="{language}"' in seen.html
        window.show(seen, NARROWEST)
        assert window.asked == []
        once = window.ask("shifts")["shifts"]
        found = what_words_change(window)
        if language == languages()[0]:
            found |= what_words_do_not_change(window)
        found["moved"] = moved(window, seen, once)
        assert {what: words for what, words in found.items() if words} == {}, language


def what_words_change(window: Screen) -> Found:
    """At 320 px, which is also what 1280 px are at 400 %."""
    found: Found = window.ask("openAll", "structure", "sideways", "larger", "spaced")
    return found | window.axe(LIGHT)


def what_words_do_not_change(window: Screen) -> Found:
    found = window.ask("targets") | window.axe(*OTHER_LIGHTS, only=COLOURS)
    found |= by_keyboard(window) | in_forced_colours(window)
    window.widen(MIDDLE)
    found |= {
        f"{MIDDLE} {what}": words for what, words in window.ask("sideways", "targets").items()
    }
    window.widen(WIDEST)
    found |= {f"{WIDEST} axe": window.axe(LIGHT, only=LAYOUT)[LIGHT]}
    return found | {f"{WIDEST} px": window.ask("sideways")["sideways"]}


def moved(window: Screen, seen: Seen, once: list[str]) -> list[str]:
    """What moves by itself while the page loads.

    A busy Chromium may paint while it still reads the page, at another place each time, and what
    stands around that place moves then. What the page itself moves, it moves in every load. So a
    thing is only found when it moved both times; where nothing moved there is no second time.
    """
    if not once:
        return []
    window.show(seen, NARROWEST)
    again = window.ask("shifts")["shifts"]
    return [thing for thing in once if thing in again]


def by_keyboard(window: Screen) -> Found:
    for _ in range(window.ask("watchFocus")["watchFocus"] + 2):
        window.page.keyboard.press("Tab")
    return window.ask("focusOrder")


def in_forced_colours(window: Screen) -> Found:
    window.page.emulate_media(forced_colors="active")
    found = window.ask("edges")
    window.page.emulate_media(forced_colors="none")
    return found


def test_the_judges_find_what_is_wrong(window: Screen):
    wrong = """<!doctype html><html lang="en"><title>A</title>
        <body style="background: #fff"><div style="width: 400px; color: #888">Pale and wide</div>
        <input style="border: 0; outline: 0; height: 20px"><button>A</button>"""
    window.show(
        Seen("/wrong/", "GET", 200, wrong, {"Content-Type": "text/html"}, frozenset()), NARROWEST
    )
    window.ask("watchFocus")
    for _ in range(4):
        window.page.keyboard.press("Tab")
    found = window.ask("structure", "sideways", "larger", "spaced", "targets", "focusOrder")
    found |= window.axe(LIGHT) | in_forced_colours(window)
    assert [what for what, words in found.items() if not words] == []
    rules = {words.partition(":")[0] for words in found[LIGHT]}
    assert rules >= {"color-contrast", "label", "region"}
    assert "no label" in " ".join(found["structure"])
