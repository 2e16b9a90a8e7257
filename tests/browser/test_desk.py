"""The staff desk in a browser: all that each role may open, and one act of each."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from courses.models import ScheduledClass
from registrations.models import Attendance, Letter, Registration
from tests.browser.conftest import DESKTOP, PHONE, NewContext
from tests.browser.screen import RULES
from tests.browser.tools import AXE, need_axe
from tests.factories import DENVER
from tests.registrations import test_roles
from tests.registrations.test_roles import CHIEF, EDITOR, STAFF, TEACHER

pytestmark = pytest.mark.django_db(transaction=True)

world = test_roles.world

TABLET = {"width": 768, "height": 1024}

#: They show no page of the desk: data, a file, or somewhere else.
NO_PAGE = {"autocomplete", "jsi18n", "view_on_site", "login", "logout", "password_change_done"}
FILES = ("_export",)

#: What scripts of others make with names that axe does not accept: the field in the middle of the
#: editor of rich text, and on Django's own pages of accounts the two lists side by side and the
#: moments.
WIDGETS = [".ProseMirror", ".selector", ".datetime"]

SignIn = Callable[[str], Page]


@pytest.fixture
def first_content(transactional_db: None) -> None:
    call_command("load_content", verbosity=0)


@pytest.fixture
def sign_in(
    new_context: NewContext, first_content: None, world: SimpleNamespace, live_server: LiveServer
) -> SignIn:
    """A window of somebody with this role, on a desktop."""

    def open_as(who: str) -> Page:
        client = Client()
        client.force_login(world.users[who])
        context = new_context(viewport=DESKTOP)
        cookie = client.cookies["sessionid"]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return context.new_page()

    return open_as


def addresses_of(who: str, world: SimpleNamespace) -> list[str]:
    """What this role may open; of a superuser only what nobody else may."""
    table = test_roles.allowed()
    return [
        test_roles.path_of(name, route, world)
        for name, route in test_roles.desk().items()
        if who in table[name][0]
        and (who != CHIEF or not {STAFF, EDITOR, TEACHER} & table[name][0])
        and name not in NO_PAGE
        and not name.endswith(FILES)
    ]


@pytest.mark.prove
@pytest.mark.parametrize("who", [STAFF, EDITOR, TEACHER, CHIEF])
def test_every_page_of_a_role_is_whole_on_desktop_tablet_and_phone(
    who: str, sign_in: SignIn, world: SimpleNamespace
):
    """Nothing for axe to find, one heading, nothing to the side, nothing refused."""
    need_axe()
    page = sign_in(who)
    page.add_init_script(path=AXE)
    wrong: dict[str, list[str]] = {}
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in addresses_of(who, world):
        page.set_viewport_size(DESKTOP)
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue  # A file, which Chromium shows in its own way.
        found = sideways(page)
        for size in (TABLET, PHONE):
            page.set_viewport_size(size)
            found += sideways(page)
        found += headings(page) + axe(page) + said
        said.clear()
        if found:
            wrong[path] = found
    assert not wrong, "\n".join(f"{path}: {one}" for path, all_ in wrong.items() for one in all_)


def sideways(page: Page) -> list[str]:
    wide, window = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return [f"{wide} px wide in {window}"] if wide > window else []


def headings(page: Page) -> list[str]:
    count = page.locator("h1").count()
    return [] if count == 1 else [f"{count} h1"]


def axe(page: Page) -> list[str]:
    violations = page.evaluate(
        """([rules, exclude]) => axe.run({include: [["body"]], exclude},
            {resultTypes: ["violations"], rules}).then(found => found.violations)""",
        [RULES, [[part] for part in WIDGETS]],
    )
    return [f"{one['id']}: {node['html'][:140]}" for one in violations for node in one["nodes"]]


def test_class_staff_cancel_a_seat_and_see_first_who_is_told(sign_in: SignIn):
    page = sign_in(STAFF)
    page.goto("/admin/")
    page.get_by_role("link", name="Find a person").click()
    page.get_by_label("Name, phone or address").fill("sits")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Person sits", exact=True).click()
    page.get_by_role("link", name="Cancel the seat").click()
    page.get_by_label("Reason").fill("Called on Monday")
    page.locator(".submit-row .default").click()
    person = Registration.objects.get(full_name="Person sits")
    assert person.status == Registration.Status.CONFIRMED
    # The first in line is told as well: the seat is theirs to take.
    page.get_by_role("button", name="Cancel the seat and tell 2 people").click()
    expect(page.get_by_role("main")).to_contain_text("Called on Monday")
    person.refresh_from_db()
    assert person.status == Registration.Status.CANCELLED
    assert person.letters.filter(kind=Letter.Kind.CANCELLED).count() == 1


def test_a_content_editor_changes_the_notice_and_sees_it(sign_in: SignIn):
    ScheduledClass.objects.update(status=ScheduledClass.Status.DRAFT)
    page = sign_in(EDITOR)
    page.goto(reverse("admin:content_sitesettings_changelist"))
    page.locator(".ProseMirror").first.fill("The next class will have its dates in March.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("is saved.")
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("The next class will have its dates in March.")


def test_an_instructor_takes_attendance(sign_in: SignIn, clock: time_machine.Traveller):
    clock.move_to(dt.datetime(2027, 1, 16, 18, tzinfo=DENVER))
    page = sign_in(TEACHER)
    page.goto("/admin/")
    page.get_by_role("link", name="The classes that you teach").click()
    page.locator("#content-main a").first.click()
    page.get_by_role("link", name="Attendance").click()
    page.get_by_role("button", name="All present").first.click()
    expect(page.get_by_role("main")).to_contain_text("1 of 1 recorded")
    assert Attendance.objects.filter(registration__full_name="Person sits").count() == 1
