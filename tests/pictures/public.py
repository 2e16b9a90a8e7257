"""The best pages as their readers see them, and the way of one registration."""

import re
import time
from email import message_from_bytes
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.pictures.site import PICTURES

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

#: Where mail lies on a machine without a mail server.
MAIL = Path("var/mail")

#: The sample's classes by their place in the list.
FULL, OPEN = 0, 2


def make(chromium: Browser, address: str) -> None:
    desktop = chromium.new_page(base_url=address, viewport=DESKTOP)  # type: ignore[arg-type]
    show(desktop, "/", "course-page", height=1000)
    show(desktop, "/classes/", "classes")
    phone = chromium.new_page(base_url=address, viewport=PHONE)  # type: ignore[arg-type]
    show(phone, "/es/", "course-page-spanish-phone", height=1000)
    phone.goto("/")
    light(phone, "Dim")
    phone.locator("summary", has_text="Display").click()
    picture(phone, "display-dim-phone", height=844)
    phone.goto("/")
    light(phone, "As my device")
    register(phone, OPEN)
    own_pages(chromium, phone, address)
    desktop.close()


def register(page: Page, number: int) -> None:
    """From the class to the answer page, with one mistake on the way."""
    page.goto("/classes/")
    page.locator("main h3 a, main h2 a").nth(number).click()
    picture(page, "class-phone", height=1000)
    page.get_by_role("link", name=re.compile("^Register")).first.click()
    page.get_by_role("button", name="Check my answers").click()
    picture(page, "form-with-errors-phone", height=1100)
    page.get_by_label("Full name").fill("Maria Lopez")
    page.get_by_label("Email address").fill("maria.lopez@peers.test")
    page.get_by_label("Peer specialist, or training to be one").check()
    page.get_by_role("button", name="Check my answers").click()
    picture(page, "check-phone", height=1100)
    page.get_by_role("button", name="Register for this class").click()
    picture(page, "look-in-your-mail-phone", height=900)


def own_pages(chromium: Browser, phone: Page, address: str) -> None:
    """The letter, the seat that is held, and the seat that is taken."""
    letter, link = newest_letter()
    shown = chromium.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    shown.set_content(letter)
    picture(shown, "letter-seat", height=900)
    shown.close()
    desktop = chromium.new_page(base_url=address, viewport=DESKTOP)  # type: ignore[arg-type]
    show(desktop, link, "own-page-offered", height=1000)
    desktop.close()
    phone.goto(link)
    phone.get_by_role("button", name="Take the seat").click()
    light(phone, "Dark")
    picture(phone, "own-page-seat-dark-phone", height=1000)


def newest_letter() -> tuple[str, str]:
    """The HTML of the letter that the worker writes within seconds, and the link in it."""
    before = time.time() - 5
    for _second in range(60):
        for file in MAIL.glob("*.eml"):
            if file.stat().st_mtime >= before and b"maria.lopez@" in file.read_bytes():
                parts = list(message_from_bytes(file.read_bytes()).walk())
                words = {part.get_content_type(): part.get_payload(decode=True) for part in parts}
                html = words["text/html"].decode()  # type: ignore[union-attr]
                return html, re.findall(r'href="[^"]*?(/registrations/[^"]+/)"', html)[0]
        time.sleep(1)
    raise TimeoutError("The worker wrote no letter.")


def light(page: Page, name: str) -> None:
    page.locator("summary", has_text="Display").click()
    page.get_by_role("button", name=name, exact=True).click()


def show(page: Page, path: str, name: str, *, height: int | None = None) -> None:
    page.goto(path)
    picture(page, name, height=height)


def picture(page: Page, name: str, *, height: int | None = None) -> None:
    """What stands on the first screens, as far down as it helps."""
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    size = page.viewport_size or {"width": 1280, "height": 900}
    page.screenshot(
        path=PICTURES / f"{name}.png",
        full_page=True,
        clip={"x": 0, "y": 0, "width": size["width"], "height": min(whole, height or whole)},
    )
