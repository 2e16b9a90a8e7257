"""Every state of every page in every language, in three lights, from narrow to wide."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser

from tests.browser.screen import COLOURS, NARROWEST, WIDEST, Screen, screen
from tests.browser.states import STATES, State, Visit, languages
from tests.browser.tools import need_axe

pytestmark = pytest.mark.django_db

MIDDLE = 768
LIGHTS = ["light", "dim", "dark"]

STATUSES = {
    HTTPStatus.OK,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.GONE,
    HTTPStatus.INTERNAL_SERVER_ERROR,
}

#: What a reader may set for text in any page (WCAG 1.4.12); nothing may be lost by it.
SPACED = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }
"""


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Screen]:
    need_axe()
    with screen(browser) as opened:
        yield opened


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("state", STATES, ids=str)
def test_nothing_is_wrong(window: Screen, state: State, language: str):
    call_command("load_content", verbosity=0)
    seen = state.show(Visit(language))
    assert seen.status in STATUSES
    assert f'<html lang="{language}"' in seen.html
    window.show(seen, NARROWEST)
    assert window.asked == []
    if window.ask("shifts"):
        # A busy Chromium may paint in the middle of a tag. What truly moves does so again.
        window.show(seen, NARROWEST)
    found = {"moved": window.ask("shifts"), "structure": window.ask("structure")}
    window.ask("openAll")
    found |= lights(window, NARROWEST)
    found["targets"] = window.ask("targets")
    found["sideways"] = window.ask("sideways")
    window.ask("larger")
    found["larger"] = window.ask("sideways")
    window.ask("normal")
    window.page.set_viewport_size({"width": WIDEST, "height": 900})
    found |= lights(window, WIDEST)
    window.page.set_viewport_size({"width": MIDDLE, "height": 900})
    found["middle"] = window.ask("sideways") + window.ask("targets")
    if language == languages()[0]:
        found["keyboard"] = by_keyboard(window)
        found["forced colours"] = in_forced_colours(window)
    found["spaced"] = with_space(window)
    assert {what: words for what, words in found.items() if words} == {}


def lights(window: Screen, width: int) -> dict[str, list[str]]:
    found = {}
    for light in LIGHTS:
        window.ask("wear", light)
        found[f"axe {width} {light}"] = window.axe(COLOURS if light != LIGHTS[0] else None)
    return found


def by_keyboard(window: Screen) -> list[str]:
    for _ in range(window.ask("watchFocus") + 2):
        window.page.keyboard.press("Tab")
    found: list[str] = window.ask("focusOrder")
    return found


def in_forced_colours(window: Screen) -> list[str]:
    window.page.emulate_media(forced_colors="active")
    found: list[str] = window.ask("edges")
    window.page.emulate_media(forced_colors="none")
    return found


def with_space(window: Screen) -> list[str]:
    """At 320 px, which is also what 1280 px are at 400 %."""
    window.page.set_viewport_size({"width": NARROWEST, "height": 256})
    window.page.add_style_tag(content=SPACED)
    found: list[str] = window.ask("sideways")
    return found
