"""What staff do to one person: read first who is told what, then done, or refused in a sentence."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from registrations.models import Registration
from registrations.services import seats
from tests.admin_forms import acted
from tests.factories import DENVER, NOW, make_answers, make_class
from tests.registrations.people import join, letters_to, numbers, person_in, register, statuses
from tests.registrations.test_own_page import tables

pytestmark = pytest.mark.django_db


def page_of(registration: Registration, step: str) -> str:
    return f"/admin/registrations/registration/{registration.pk}/{step}/"


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def problems(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


# Cancel.


def test_cancelling_a_seat_shows_first_who_is_told_and_then_tells_them(admin_client: Client):
    scheduled_class = make_class(capacity=1)
    sits, waits = join(scheduled_class, "sits"), join(scheduled_class, "waits")
    path, data = page_of(sits, "cancel"), {"why": "She called."}
    before = tables()
    preview = admin_client.post(path, data)
    assert tables() == before
    assert "Cancel the seat and tell 2 people" in preview.text
    assert [person.name for person in preview.context["told"].people] == [
        "Person sits",
        "Person waits",
    ]
    assert "She called." in preview.text
    assert said(acted(admin_client, path, data)) == [
        "Done: Person sits has no seat or place now. 2 people are told."
    ]
    assert statuses(scheduled_class) == {"person-sits": "cancelled", "person-waits": "offered"}
    assert (letters_to(sits)[-1], letters_to(waits)[-1]) == ("cancelled", "offered")
    event = sits.events.latest("pk")
    assert (event.by, event.by_user, event.why) == ("staff", User.objects.get(), "She called.")
    assert numbers(scheduled_class) == (1, 0, 0)


def test_a_seat_is_cancelled_once_however_often_it_is_asked(admin_client: Client):
    person = join(make_class(), 1)
    acted(admin_client, page_of(person, "cancel"), {"why": ""})
    before = tables()
    again = acted(admin_client, page_of(person, "cancel"), {"why": "typed"})
    assert problems(again) == {
        "__all__": ["Person 1 has no seat and no place in line now. Nothing was done."]
    }
    assert 'value="typed"' in again.text
    assert tables() == before


@pytest.mark.parametrize(
    ("enters", "button", "ends"),
    [(register, "Take back the seat", "declined"), (join, "Cancel the seat", "cancelled")],
)
def test_the_button_names_what_there_is_to_end(
    admin_client: Client, enters: Any, button: str, ends: str
):
    scheduled_class = make_class()
    enters(scheduled_class, 1)
    person = person_in(scheduled_class, 1)
    assert button in admin_client.get(page_of(person, "change")).text
    assert f"{button} and tell 1 person" in admin_client.post(page_of(person, "cancel")).text
    acted(admin_client, page_of(person, "cancel"))
    assert statuses(scheduled_class) == {"person-1": ends}


def test_nobody_is_cancelled_out_of_a_class_that_is_over(
    admin_client: Client, clock: time_machine.Traveller
):
    person = join(make_class(), 1)
    clock.move_to(dt.datetime(2027, 1, 24, 10, tzinfo=DENVER))
    admin_client.force_login(User.objects.get())
    assert "Cancel the seat" not in admin_client.get(page_of(person, "change")).text
    before = tables()
    response = acted(admin_client, page_of(person, "cancel"))
    assert problems(response) == {"__all__": ["The class is over. Who had a seat stays on record."]}
    assert tables() == before


# Move.


def test_a_person_is_moved_with_a_reason_and_told(admin_client: Client):
    here, there = make_class(), make_class(capacity=3)
    person = join(here, 1)
    path = page_of(person, "move")
    assert f"{there}: 3 seats free" in admin_client.get(path).text
    data = {"to": str(there.pk), "why": "The days suit better."}
    assert said(acted(admin_client, path, data)) == [
        "Person 1 has a seat in the other class now. 1 person is told."
    ]
    person.refresh_from_db()
    assert (person.scheduled_class, person.status) == (there, "confirmed")
    assert "The days suit better." in person.events.latest("pk").why
    assert letters_to(person)[-1] == "moved"
    assert (numbers(here)[0], numbers(there)[0]) == (0, 1)


def test_a_move_to_a_full_class_is_refused_and_the_seat_kept(admin_client: Client):
    here, full = make_class(), make_class(capacity=1, taken=1)
    person = join(here, 1)
    assert f"{full}: full" in admin_client.get(page_of(person, "move")).text
    before = tables()
    response = acted(admin_client, page_of(person, "move"), {"to": str(full.pk), "why": "typed"})
    assert problems(response) == {
        "to": ["That class has no free seat. Person 1 keeps the seat they have."]
    }
    assert 'value="typed"' in response.text
    assert tables() == before


def test_a_move_is_refused_where_the_person_is_already_or_has_no_seat(admin_client: Client):
    here, there = make_class(), make_class()
    person = join(here, 1)
    join(there, 1)
    register(there, 2)
    silent = person_in(there, 2)
    before = tables()
    already = acted(admin_client, page_of(person, "move"), {"to": str(there.pk)})
    assert problems(already) == {"to": ["Person 1 is registered for that class already."]}
    without = acted(admin_client, page_of(silent, "move"), {"to": str(here.pk)})
    assert problems(without) == {"__all__": ["Person 2 has no seat now, so there is none to move."]}
    nowhere = acted(admin_client, page_of(person, "move"), {"to": "999"})
    assert problems(nowhere) == {"to": ["Choose a class."]}
    assert tables() == before


# A free seat.


def test_a_free_seat_is_given_after_the_cut_off(
    admin_client: Client, clock: time_machine.Traveller
):
    scheduled_class = make_class(capacity=1)
    sits, waits = join(scheduled_class, "sits"), join(scheduled_class, "waits")
    path = page_of(waits, "seat")
    assert said(admin_client.get(path, follow=True)) == ["No seat is free for Person waits."]
    clock.move_to(dt.datetime(2027, 1, 14, 10, tzinfo=DENVER))
    seats.leave(registration=sits, actor=seats.PERSON, now=dt.datetime.now(tz=DENVER))
    admin_client.force_login(User.objects.get())
    assert "Give the seat and tell 1 person" in admin_client.get(path).text
    assert said(acted(admin_client, path)) == ["Person waits has a seat now. 1 person is told."]
    assert statuses(scheduled_class) == {"person-sits": "cancelled", "person-waits": "confirmed"}


# The address.


def test_correcting_an_address_gives_the_time_to_answer_anew(
    admin_client: Client, clock: time_machine.Traveller
):
    scheduled_class = make_class()
    register(scheduled_class, 1)
    person = person_in(scheduled_class, 1)
    assert person.answer_by
    clock.move_to(person.answer_by - dt.timedelta(minutes=5))
    admin_client.force_login(User.objects.get())
    acted(admin_client, page_of(person, "address"), {"email": "right@peers.test"})
    until = person.answer_by
    person.refresh_from_db()
    assert person.answer_by > until
    assert (person.status, person.email, person.link_version) == ("offered", "right@peers.test", 2)


# Details.


def test_details_are_changed_at_once_and_no_mail_goes_out(admin_client: Client):
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    before = letters_to(person)
    data = {"full_name": "Maria Lopez", "phone": "303 555 0123", "access_needs": "Large print"} | {
        "language": "en"
    }
    response = admin_client.post(page_of(person, "details"), data, follow=True)
    assert said(response) == ["Saved."]
    person.refresh_from_db()
    assert (person.full_name, person.phone) == ("Maria Lopez", "303 555 0123")
    assert (letters_to(person), person.events.latest("pk").by) == (before, "staff")


def test_a_name_that_is_no_name_is_refused_and_nothing_typed_is_lost(admin_client: Client):
    person = join(make_class(), 1)
    before = tables()
    response = admin_client.post(
        page_of(person, "details"), {"full_name": "", "phone": "303 555 0123", "language": "en"}
    )
    assert problems(response) == {"full_name": ["Enter your full name"]}
    assert 'value="303 555 0123"' in response.text
    assert tables() == before


# What the page leads to.


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        ("confirmed", {"link", "address", "details", "move", "cancel"}),
        ("waitlisted", {"link", "address", "details", "seat", "cancel"}),
        ("cancelled", {"link", "address", "details"}),
    ],
)
def test_a_person_s_page_offers_what_can_be_done(
    admin_client: Client, status: str, steps: set[str]
):
    scheduled_class = make_class(capacity=1, taken=status == "waitlisted")
    answers = make_answers(1)
    seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=NOW)
    person = person_in(scheduled_class, 1)
    seats.answer(registration=person, now=NOW)
    if status == "cancelled":
        seats.leave(registration=person, actor=seats.PERSON, now=NOW)
    page = admin_client.get(page_of(person, "change")).text
    every = {"link", "address", "details", "seat", "move", "cancel"}
    assert {step for step in every if f'href="{page_of(person, step)}"' in page} == steps
