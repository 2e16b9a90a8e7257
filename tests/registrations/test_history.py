"""What staff and people did with classes and seats, as it is told afterwards."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from content.history.models import Change
from registrations.history import lately
from registrations.services import details, erasing, seats
from registrations.services.seats import PERSON, Actor
from tests.admin_forms import change, edit
from tests.content.test_history import heard, lines
from tests.factories import NOW, make_class
from tests.registrations.people import join
from tests.registrations.test_own_page import tables

pytestmark = pytest.mark.django_db


def history(client: Client, path: str) -> list[str]:
    return lines(client, path.removesuffix("change/"))


def test_a_class_tells_of_its_days_place_seats_and_end(admin_client: Client):
    scheduled_class = make_class(capacity=12)
    edit(admin_client, scheduled_class, **{"class_sessions-0-starts_at_1": "10:00"})
    edit(admin_client, scheduled_class, town="Boulder", capacity="14")
    edit(admin_client, scheduled_class, status="cancelled")
    told = history(admin_client, change(scheduled_class.pk))
    assert told[0].startswith("admin changed the status on Tuesday, November 24, 2026, 12:00 pm")
    assert "[taken out: Published: on the site] [put in: Cancelled:" in told[0]
    assert told[1].startswith("admin changed the seats on")
    assert "[taken out: 12] [put in: 14]" in told[1]
    assert told[2].startswith("admin changed the town on")
    assert told[3].startswith("admin changed the class session “Saturday, January 16, 2027, 10:00")
    assert "[taken out: Saturday, January 16, 2027, 9:00\xa0am Mountain Time]".replace(
        "\xa0", " "
    ) in told[3].replace("\xa0", " ")
    assert "taken" not in "".join(Change.objects.get(name__startswith="Sat").fields)


def test_seats_that_are_taken_are_no_change_of_the_class():
    scheduled_class = make_class()
    before = Change.objects.count()
    join(scheduled_class, 1)
    assert Change.objects.count() == before


def test_history_of_a_person_keeps_names_and_of_the_rest_only_that_it_changed(admin_client: Client):
    person = join(make_class(), 1)
    new = {"full_name": "Maria Lopez", "phone": "303 555 0123", "access_needs": "Captions"}
    details.change_details(registration=person, details=new, actor=PERSON, now=NOW)
    details.change_details(
        registration=person, details=new | {"phone": "303 555 9999"}, actor=PERSON, now=NOW
    )
    told = history(admin_client, f"/admin/registrations/registration/{person.pk}/change/")
    assert told[0].startswith("Maria Lopez changed their phone on")
    assert told[1].startswith(
        "Maria Lopez changed their full name, what helps them take part and phone on"
    )
    assert "[taken out: Person 1][put in: Maria Lopez]" in told[1]
    assert "0123" not in str(person.events.values_list("changes", "why"))
    assert "Captions" not in str(person.events.values_list("changes", "why"))


def test_erasing_reaches_old_names(admin_client: Client):
    person = join(make_class(), 1)
    new = {"full_name": "Maria Lopez"}
    details.change_details(registration=person, details=new, actor=PERSON, now=NOW)
    erasing.erase(registration=person, actor=PERSON, now=NOW)
    assert "Maria" not in tables()
    assert "Person 1" not in tables()
    told = history(admin_client, f"/admin/registrations/registration/{person.pk}/change/")
    assert told[0].startswith("The seat of Erased was cancelled on")
    assert told[1].startswith("Details of Erased were noted on")


def test_lately_tells_what_staff_did_and_who_gave_up_a_seat(admin_user: User, admin_client: Client):
    scheduled_class = make_class(capacity=1)
    first = join(scheduled_class, 1)
    second = join(scheduled_class, 2)
    seats.leave(registration=first, actor=PERSON, now=NOW)
    edit(admin_client, scheduled_class, town="Boulder")
    actor = Actor.staff(admin_user)
    second.refresh_from_db()
    seats.leave(registration=second, actor=actor, now=NOW)
    third = join(scheduled_class, 3)
    seats.leave(registration=third, actor=actor, now=NOW, why="asked by phone")
    told = {entry.what: entry.url for entry in lately(admin_user)}
    assert told["The seat of Person 1 was cancelled"].endswith(f"/registration/{first.pk}/change/")
    assert told["admin cancelled the seat of Person 3"]
    assert told["admin took Person 2 off the line"]
    path = f"/admin/courses/scheduledclass/{scheduled_class.pk}/"
    assert told["admin changed the class “January 16 and 23, 2027, Online”: town"] == path
    assert "Person 1 took the seat" not in told


def test_lately_says_only_what_the_reader_may_see(django_user_model: Any):
    helper = django_user_model.objects.create_user("helper", is_staff=True)
    join(make_class(), 1)
    assert lately(helper) == []


def test_lately_costs_the_same_however_much_happened(
    admin_user: User, django_assert_num_queries: Any
):
    scheduled_class = make_class(taken=15)
    for capacity in range(24, 40):
        seats.set_capacity(
            scheduled_class_id=scheduled_class.pk,
            capacity=capacity,
            actor=Actor.staff(admin_user),
            now=NOW,
        )
    with django_assert_num_queries(2):
        assert len(lately(admin_user)) == 10


def test_the_person_page_of_the_admin_tells_its_turns_in_sentences(admin_client: Client):
    person = join(make_class(), 1)
    text = heard(admin_client.get(f"/admin/registrations/registration/{person.pk}/change/").text)
    assert re.search(r"A seat was held for Person 1.*Person 1 took the seat", text)
