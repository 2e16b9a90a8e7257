"""Saving a class: what comes first, and that it is what then happens."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.history.models import Change
from courses.models import ClassSession, ScheduledClass, Seats
from registrations.models import CalendarEntry, Letter, Registration, RegistrationEvent
from registrations.services.ledger import check_seats
from tests.admin_forms import (
    ADD,
    carried_by,
    change,
    edit,
    errors,
    filled_in,
    pressed,
    previewed,
    session,
    stored,
)
from tests.factories import make_class
from tests.registrations.people import join, register, statuses

pytestmark = pytest.mark.django_db

LATER = session(1, "2027-01-30", "09:00", "17:00")


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


@pytest.fixture
def scheduled_class() -> ScheduledClass:
    """Two with a seat, one with a held one, one in line."""
    made = make_class(capacity=3, taken=1)
    join(made, "sits")
    register(made, "holds")
    join(made, "waits")
    return made


def everything() -> list[object]:
    models = [
        ScheduledClass,
        ClassSession,
        Seats,
        Registration,
        RegistrationEvent,
        Letter,
        CalendarEntry,
        Change,
    ]
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def button_of(response: Any) -> str:
    """The words on the one button that acts. (A letter in the page has a button too.)"""
    found = re.search(r'<button class="button default">(.*?)</button>', response.text)
    assert found
    return found[1]


TELLS: dict[str, tuple[dict[str, str], str, str]] = {
    "a session moves": (LATER, "Save these changes?", "Save and tell 4 people"),
    "the place": (
        {"delivery": "in_person", "address": "Old Hall"},
        "Save these changes?",
        "Save and tell 4 people",
    ),
    "the join link": (
        {"join_link": "https://meet.example.org/new"},
        "Save these changes?",
        "Save and tell 2 people",
    ),
    "more seats": ({"capacity": "9"}, "Save these changes?", "Save and offer 1 seat"),
    "more seats and a new day": (
        {"capacity": "9", **LATER},
        "Save these changes?",
        "Save and tell 4 people",
    ),
    "cancelled": (
        {"status": "cancelled"},
        "Cancel this class?",
        "Cancel the class and tell 4 people",
    ),
    "off the site": ({"status": "draft"}, "Take the class off the site?", "Take it off the site"),
    "off the site on another day": (
        {"status": "draft", **LATER},
        "Take the class off the site?",
        "Take it off the site and tell 4 people",
    ),
}


@pytest.mark.parametrize(("typed", "title", "button"), TELLS.values(), ids=TELLS.keys())
def test_what_is_shown_is_what_then_happens(
    admin_client: Client,
    scheduled_class: ScheduledClass,
    typed: dict[str, str],
    title: str,
    button: str,
) -> None:
    before, was = everything(), statuses(scheduled_class)
    last = Letter.objects.latest("pk").pk
    page = previewed(admin_client, scheduled_class, **typed)
    assert everything() == before
    assert (page.context["title"], button_of(page)) == (title, button)

    response = pressed(admin_client, change(scheduled_class.pk), page)
    assert response.status_code == 302
    written = Letter.objects.filter(pk__gt=last).order_by("registration_id", "pk")
    told = page.context["told"]
    assert [(row.name, kind) for row in told.people for kind in row.gets] == [
        (str(letter.registration), letter.get_kind_display()) for letter in written
    ]
    assert {row.name for row in told.people if row.becomes} == {
        name.replace("person-", "Person ")
        for name, status in statuses(scheduled_class).items()
        if status != was[name]
    }
    assert check_seats() == []


def test_a_class_with_people_is_published_again_only_as_it_was_shown(
    admin_client: Client, scheduled_class: ScheduledClass
) -> None:
    edit(admin_client, scheduled_class, status="draft")
    page = previewed(admin_client, scheduled_class, status="published", join_link="", **LATER)
    assert page.context["warnings"] == ["There is no join link yet. You can add it later."]
    assert button_of(page) == "Publish and tell 4 people"
    pressed(admin_client, change(scheduled_class.pk), page)
    assert stored(scheduled_class).status == "published"
    assert Letter.objects.filter(kind=Letter.Kind.CHANGED).count() == 4


@pytest.mark.parametrize(
    "typed", [{"cost_en": "10 dollars"}, {"capacity": "30"}, {"line_size": "5"}, {}]
)
def test_a_change_that_touches_nobody_is_saved_at_once(
    admin_client: Client, typed: dict[str, str]
) -> None:
    scheduled_class = make_class(taken=2)
    path = change(scheduled_class.pk)
    assert admin_client.post(path, filled_in(admin_client, path, **typed)).status_code == 302


def test_a_draft_without_people_and_a_class_without_faults_are_saved_at_once(
    admin_client: Client,
) -> None:
    draft = make_class(status="draft")
    path = change(draft.pk)
    for typed in [LATER, {"status": "published"}]:
        data = filled_in(admin_client, path, **typed)
        assert admin_client.post(path, data).status_code == 302
    assert stored(draft).status == "published"


def test_warnings_ask_before_a_new_class_is_published(admin_client: Client) -> None:
    typed = {
        "slug": "soon",
        "status": "published",
        "delivery": "online",
        "capacity": "9",
        "cost_en": "Free",
        "cancellation_en": "On your own page.",
        **session(0, "2026-11-26", "09:00", "17:00"),
    }
    page = admin_client.post(ADD, filled_in(admin_client, ADD, **typed))
    assert not ScheduledClass.objects.exists()
    assert [words.partition(":")[0] for words in page.context["warnings"]] == [
        "The sessions add up to 6 hours; the course has 12.",
        "The course gives 12 CE credits for 6 hours.",
        "There is no join link yet. You can add it later.",
        "The class starts in less than 3 days",
    ]
    assert button_of(page) == "Publish all the same"
    assert pressed(admin_client, ADD, page).status_code == 302
    assert ScheduledClass.objects.get().status == "published"
    assert ScheduledClass.objects.get().dates == "November 26, 2026"


def test_a_slip_of_am_and_pm_is_asked_about_once_on_a_class_that_is_on_the_site(
    admin_client: Client,
) -> None:
    scheduled_class = make_class()
    night = session(1, "2027-01-23", "21:00", "23:00", 60)
    page = previewed(admin_client, scheduled_class, **night)
    assert "Day 2 is at unusual hours" in "".join(page.context["warnings"])
    pressed(admin_client, change(scheduled_class.pk), page)
    path = change(scheduled_class.pk)
    data = filled_in(admin_client, path, cost_en="5 dollars")
    assert admin_client.post(path, data).status_code == 302


def test_the_page_names_each_person_and_holds_no_link_that_works(
    admin_client: Client, scheduled_class: ScheduledClass
) -> None:
    page = previewed(admin_client, scheduled_class, **LATER)
    for name in ["Person seated-1", "Person sits", "Person holds", "Person waits"]:
        assert f'<th scope="row">{name}</th>' in page.text
    assert "Old: Saturday, January 23, 2027" in page.text
    assert "The letters also bring the calendars of 2 people up to date." in page.text
    assert "/registrations/ey" not in page.text
    assert "Nothing is saved or sent yet." in page.text


# Back, and meanwhile.


def test_the_way_back_keeps_everything_that_was_typed_and_saves_nothing(
    admin_client: Client, scheduled_class: ScheduledClass
) -> None:
    words = "A pen.\r\nA quiet room & <tea>."
    page = previewed(
        admin_client, scheduled_class, what_to_bring_en=words, cost_en="5 dollars", **LATER
    )
    before = everything()
    data = carried_by(page) | {"_back": "1"}
    form = admin_client.post(change(scheduled_class.pk), data)
    assert errors(form) == {}
    assert everything() == before
    shown = form.context["adminform"].form
    assert shown["what_to_bring_en"].value() == words
    assert shown["cost_en"].value() == "5 dollars"
    assert 'name="class_sessions-1-starts_at_0" value="2027-01-30"' in form.text
    assert "errornote" not in form.text


def test_somebody_who_registers_meanwhile_is_shown_before_anything_happens(
    admin_client: Client, scheduled_class: ScheduledClass
) -> None:
    page = previewed(admin_client, scheduled_class, status="cancelled")
    register(scheduled_class, "late")
    before = everything()
    path = change(scheduled_class.pk)
    anew = admin_client.post(path, carried_by(page))
    assert everything() == before
    assert "Something has changed since you read this page, so nothing was done." in anew.text
    assert button_of(anew) == "Cancel the class and tell 5 people"
    admin_client.post(path, carried_by(anew))
    assert stored(scheduled_class).status == "cancelled"


def test_a_preview_that_became_impossible_ends_at_the_form(
    admin_client: Client, scheduled_class: ScheduledClass
) -> None:
    page = previewed(admin_client, scheduled_class, capacity="4", **LATER)
    data = carried_by(page) | {"capacity": "2"}
    response = admin_client.post(change(scheduled_class.pk), data)
    assert errors(response) == {"capacity": ["3 seats are taken. Choose that number or more."]}


def test_a_class_is_cancelled_once(admin_client: Client, scheduled_class: ScheduledClass) -> None:
    page = previewed(admin_client, scheduled_class, status="cancelled")
    path = change(scheduled_class.pk)
    admin_client.post(path, carried_by(page))
    before = everything()
    again = admin_client.post(path, carried_by(page))
    assert everything() == before
    assert "Status: Cancelled: it will not take place" in again.text


def test_messages_are_said_once_and_only_of_what_happened(
    admin_client: Client, scheduled_class: ScheduledClass
) -> None:
    page = previewed(admin_client, scheduled_class, **LATER)
    assert list(page.context["messages"]) == []
    after = pressed(admin_client, change(scheduled_class.pk), page, follow=True)
    said = [str(message) for message in after.context["messages"]]
    assert said[0] == "4 people are told what has changed."
    assert f">{stored(scheduled_class)}</a>” is saved." in said[1]
    assert len(said) == 2


def test_a_preview_costs_the_same_for_many(admin_client: Client) -> None:
    costs = []
    classes = {people: make_class(taken=people) for people in (2, 12)}
    for people, scheduled_class in classes.items():
        path = change(scheduled_class.pk)
        data = filled_in(admin_client, path, **LATER)
        # The first look of a process reads what later ones know: kinds of rows, the permissions.
        admin_client.post(path, data)
        with CaptureQueriesContext(connection) as queries:
            page = admin_client.post(path, data)
        assert button_of(page) == f"Save and tell {people} people"
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_dates_are_read_in_the_zone_that_was_chosen(admin_client: Client) -> None:
    scheduled_class = make_class(taken=1)
    page = previewed(admin_client, scheduled_class, time_zone="America/New_York")
    words = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "New: Saturday, January 16, 2027, 9:00 am to 5:00 pm Eastern Time." in words
    pressed(admin_client, change(scheduled_class.pk), page)
    assert stored(scheduled_class).starts_at == dt.datetime(2027, 1, 16, 14, tzinfo=dt.UTC)
