"""Make the pictures of the staff guide: `make pictures`.

It starts the site with its sample classes and does what the guide says, by the words on the
screens. So a guide whose words are not true any more has no pictures.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.tools import CHROMIUM

PICTURES = Path("docs/pictures")
ACCOUNT = ("ana", "a-password-for-pictures-alone")
DESK = {"width": 1280, "height": 900}

SATURDAY = 5

#: The sample's classes by their place in "Upcoming classes".
FULL, NEARLY_FULL = 0, 1


def main() -> None:
    with site() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = chromium.new_page(base_url=address, viewport=DESK)  # type: ignore[arg-type]
        sign_in(page)
        picture(page, "guide-today")
        schedule(page)
        publish(page)
        fill(page)
        change(page)
        cancel(page)
        chromium.close()


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(ACCOUNT[0])
    page.get_by_label("Password").fill(ACCOUNT[1])
    page.get_by_role("button", name="Log in").click()


def schedule(page: Page) -> None:
    press(page, "Schedule a class")
    today = datetime.now(ZoneInfo("America/Denver")).date()
    day = today + timedelta(weeks=20, days=SATURDAY - today.weekday())
    page.get_by_label("First day").fill(day.isoformat())
    picture(page, "guide-schedule")
    page.get_by_role("button", name="Make the draft").click()


def publish(page: Page) -> None:
    page.goto("/admin/courses/scheduledclass/?status__exact=draft")
    page.locator("#result_list tbody a").first.click()
    press(page, "Publish")
    picture(page, "guide-publish")


def fill(page: Page) -> None:
    open_class(page, NEARLY_FULL)
    picture(page, "guide-class")
    press(page, "Add someone")
    page.get_by_label("Full name").fill("Carmen Ruiz")
    picture(page, "guide-add")


def change(page: Page) -> None:
    open_class(page, NEARLY_FULL)
    press(page, "Change")
    place = page.locator("#id_address")
    place.fill(place.input_value().replace("100 Example Street", "200 Example Street"))
    page.get_by_role("button", name="Save", exact=True).click()
    picture(page, "guide-change")


def cancel(page: Page) -> None:
    open_class(page, FULL)
    press(page, "Cancel the class")
    picture(page, "guide-cancel")


def open_class(page: Page, number: int) -> None:
    page.goto("/admin/")
    page.locator("#upcoming ~ div h3 a").nth(number).click()


def press(page: Page, words: str) -> None:
    page.get_by_role("link", name=words, exact=True).first.click()


def picture(page: Page, name: str) -> None:
    """What stands on the first screen, as far down as it helps."""
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), 1200)
    page.screenshot(
        path=PICTURES / f"{name}.png",
        full_page=True,
        clip={"x": 0, "y": 0, "width": DESK["width"], "height": height},
    )


@contextmanager
def site() -> Iterator[str]:
    """The site as `make run` starts it, with a database of its own that is thrown away."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = os.environ | {
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "DOTENV": f"{folder}/env",
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "DJANGO_SUPERUSER_USERNAME": ACCOUNT[0],
            "DJANGO_SUPERUSER_PASSWORD": ACCOUNT[1],
            "DJANGO_SUPERUSER_EMAIL": "ana@example.org",
        }
        started = subprocess.Popen([sys.executable, "-m", "bawg_site.local"], env=environment)
        try:
            yield wait_for(f"http://127.0.0.1:{port}", started)
        finally:
            started.terminate()
            started.wait(30)


def wait_for(address: str, started: "subprocess.Popen[bytes]") -> str:
    for _second in range(120):
        try:
            urllib.request.urlopen(f"{address}/healthz").close()
        except OSError:
            if started.poll() is not None:
                break
            time.sleep(1)
        else:
            return address
    sys.exit("The site did not start.")


if __name__ == "__main__":
    main()
