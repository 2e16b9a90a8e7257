"""The whole way of one class: staff schedule it, a peer takes a seat, staff see it."""

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from courses.models import ScheduledClass
from registrations.models import Registration
from tests.browser.conftest import PHONE, NewContext

pytestmark = pytest.mark.django_db(transaction=True)

NOTICE = "No classes have been scheduled for this summer."
DATES = "January 16 and 23, 2027"


@pytest.fixture
def mails(settings: LazySettings, tmp_path: Path, live_server: LiveServer) -> Path:
    """The folder in which delivered mail lies; links in it lead to the test's own site."""
    settings.EMAIL_BACKEND = "bawg_site.mail_files.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    settings.SITE_URL = live_server.url
    return tmp_path


@pytest.fixture
def staff(new_context: NewContext) -> Page:
    """Somebody of the staff, signed in, without JavaScript."""
    User.objects.create_superuser("sam", password="a long passphrase")
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/admin/")
    page.get_by_label("Username").fill("sam")
    page.get_by_label("Password").fill("a long passphrase")
    page.get_by_role("button", name="Sign in").click()
    return page


def schedule(staff: Page) -> None:
    staff.goto("/admin/courses/scheduledclass/add/")
    staff.get_by_label("Address:").fill("january-2027-online")
    staff.get_by_label("Status:").select_option("published")
    staff.get_by_label("Online", exact=True).check()
    staff.get_by_label("Join link:").fill("https://meet.example.org/january")
    staff.locator("#id_capacity").fill("24")
    staff.get_by_label("Cost, in English:").fill("Free")
    staff.get_by_label("How to give up a seat, in English:").fill(
        "Cancel on your own page, at any time."
    )
    for row, day in enumerate(("2027-01-16", "2027-01-23")):
        staff.locator(f"#id_class_sessions-{row}-starts_at_0").fill(day)
        staff.locator(f"#id_class_sessions-{row}-starts_at_1").fill("09:00")
        staff.locator(f"#id_class_sessions-{row}-ends_at_0").fill(day)
        staff.locator(f"#id_class_sessions-{row}-ends_at_1").fill("17:00")
        staff.locator(f"#id_class_sessions-{row}-credit_minutes").fill("360")
    save(staff)


def save(staff: Page) -> None:
    staff.get_by_role("button", name="Save", exact=True).click()
    expect(staff.locator(".success")).to_be_visible()


def take_off_the_site(staff: Page) -> None:
    """From the class's own page: first what it does, then the button that does it."""
    staff.goto("/admin/courses/scheduledclass/")
    staff.get_by_role("link", name=DATES).click()
    staff.get_by_role("link", name="Take off the site").click()
    expect(staff.locator("main")).to_contain_text("1 person stays registered")
    staff.get_by_role("button", name="Take it off the site").click()
    expect(staff.locator(".messagelist")).to_contain_text("The class is off the site.")


def tab_to(peer: Page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(60):
        if peer.locator(f"{selector}:focus").count():
            return
        peer.keyboard.press("Tab")
    raise AssertionError(f"No way to {selector} by keyboard")


def register_by_keyboard(peer: Page) -> None:
    peer.goto("/")
    tab_to(peer, 'main a[href="/classes/january-2027-online/"]')
    peer.keyboard.press("Enter")
    tab_to(peer, 'main a[href$="register/"]')
    peer.keyboard.press("Enter")
    tab_to(peer, "#id_full_name")
    peer.keyboard.type("Maria de la Cruz")
    tab_to(peer, "#id_email")
    peer.keyboard.type("maria@peers.test")
    tab_to(peer, "input[name=role]")
    peer.keyboard.press("Space")
    tab_to(peer, "main button:not([name])")
    peer.keyboard.press("Enter")
    expect(peer.locator("h1")).to_have_text("Check your answers")
    tab_to(peer, "main .panel button")
    peer.keyboard.press("Enter")
    expect(peer.locator("h1")).to_have_text("Now look in your mail.")


def link_in_mail(mails: Path) -> str:
    """The link in the newest mail's text part, after the worker's round."""
    call_command("work", once=True)
    newest = max(mails.glob("*.eml"), key=lambda path: path.stat().st_mtime)
    mime = message_from_bytes(newest.read_bytes(), policy=policy.default)
    part = mime.get_body(("plain",))
    assert part is not None
    found = re.search(r"http\S+/registrations/\S+", part.get_content())
    assert found
    return found[0]


def test_from_an_empty_calendar_to_a_seat_and_back(
    staff: Page, new_context: NewContext, mails: Path
) -> None:
    call_command("load_content", verbosity=0)
    peer = new_context(java_script_enabled=False, viewport=PHONE).new_page()
    peer.goto("/")
    expect(peer.locator("main")).to_contain_text(NOTICE)

    schedule(staff)
    peer.goto("/")
    expect(peer.locator("main")).not_to_contain_text(NOTICE)
    expect(peer.locator("main")).to_contain_text(f"Next class: {DATES}, online")

    register_by_keyboard(peer)
    peer.goto(link_in_mail(mails))
    expect(peer.locator("h1")).to_have_text("One step left: take your seat")
    tab_to(peer, "main .panel button")
    peer.keyboard.press("Enter")
    expect(peer.locator("h1")).to_have_text("You have a seat")
    expect(peer.locator("main")).to_contain_text("https://meet.example.org/january")

    staff.goto("/admin/registrations/registration/")
    row = staff.locator("#result_list tbody tr")
    expect(row).to_contain_text("Maria de la Cruz")
    expect(row).to_contain_text("Has a seat")
    staff.goto("/admin/courses/scheduledclass/")
    expect(staff.locator("#result_list")).to_contain_text("1 of 24 seats")

    take_off_the_site(staff)
    peer.goto("/")
    expect(peer.locator("main")).to_contain_text(NOTICE)
    peer.goto(link_in_mail(mails))
    expect(peer.locator("h1")).to_have_text("You have a seat")
    assert Registration.objects.get().status == "confirmed"
    assert ScheduledClass.objects.get().seats.taken == 1
