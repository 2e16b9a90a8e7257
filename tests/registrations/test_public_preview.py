"""A draft class as the public will see it."""

from typing import Any

import pytest
from django.test import Client

from courses.models import ScheduledClass
from registrations.models import Letter
from tests.admin_forms import ADD, change, filled_in, session, stored
from tests.content.test_public_preview import frames, preview
from tests.factories import make_class
from tests.registrations.people import join, numbers

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_draft_is_seen_with_its_row_in_the_list(admin_client: Client):
    draft = make_class(status=ScheduledClass.Status.DRAFT, town="Boulder")
    response = preview(admin_client, change(draft.pk), cost_en="9 dollars")
    shown = frames(response)
    assert [*shown] == [
        "The class, English",
        "The class, Spanish",
        "The list of classes, English",
        "The list of classes, Spanish",
    ]
    assert "9 dollars" in shown["The class, English"]
    assert "Seats free" in shown["The class, English"]
    assert draft.get_absolute_url() in shown["The list of classes, English"]
    assert "16 y 23 de enero" in shown["The class, Spanish"]
    assert stored(draft).status == ScheduledClass.Status.DRAFT
    assert stored(draft).cost == "Free"
    assert admin_client.get(draft.get_absolute_url()).status_code == 404


def test_a_class_that_is_being_added_is_seen_and_not_stored(admin_client: Client):
    course = make_class().course
    typed = session(0, "2027-02-06", "09:00", "17:00") | {
        "course": str(course.pk),
        "slug": "february",
        "delivery": "online",
        "capacity": "12",
    }
    data = filled_in(admin_client, ADD, **typed) | {"_public": "1"}
    shown = frames(admin_client.post(ADD, data))
    assert "February 6, 2027" in shown["The class, English"]
    assert not ScheduledClass.objects.filter(slug="february").exists()


def test_a_class_without_days_has_nothing_to_show_and_says_so(admin_client: Client):
    course = make_class().course
    typed = {"course": str(course.pk), "slug": "some-day", "delivery": "online"}
    response = admin_client.post(ADD, filled_in(admin_client, ADD, **typed) | {"_public": "1"})
    assert "There is nothing to see yet." in response.text


def test_seeing_a_moved_or_cancelled_class_tells_nobody(admin_client: Client):
    scheduled_class = make_class()
    join(scheduled_class, 1)
    letters = Letter.objects.count()
    path = change(scheduled_class.pk)
    typed: dict[str, Any] = {"class_sessions-0-starts_at_1": "10:00"}
    assert "10:00" in frames(preview(admin_client, path, **typed))["The class, English"]
    cancelled = frames(preview(admin_client, path, status="cancelled"))
    assert "Cancelled on" in cancelled["The class, English"]
    assert Letter.objects.count() == letters
    assert numbers(scheduled_class) == (1, 23, 0)
    assert stored(scheduled_class).status == "published"
    assert [*admin_client.get("/admin/").context["messages"]] == []
