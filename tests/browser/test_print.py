"""The course page on paper."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser

from tests.browser.screen import WIDEST, screen
from tests.browser.states import Visit, languages
from tests.browser.states.public import with_all_there_is_to_say
from tests.browser.tools import need_axe
from tests.factories import make_class

pytestmark = pytest.mark.django_db

SHEET = rb"/Type\s*/Page\b"


@pytest.mark.parametrize("language", languages())
def test_the_course_page_takes_two_sheets_of_letter(browser: Browser, language: str):
    call_command("load_content", verbosity=0)
    make_class()
    with_all_there_is_to_say()
    seen = Visit(language).get("courses:course")
    need_axe()
    with screen(browser) as window:
        window.show(seen, WIDEST)
        pdf = window.page.pdf(format="Letter", prefer_css_page_size=True)
    assert len(re.findall(SHEET, pdf)) == 2
