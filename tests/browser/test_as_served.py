"""The site as it is served, compressed, by its own processes: its weight, and Lighthouse's view."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import FLAGS
from tests.browser.tools import CHROMIUM, LIGHTHOUSE, need_chromium, need_lighthouse
from tests.registrations.mail_server import free_port
from tests.test_make_run import Site, checkout, migrated, running

__all__ = ["checkout"]

# One start of the whole site for all of them; what weighs it goes along.
pytestmark = pytest.mark.alone

BUDGET, REQUESTS = 8_000, 2

PAGES = ["/", "/classes/", "a class", "the form"]
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
#: Its figures for speed suffer when something else takes the processor; the best of these counts.
TRIES = 4


@pytest.fixture(scope="module")
def site(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[Site]:
    database = migrated(tmp_path_factory.mktemp("served"))
    with running(checkout, port=free_port(), DATABASE_URL=database) as started:
        yield started


@pytest.fixture(scope="module")
def scores(site: Site) -> dict[str, dict[str, int]]:
    """What Lighthouse gives each page, in one run of it for all."""
    need_chromium()
    need_lighthouse()
    command = [
        *["node", LIGHTHOUSE, str(TRIES), " ".join(["--headless=new", *FLAGS])],
        *[",".join(CATEGORIES), *(f"http://127.0.0.1:{site.port}{path}" for path in paths(site))],
    ]
    environment = os.environ | {"CHROME_PATH": CHROMIUM}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return dict(zip(PAGES, json.loads(said.stdout).values(), strict=True))


def paths(site: Site) -> list[str]:
    slug = open_class(site)
    return ["/", "/classes/", f"/classes/{slug}/", f"/classes/{slug}/register/"]


def open_class(site: Site) -> str:
    """One of the sample's that takes registrations."""
    slugs: list[str] = re.findall(r'href="/classes/([a-z0-9-]+)/"', site.get("/classes/")[1])
    return next(slug for slug in slugs if "<form" in forms_page(site, slug))


def forms_page(site: Site, slug: str) -> str:
    return site.get(f"/classes/{slug}/register/")[1].partition("<main")[2]


@pytest.mark.parametrize("page", PAGES)
def test_a_hundred_in_each_category(scores: dict[str, dict[str, int]], page: str):
    assert scores[page] == dict.fromkeys(CATEGORIES, 100)


@pytest.mark.parametrize("path", ["/", "/es/"])
def test_a_first_visit_weighs_little_over_the_wire(browser: Browser, site: Site, path: str):
    """Heads and bodies of all answers, as Chromium received them; the icon apart."""
    context = browser.new_context()
    page = context.new_page()
    network = context.new_cdp_session(page)
    asked: dict[str, str] = {}
    weights: dict[str, float] = {}
    network.on(
        "Network.responseReceived", lambda e: asked.update({e["requestId"]: e["response"]["url"]})
    )
    network.on(
        "Network.loadingFinished",
        lambda e: weights.update({e["requestId"]: e["encodedDataLength"]}),
    )
    network.send("Network.enable")
    page.goto(f"http://127.0.0.1:{site.port}{path}", wait_until="networkidle")
    context.close()
    seen = {url: weights[key] for key, url in asked.items() if "icon" not in url}
    assert len(seen) == REQUESTS
    assert sum(seen.values()) <= BUDGET
