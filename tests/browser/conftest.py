"""Pages in a real Chromium: Debian's, or the one that `CHROMIUM` names."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.tools import CHROMIUM, need_chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

NewContext = Callable[..., BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    need_chromium()
    with sync_playwright() as playwright:
        # Playwright's loop runs in this thread, and Django takes any loop for async code.
        before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_context(browser: Browser, live_server: LiveServer) -> Iterator[NewContext]:
    """A visitor of one's own: `new_context(viewport=PHONE, color_scheme="dark")`.

    Paths are relative to the site: `page.goto("/")`.
    """
    opened: list[BrowserContext] = []

    def new(**options: object) -> BrowserContext:
        given = {"base_url": live_server.url, "viewport": DESKTOP} | options
        context = browser.new_context(**given)  # type: ignore[arg-type]  # passed on as they came
        context.set_default_timeout(30_000)
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A page on a desktop, without JavaScript: no page of the site needs it."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture
def scripted_page(new_context: NewContext) -> Page:
    """A page on a desktop, with JavaScript: for the admin's editor, and to measure a page."""
    return new_context().new_page()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    """What the device prefers; a test that takes this runs once for each."""
    return str(request.param)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    """The size of the window; a test that takes this runs once for each."""
    size: ViewportSize = request.param
    return size


@pytest.fixture
def any_page(new_context: NewContext, viewport: ViewportSize, scheme: str) -> Page:
    """A page in each size and light, with JavaScript."""
    return new_context(viewport=viewport, color_scheme=scheme).new_page()
