"""Pages that were made before, shown in Chromium as if the site had sent them.

Each is written over the one before it: that takes Chromium a fifth of the time of a new document.
"""

import mimetypes
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from tests.browser.states.visit import Seen
from tests.browser.tools import AXE

SITE = "http://testserver"
EMPTY = '<!doctype html><html lang="en"><title>Empty</title>'
PROBE = Path(__file__).parent / "probe.js"
HEIGHT = 400
NARROWEST, WIDEST = 320, 1920

#: 7:1 and targets of 24 px: more than axe asks by itself. What is below 4.5:1 only the first of
#: its two rules of contrast finds, what lies between only the second.
RULES = {
    "color-contrast-enhanced": {"enabled": True},
    "target-size": {"enabled": True},
}
#: Here the second finds both, in large words too, at half the work.
SEVEN_TO_ONE = {
    "checks": [
        {
            "id": "color-contrast-enhanced",
            "options": {"contrastRatio": {"normal": {"expected": 7}, "large": {"expected": 7}}},
        }
    ],
    "rules": [{"id": "color-contrast", "enabled": False}],
}
#: What another light can change, and what another width can.
COLOURS = ["color-contrast-enhanced", "link-in-text-block"]
LAYOUT = ["target-size", "scrollable-region-focusable", *COLOURS]


class Screen:
    """One window. `show()` a page in it, then ask what is wrong with it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        #: Tops and feet of pages that Tab went through in this window.
        self.walked: set[str] = set()
        page.route("**/*", self.answer)
        page.goto(f"{SITE}/")
        page.evaluate("asked => axe.configure(asked)", SEVEN_TO_ONE)

    def answer(self, route: Route) -> None:
        """What the site would send beside the page; anything else is noted and not fetched."""
        path = urlsplit(route.request.url).path
        if route.request.is_navigation_request():
            route.fulfill(body=EMPTY, content_type="text/html")
        elif path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=file, content_type=mimetypes.guess_type(str(file))[0])
        else:
            self.asked.append(route.request.url)
            route.abort()

    def show(self, seen: Seen, width: int) -> None:
        self.asked = []
        self.widen(width)
        self.page.evaluate("([html, path]) => probe.show(html, path)", [seen.html, seen.path])

    def widen(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def ask(self, *parts: str) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("parts => probe.ask(parts)", parts)
        return found

    def axe(
        self, light: str, *, only: Iterable[str] | None = None, without: Iterable[str] = ()
    ) -> list[str]:
        """What axe finds in this light, as sentences; by some rules only, or without some."""
        options: dict[str, Any] = {"resultTypes": ["violations"], "elementRef": True}
        rules = RULES | {rule: {"enabled": False} for rule in without}
        options |= {"runOnly": list(only)} if only else {"rules": rules}
        found: list[str] = self.page.evaluate(
            "({ light, options }) => probe.axe(light, options)",
            {"light": light, "options": options},
        )
        return found


@contextmanager
def screen(browser: Browser) -> Iterator[Screen]:
    """A window with axe in every page: a script, which the site's own policy would not let in."""
    context = browser.new_context(bypass_csp=True, viewport={"width": WIDEST, "height": HEIGHT})
    context.add_init_script(path=PROBE)
    context.add_init_script(path=AXE)
    page = context.new_page()
    page.set_default_timeout(30_000)
    try:
        yield Screen(page)
    finally:
        context.close()
