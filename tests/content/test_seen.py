"""Two people at one page: the second is told, and nothing is overwritten unseen."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from content.models import Page, SiteSettings
from courses.models import ClassSession, Course, Instructor
from tests.admin_forms import change, errors, filled_in, pressed, session, stored
from tests.factories import DENVER, make_class
from tests.registrations.people import join

pytestmark = pytest.mark.django_db

NotMine = Callable[[], str]

PAGES: list[tuple[str, str, str, NotMine]] = [
    (
        "/admin/content/sitesettings/1/change/",
        "site_name",
        "Name of the work group",
        lambda: SiteSettings.objects.get().site_name,
    ),
    (
        "/admin/content/page/{page}/change/",
        "title_en",
        "Title, in English",
        lambda: Page.objects.get(slug="privacy").title,
    ),
    (
        "/admin/courses/course/{course}/change/",
        "title_en",
        "Title, in English",
        lambda: Course.objects.get().title,
    ),
]

FIRST = "This was changed after you opened the page. Nothing of yours is saved yet."
LAST = "What you typed is still here. Read it through, then save again to keep yours."


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


@pytest.fixture
def ana(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("ana", first_name="Ana", last_name="Ruiz"))
    return client


def address(path: str) -> str:
    page, course = Page.objects.get(slug="privacy").pk, Course.objects.get().pk
    return path.format(page=page, course=course)


@pytest.mark.parametrize(("path", "name", "label", "now_stored"), PAGES)
def test_the_second_of_two_is_told_what_the_first_has_changed(
    admin_client: Client,
    ana: Client,
    path: str,
    name: str,
    label: str,
    now_stored: Callable[[], str],
) -> None:
    path = address(path)
    mine = filled_in(admin_client, path, **{name: "Mine"})
    ana.post(path, filled_in(ana, path, **{name: "Hers"}))
    told = admin_client.post(path, mine)
    assert now_stored() == "Hers"
    sentences = errors(told)["__all__"]
    assert (sentences[0], sentences[2:]) == (FIRST, [f"{label}: Hers", LAST])
    assert sentences[1].startswith("Ana Ruiz changed the ")
    assert told.context["adminform"].form[name].value() == "Mine"
    # Now it has been seen.
    admin_client.post(path, mine | {"_seen": told.context["seen"]})
    assert now_stored() == "Mine"


def test_saving_twice_without_a_change_in_between_is_no_news(admin_client: Client) -> None:
    path = address(PAGES[1][0])
    admin_client.post(path, filled_in(admin_client, path, title_en="One"))
    assert admin_client.post(path, filled_in(admin_client, path)).status_code == 302


def test_a_form_that_does_not_say_what_it_saw_is_not_saved(admin_client: Client) -> None:
    path = PAGES[0][0]
    for seen in ["", "[]", "-1"]:
        response = admin_client.post(path, filled_in(admin_client, path, site_name="x", _seen=seen))
        assert errors(response)["__all__"][0] == FIRST
    assert SiteSettings.objects.get().site_name != "x"


def test_two_people_at_one_class_are_told_of_facts_seats_and_sessions(
    admin_client: Client, ana: Client
) -> None:
    scheduled_class = make_class()
    path = change(scheduled_class.pk)
    mine = filled_in(admin_client, path, what_to_bring_en="A pen")
    hers = session(1, "2027-01-30", "09:00", "17:00")
    ana.post(path, filled_in(ana, path, cost_en="9 dollars", capacity="12", **hers))
    told = admin_client.post(path, mine)
    words = [words.replace("\N{NO-BREAK SPACE}", " ") for words in errors(told)["__all__"]]
    assert words[0] == FIRST
    assert {"Cost, in English: 9 dollars", "Seats: 12"} <= {*words}
    assert "Starts: Saturday, January 30, 2027, 9:00 am Mountain Time" in words
    assert sum(sentence.startswith("Ana Ruiz changed the ") for sentence in words) == 3
    after = stored(scheduled_class)
    assert (after.cost, after.what_to_bring, after.seats.capacity) == ("9 dollars", "", 12)
    shown = told.context["adminform"].form
    assert shown["what_to_bring_en"].value() == "A pen"
    # What the second left alone is what the first made of it.
    assert (shown["cost_en"].value(), shown["capacity"].value()) == ("9 dollars", "12")
    again = {name: shown[name].value() for name in ["cost_en", "capacity"]}
    admin_client.post(path, mine | again | hers | {"_seen": told.context["seen"]})
    after = stored(scheduled_class)
    assert (after.cost, after.what_to_bring, after.seats.capacity) == ("9 dollars", "A pen", 12)


def test_a_session_that_was_taken_out_meanwhile_is_told(admin_client: Client, ana: Client) -> None:
    scheduled_class = make_class()
    path = change(scheduled_class.pk)
    mine = filled_in(admin_client, path, cost_en="9 dollars")
    hers = filled_in(ana, path, **{"class_sessions-1-DELETE": "on"})
    pressed(ana, path, ana.post(path, hers))
    assert ClassSession.objects.count() == 1
    told = admin_client.post(path, mine)
    sentence = "Tick Delete in its row here too, or open the page anew."
    assert sentence in errors(told)["__all__"]
    again = mine | {"_seen": told.context["seen"], "class_sessions-1-DELETE": "on"}
    assert admin_client.post(path, again).status_code == 302
    assert stored(scheduled_class).cost == "9 dollars"
    assert ClassSession.objects.count() == 1


def test_somebody_registering_meanwhile_is_no_news_of_the_class(admin_client: Client) -> None:
    scheduled_class = make_class()
    path = change(scheduled_class.pk)
    mine = filled_in(admin_client, path, cost_en="9 dollars")
    join(scheduled_class, 1)
    assert admin_client.post(path, mine).status_code == 302


def test_days_choices_and_figures_that_the_second_left_alone_stay_as_the_first_made_them(
    admin_client: Client, ana: Client
) -> None:
    robin = Instructor.objects.create(name="Robin Vale")
    scheduled_class = make_class()
    path = change(scheduled_class.pk)
    mine = filled_in(admin_client, path, cost_en="9 dollars")
    closes = {"registration_closes_at_0": "2027-01-12", "registration_closes_at_1": "17:00"}
    hers: dict[str, Any] = {**closes, "instructors": [str(robin.pk)]}
    pressed(ana, path, ana.post(path, filled_in(ana, path, **hers)))
    assert [str(teacher) for teacher in stored(scheduled_class).instructors.all()] == ["Robin Vale"]
    told = admin_client.post(path, mine)
    shown = told.context["adminform"].form
    assert [part[:5] for part in shown["registration_closes_at"].value()] == ["2027-", "17:00"]
    assert shown["instructors"].value() == [str(robin.pk)]
    again = mine | hers | {"_seen": told.context["seen"]}
    pressed(admin_client, path, admin_client.post(path, again))
    after = stored(scheduled_class)
    assert after.cost == "9 dollars"
    assert after.registration_closes_at == dt.datetime(2027, 1, 12, 17, tzinfo=DENVER)
    assert after.instructors.get() == robin


def test_credits_that_the_first_has_changed_are_not_put_back(
    admin_client: Client, ana: Client
) -> None:
    path = address(PAGES[2][0])
    mine = filled_in(admin_client, path, title_en="Mine")
    ana.post(path, filled_in(ana, path, credits="10"))
    told = admin_client.post(path, mine)
    assert told.context["adminform"].form["credits"].value() == "10.00"
