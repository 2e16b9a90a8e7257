"""Pages that were made before, shown in Chromium as if the site had sent them."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from tests.browser.states.visit import Seen
from tests.browser.tools import AXE

SITE = "http://testserver"
PROBE = Path(__file__).parent / "probe.js"
HEIGHT = 400
NARROWEST, WIDEST = 320, 1920

#: 7:1 and targets of 24 px: more than axe asks by itself. What is below 4.5:1 only the first of
#: its two rules finds, what lies between only the second.
RULES = {
    "color-contrast-enhanced": {"enabled": True},
    "target-size": {"enabled": True},
}
#: What another light can change, and what another width can.
COLOURS = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]
LAYOUT = ["target-size", "scrollable-region-focusable", *COLOURS]


class Screen:
    """One window. `show()` a page in it, then ask what is wrong with it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.shown: Seen | None = None
        self.asked: list[str] = []
        page.route("**/*", self.answer)

    def answer(self, route: Route) -> None:
        """What the site would send; anything else is noted and not fetched."""
        url = urlsplit(route.request.url)
        path = url.path
        if f"{url.scheme}://{url.netloc}" == SITE and self.shown and path == self.shown.path:
            seen = self.shown
            route.fulfill(status=seen.status, headers=seen.headers, body=seen.html)
        elif path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=file, content_type=mimetypes.guess_type(str(file))[0])
        else:
            self.asked.append(route.request.url)
            route.abort()

    def show(self, seen: Seen, width: int) -> None:
        self.shown, self.asked = seen, []
        self.widen(width)
        self.page.goto(f"{SITE}{seen.path}")

    def widen(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def ask(self, *parts: str) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("parts => probe.ask(parts)", parts)
        return found

    def axe(self, *lights: str, only: list[str] | None = None) -> dict[str, list[str]]:
        """What axe finds in each light, as sentences."""
        options: dict[str, Any] = {"resultTypes": ["violations"], "elementRef": True}
        options |= {"runOnly": only} if only else {"rules": RULES}
        asked = {"lights": lights, "options": options}
        found: dict[str, list[str]] = self.page.evaluate(
            "({ lights, options }) => probe.axe(lights, options)", asked
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
