"""Publish, take off the site and cancel, from the class's own page."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.history.models import Change
from courses.models import ScheduledClass
from registrations.models import Letter
from registrations.services import delivery
from registrations.services.ledger import check_seats
from tests.admin_forms import carried_by, change, stored
from tests.factories import NOW, make_class
from tests.registrations.people import join, register, statuses
from tests.registrations.test_admin_class_preview import button_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def page_for(scheduled_class: ScheduledClass, act: str) -> str:
    return f"/admin/courses/scheduledclass/{scheduled_class.pk}/{act}/".replace("//", "/")


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_a_class_is_cancelled_after_its_page_has_shown_whom_it_tells(admin_client: Client) -> None:
    scheduled_class = make_class(capacity=2, taken=1)
    register(scheduled_class, "holds")
    join(scheduled_class, "waits")
    path = page_for(scheduled_class, "cancel")
    page = admin_client.get(path)
    assert button_of(page) == "Cancel the class and tell 3 people"
    assert "The class on January 16 and 23, 2027 will not take place." in page.text
    assert stored(scheduled_class).status == "published"
    after = admin_client.post(path, carried_by(page), follow=True)
    assert said(after) == ["The class is cancelled. 3 people are told."]
    assert set(statuses(scheduled_class).values()) == {"cancelled"}
    assert Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED).count() == 3
    assert check_seats() == []
    again = admin_client.post(path, carried_by(page), follow=True)
    assert said(again) == ["The class is cancelled already."]
    assert Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED).count() == 3


def test_a_hand_made_post_shows_the_page_and_does_nothing(admin_client: Client) -> None:
    scheduled_class = make_class(taken=2)
    for shown in ["", "x", "0" * 64]:
        page = admin_client.post(page_for(scheduled_class, "cancel"), {"_shown": shown})
        assert button_of(page) == "Cancel the class and tell 2 people"
    assert stored(scheduled_class).status == "published"
    assert "taken back" in page.text


def test_somebody_who_registers_meanwhile_is_shown_first(admin_client: Client) -> None:
    scheduled_class = make_class(taken=1)
    path = page_for(scheduled_class, "cancel")
    page = admin_client.get(path)
    register(scheduled_class, "late")
    anew = admin_client.post(path, carried_by(page))
    assert button_of(anew) == "Cancel the class and tell 2 people"
    assert "Something has changed since you read this page" in anew.text
    assert stored(scheduled_class).status == "published"


def test_a_class_goes_off_the_site_and_comes_back(admin_client: Client) -> None:
    scheduled_class = make_class(taken=2)
    path = page_for(scheduled_class, "take-off")
    page = admin_client.get(path)
    assert button_of(page) == "Take it off the site"
    assert "2 people stay registered" in page.text
    assert said(admin_client.post(path, carried_by(page), follow=True)) == [
        "The class is off the site."
    ]
    assert Client().get(scheduled_class.get_absolute_url()).status_code == 404
    path = page_for(scheduled_class, "publish")
    page = admin_client.get(path)
    assert button_of(page) == "Publish the class"
    assert said(admin_client.post(path, carried_by(page), follow=True)) == [
        "The class is on the site."
    ]
    assert Client().get(scheduled_class.get_absolute_url()).status_code == 200
    lines = Change.objects.of(scheduled_class)
    assert [line.fields["status"] for line in lines[:2]] == [
        ["draft", "published"],
        ["published", "draft"],
    ]
    assert Letter.objects.filter(created_at__gt=NOW).count() == 0


def test_what_is_worth_a_thought_is_shown_before_publishing(admin_client: Client) -> None:
    draft = make_class(status="draft", join_link="")
    page = admin_client.get(page_for(draft, "publish"))
    assert page.context["warnings"] == ["There is no join link yet. You can add it later."]
    assert button_of(page) == "Publish all the same"
    admin_client.post(page_for(draft, "publish"), carried_by(page))
    assert stored(draft).status == "published"


def test_what_became_worth_a_thought_meanwhile_is_shown_before_publishing(
    admin_client: Client,
) -> None:
    draft = make_class(status="draft")
    page = admin_client.get(page_for(draft, "publish"))
    assert page.context["warnings"] == []
    ScheduledClass.objects.filter(pk=draft.pk).update(join_link="")
    anew = admin_client.post(page_for(draft, "publish"), carried_by(page))
    assert anew.context["warnings"] == ["There is no join link yet. You can add it later."]
    assert stored(draft).status == "draft"
    admin_client.post(page_for(draft, "publish"), carried_by(anew))
    assert stored(draft).status == "published"


def test_what_is_missing_blocks_publishing_and_leads_to_the_form(admin_client: Client) -> None:
    draft = make_class(status="draft", cost="", delivery="in_person")
    ready = admin_client.get(page_for(make_class(status="draft"), "publish"))
    path, data = page_for(draft, "publish"), carried_by(ready)
    for response in [
        admin_client.get(path, follow=True),
        admin_client.post(path, data, follow=True),
    ]:
        assert response.redirect_chain == [(change(draft.pk), 302)]
        assert said(response) == [
            "Say what it costs before you publish, even when it is: Free",
            "Say where the class is held before you publish.",
        ]
    assert stored(draft).status == "draft"


@pytest.mark.parametrize(
    ("status", "act", "sentence"),
    [
        ("published", "publish", "Only a draft can be published."),
        ("cancelled", "publish", "Only a draft can be published."),
        ("draft", "take-off", "The class is not on the site."),
        ("cancelled", "take-off", "The class is not on the site."),
        ("cancelled", "cancel", "The class is cancelled already."),
        ("draft", "cancel", "Nobody has seen this draft. Delete it."),
    ],
)
def test_an_act_that_has_no_meaning_says_so(
    admin_client: Client, status: str, act: str, sentence: str
) -> None:
    cancelled_at = NOW if status == "cancelled" else None
    scheduled_class = make_class(status=status, cancelled_at=cancelled_at)
    path = page_for(scheduled_class, act)
    assert said(admin_client.get(path, follow=True)) == [sentence]
    assert said(admin_client.post(path, follow=True)) == [sentence]
    assert stored(scheduled_class).status == status


def test_the_way_back_leads_to_the_class(admin_client: Client) -> None:
    scheduled_class = make_class(taken=1)
    path = page_for(scheduled_class, "cancel")
    data = carried_by(admin_client.get(path)) | {"_back": "1"}
    assert admin_client.post(path, data).headers["Location"] == page_for(scheduled_class, "")
    assert stored(scheduled_class).status == "published"


def test_a_class_that_is_over_is_not_published_again(
    client: Client, admin_user: User, clock: time_machine.Traveller
) -> None:
    draft = make_class(status="draft", was_published=True)
    clock.move_to(dt.datetime(2027, 2, 1, 19, tzinfo=dt.UTC))
    client.force_login(admin_user)
    response = client.get(page_for(draft, "publish"), follow=True)
    assert said(response) == ["Day 2 is in the past: Saturday, January 23, 2027."]


def test_the_page_before_an_act_costs_the_same_for_few_and_for_many(admin_client: Client) -> None:
    classes = [make_class(taken=people) for people in (2, 12)]
    for act in ["cancel", "take-off"]:
        costs = []
        for scheduled_class in classes:
            with CaptureQueriesContext(connection) as queries:
                admin_client.get(page_for(scheduled_class, act))
            costs.append(len(queries))
        assert costs[0] == costs[1]
        assert costs[0] <= 50


def test_a_class_without_sessions_can_be_cancelled_and_people_are_told(
    admin_client: Client,
) -> None:
    scheduled_class = make_class(taken=2)
    scheduled_class.class_sessions.all().delete()
    path = page_for(scheduled_class, "cancel")
    page = admin_client.get(path)
    assert button_of(page) == "Cancel the class and tell 2 people"
    admin_client.post(path, carried_by(page))
    Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED).update(next_try_at=NOW)
    delivery.deliver_due()
    sent = Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED)
    assert {letter.last_error for letter in sent} == {""}
    assert sent.exclude(state=Letter.State.OWED).count() == 2
