"""Tell me when a class is scheduled: by keyboard alone, without JavaScript."""

import datetime as dt
import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from registrations.models import InterestSignup
from registrations.services import announcing, seats
from tests.factories import NOW, make_class
from tests.registrations.test_interest import delivered, leave_path, link_in, on_the_list

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + dt.timedelta(hours=1)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.and_(page.locator(":focus")).count():
            return
    pytest.fail(f"Tab does not reach {target}")


@pytest.fixture
def reader(page: Page) -> Page:
    call_command("load_content", verbosity=0)
    return page


def test_a_reader_signs_up_confirms_is_told_and_leaves_by_keyboard(reader: Page):
    reader.goto("/")
    tab_to(reader, reader.get_by_label("Your email address"))
    reader.keyboard.type("maria@peers.test")
    tab_to(reader, reader.get_by_role("button", name="Tell me when a class is scheduled"))
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Now look in your mail.")
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Now look in your mail.")
    assert not reader.context.cookies()

    (asking,) = delivered(LATER)
    reader.goto(link_in(asking, "confirm"))
    tab_to(reader, reader.get_by_role("button", name="Yes, write to me once"))
    reader.keyboard.press("Space")
    expect(reader.get_by_role("heading", level=1)).to_have_text("You are on the list")
    assert InterestSignup.objects.confirmed().count() == 1

    announcing.announce(scheduled_class=make_class(), actor=seats.SITE, now=LATER)
    announcing.write_news(LATER)
    assert InterestSignup.objects.count() == 1
    (news,) = delivered(LATER)
    reader.goto(link_in(news, "leave"))
    expect(reader.get_by_role("heading", level=1)).to_have_text("You are off the list")
    assert not reader.context.cookies()


def test_the_button_takes_somebody_off_though_the_page_sends_no_referrer(reader: Page):
    reader.goto(leave_path(on_the_list()))
    reader.get_by_role("button", name="Take me off the list").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("You are off the list")
    assert not InterestSignup.objects.exists()


def test_what_is_wrong_has_the_focus_and_leads_to_the_field_with_what_was_typed(reader: Page):
    reader.goto("/classes/")
    tab_to(reader, reader.get_by_label("Your email address"))
    reader.keyboard.type("maria")
    reader.keyboard.press("Enter")
    expect(reader).to_have_title(re.compile("^Error: Tell me when a class is scheduled"))
    expect(reader.get_by_role("alert")).to_be_focused()
    reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    field = reader.get_by_label("Your email address")
    expect(field).to_be_focused()
    expect(field).to_have_value("maria")
