"""The pictures of the staff guide.

They are made by doing what the guide says, by the words on the screens. So a guide whose words are
not true any more has no pictures.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page

from tests.pictures.site import ACCOUNT, PICTURES

DESK = {"width": 1280, "height": 900}

SATURDAY = 5

#: The sample's classes by their place in "Upcoming classes".
FULL, NEARLY_FULL = 0, 1


def make(chromium: Browser, address: str) -> None:
    page = chromium.new_page(base_url=address, viewport=DESK)  # type: ignore[arg-type]
    sign_in(page)
    press(page, "How you sign in")
    picture(page, "guide-sign-in")
    page.goto("/admin/")
    picture(page, "guide-today")
    schedule(page)
    publish(page)
    fill(page)
    change(page)
    answer_an_audit(page)
    cancel(page)
    page.close()


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(ACCOUNT[0])
    page.get_by_label("Password").fill(ACCOUNT[1])
    page.get_by_role("button", name="Sign in").click()


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


def answer_an_audit(page: Page) -> None:
    """The sample has asked for one, of its past class; the worker makes it within moments."""
    page.goto("/admin/courses/scheduledclass/")
    page.locator("#result_list tbody a").last.click()
    press(page, "Audit file")
    for _try in range(60):
        if page.get_by_role("button", name="Download").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    picture(page, "guide-audit")


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
