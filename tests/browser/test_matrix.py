"""Every state of every page in every language, in three lights, from narrow to wide.

A page is loaded once. What its language cannot change is looked at in the first language alone, and
what its light or its width cannot change in one light and at one width. Which colours meet at which
width is seen in one light each; what they are to each other in the other lights, the tokens' own
test computes. Top and foot, where they are the same to the byte, are gone through by Tab once.
"""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from playwright.sync_api import Browser

from tests.browser.screen import COLOURS, LAYOUT, NARROWEST, WIDEST, Screen, screen
from tests.browser.states import STATES, Seen, State, languages, shown
from tests.browser.tools import need_axe

pytestmark = pytest.mark.django_db

MIDDLE = 768

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
    places: set[str] = set()
    for language, seen in shown(state).items():
        assert seen.status in STATUSES
        assert f'<html lang="{language}"' in seen.html
        window.show(seen, NARROWEST)
        assert window.asked == []
        found = window.ask(
            "shifts", "openAll", "places", "structure", "sideways", "larger", "spaced"
        )
        once, new = found.pop("shifts"), set(found.pop("places")) - places
        # At 320 px, which is also what 1280 px are at 400 %. Words alone have no other colour.
        found["axe"] = window.axe("light", without=[] if new else COLOURS)
        if language == languages()[0]:
            found |= what_words_do_not_change(window)
        found["moved"] = moved(window, seen, once)
        assert {what: words for what, words in found.items() if words} == {}, language
        places |= new


def what_words_do_not_change(window: Screen) -> Found:
    found: Found = window.ask("targets") | by_keyboard(window) | in_forced_colours(window)
    found["dark"] = window.axe("dark", only=COLOURS)
    window.widen(MIDDLE)
    found |= at(MIDDLE, window.ask("sideways", "targets"))
    window.widen(WIDEST)
    found |= at(WIDEST, window.ask("sideways"))
    return found | at(WIDEST, {"axe, dim": window.axe("dim", only=LAYOUT)})


def at(width: int, found: Found) -> Found:
    return {f"{what} at {width} px": words for what, words in found.items()}


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
    top_and_foot = window.ask("topAndFoot")["topAndFoot"]
    watch = "watchFocusInMain" if top_and_foot in window.walked else "watchFocus"
    for _ in range(window.ask(watch)[watch]):
        window.page.keyboard.press("Tab")
    window.walked.add(top_and_foot)
    return window.ask("focusOrder")


def in_forced_colours(window: Screen) -> Found:
    window.page.emulate_media(forced_colors="active")
    found = window.ask("edges")
    window.page.emulate_media(forced_colors="none")
    return found


MOVE = """new Promise(done => {
    document.body.style.paddingTop = "99px";
    requestAnimationFrame(() => requestAnimationFrame(done));
})"""


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
    window.page.evaluate(MOVE)
    found = window.ask("shifts", "structure", "sideways", "larger", "spaced", "targets")
    found |= window.ask("focusOrder")
    found |= {"axe": window.axe("light")} | in_forced_colours(window)
    assert [what for what, words in found.items() if not words] == []
    rules = {words.partition(":")[0] for words in found["axe"]}
    assert rules >= {"color-contrast-enhanced", "label", "region"}
    assert "no label" in " ".join(found["structure"])
