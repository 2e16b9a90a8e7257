"""Writing to people of a class: read first, sent once, followed, and gone with its time."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import ScheduledClass
from registrations.models import Letter, Message, Registration
from registrations.retention import erase_what_is_due
from registrations.services import delivery, erasing, messages, seats
from tests.admin_forms import acted, rows
from tests.factories import NOW, make_class
from tests.registrations.people import join, person_in, register
from tests.registrations.test_own_page import tables

MESSAGES = "/admin/registrations/message/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheduled_class(db: None) -> ScheduledClass:
    """Two with a seat, one in line, one whose address has not answered."""
    made = make_class(capacity=2)
    for person in ("ana", "ben", "waits"):
        join(made, person)
    register(made, "silent")
    Letter.objects.update(state="sent", sent_at=NOW)
    return made


def path_for(scheduled_class: ScheduledClass) -> str:
    return f"{MESSAGES}write/{scheduled_class.pk}/"


def typed(**fields: Any) -> dict[str, Any]:
    words = {"to": ["confirmed"], "subject": "Room for {dates}", "body": "Bring a pen.\n\n{where}"}
    return {"key": str(uuid.uuid4()), **words, **fields}


def written_to() -> list[str]:
    letters = Letter.objects.filter(kind="message").select_related("registration")
    return sorted(str(letter.registration) for letter in letters)


def problems(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


def test_staff_read_the_letter_and_the_number_before_anything_is_sent(
    admin_client: Client, scheduled_class: ScheduledClass
):
    before = tables()
    preview = admin_client.post(path_for(scheduled_class), typed())
    assert tables() == before
    assert "Send to 2 people" in preview.text
    [sample] = preview.context["told"].samples
    assert sample.subject == "Room for January 16 and 23, 2027"
    assert "Bring a pen.\n\nOnline, by video meeting" in sample.text
    assert "https://example.invalid/the-persons-own-link/" in sample.text
    assert "/registrations/" not in sample.text


def test_what_was_shown_is_what_goes_out(admin_client: Client, scheduled_class: ScheduledClass):
    path, data = path_for(scheduled_class), typed()
    sample = admin_client.post(path, data).context["told"].samples[0]
    response = acted(admin_client, path, data)
    message = Message.objects.get()
    assert response.redirect_chain == [(f"{MESSAGES}{message.pk}/change/", 302)]
    assert written_to() == ["Person ana", "Person ben"]
    assert str(message.written_by) == "admin"
    assert response.context["title"] == "Room for January 16 and 23, 2027"
    Registration.objects.update(email="somebody@peers.test")
    delivery.deliver_due()
    first, second = mail.outbox
    assert {first.subject, second.subject} == {sample.subject}
    assert "Bring a pen.\n\nOnline, by video meeting" in first.body
    assert first.to == second.to == ["somebody@peers.test"]


@pytest.mark.parametrize(
    ("asked", "people"),
    [
        ({"to": ["confirmed", "waitlisted"]}, ["Person ana", "Person ben", "Person waits"]),
        ({"to": ["waitlisted"]}, ["Person waits"]),
        ({"to": ["confirmed"], "people": ["ben"]}, ["Person ben"]),
    ],
)
def test_it_goes_to_a_status_or_to_those_who_are_ticked(
    admin_client: Client, scheduled_class: ScheduledClass, asked: dict[str, Any], people: list[str]
):
    ticked = [str(person_in(scheduled_class, name).pk) for name in asked.get("people", [])]
    acted(admin_client, path_for(scheduled_class), typed(**asked | {"people": ticked}))
    assert written_to() == people


def test_an_address_that_has_not_answered_cannot_be_chosen(
    admin_client: Client, scheduled_class: ScheduledClass
):
    page = admin_client.get(path_for(scheduled_class)).text
    assert "Person ana: Has a seat" in page
    assert "Person silent" not in page
    silent = str(person_in(scheduled_class, "silent").pk)
    before = tables()
    response = acted(admin_client, path_for(scheduled_class), typed(people=[silent]))
    assert "people" in problems(response)
    assert tables() == before


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (
            {"body": "Dear {name}, come."},
            {"body": ["There is no placeholder {name}. The list shows all there are."]},
        ),
        (
            {"body": "On {dates come."},
            {"body": ["A placeholder begins with { and ends with }. Look at: {dates come."]},
        ),
        (
            {"subject": "Your taper"},
            {"subject": ["“taper” tells others what the course is about. Name the dates instead."]},
        ),
        ({"subject": " "}, {"subject": ["Write a subject."]}),
        ({"body": ""}, {"body": ["Write what you want to say."]}),
        ({"to": []}, {"to": ["Choose to whom it goes. Nobody is chosen yet."]}),
    ],
)
def test_what_cannot_go_out_is_refused_at_its_field_and_the_text_kept(
    admin_client: Client,
    scheduled_class: ScheduledClass,
    fields: dict[str, Any],
    problem: dict[str, list[str]],
):
    before = tables()
    data = {"subject": "Keep this", "body": "Keep these words."} | fields
    response = admin_client.post(path_for(scheduled_class), typed(**data))
    assert problems(response) == problem
    assert ("Keep this" in response.text) == ("subject" not in fields)
    assert ("Keep these words." in response.text) == ("body" not in fields)
    assert tables() == before


def test_a_second_press_sends_nothing_twice(admin_client: Client, scheduled_class: ScheduledClass):
    path, data = path_for(scheduled_class), typed()
    acted(admin_client, path, data)
    before = tables()
    again = acted(admin_client, path, data)
    assert [str(said) for said in again.context["messages"]] == [
        "It was sent before. Nobody gets it twice."
    ]
    assert tables() == before


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_write_one_message():
    scheduled_class = make_class(taken=3)
    keys = list(scheduled_class.registrations.values_list("pk", flat=True))
    key = uuid.uuid4()

    def press(_: int) -> str:
        try:
            messages.write(
                scheduled_class=scheduled_class,
                key=key,
                words=("{dates}", "Bring a pen."),
                people=keys,
                actor=seats.SITE,
                now=NOW,
            )
        except messages.AlreadyWritten:
            return "before"
        finally:
            connections.close_all()
        return "written"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == ["before", "before", "before", "written"]
    assert Letter.objects.filter(kind="message").count() == 3


# Afterwards.


def send(client: Client, scheduled_class: ScheduledClass) -> Message:
    acted(client, path_for(scheduled_class), typed(to=["confirmed", "waitlisted"]))
    return Message.objects.get()


def test_its_page_tells_how_far_it_is_and_who_got_it(
    admin_client: Client, scheduled_class: ScheduledClass
):
    message = send(admin_client, scheduled_class)
    letters = Letter.objects.filter(kind="message")
    ana, ben = person_in(scheduled_class, "ana"), person_in(scheduled_class, "ben")
    letters.filter(registration__in=[ana, ben]).update(state="sent", sent_at=NOW)
    later = NOW + dt.timedelta(minutes=5)
    Registration.objects.filter(pk=ben.pk).update(mail_problem="5.1.1", mail_problem_at=later)
    page = admin_client.get(f"{MESSAGES}{message.pk}/change/")
    assert page.context["progress"] == [("Sent", "1"), ("Came back", "1"), ("Owed", "1")]
    assert [row[:2] for row in rows(page)] == [
        ["Person ana", "Sent"],
        ["Person ben", "Came back"],
        ["Person waits", "Owed"],
    ]
    assert "person-ana@peers.test" not in page.text


def test_the_class_remembers_that_it_was_written_to(
    admin_client: Client, scheduled_class: ScheduledClass
):
    send(admin_client, scheduled_class)
    page = admin_client.get(f"/admin/courses/scheduledclass/{scheduled_class.pk}/history/").text
    assert "admin added the message “Room for {dates}”" in page


def test_who_is_erased_or_moves_away_meanwhile_gets_none(
    admin_client: Client, scheduled_class: ScheduledClass
):
    send(admin_client, scheduled_class)
    erasing.erase(registration=person_in(scheduled_class, "ana"), actor=seats.PERSON, now=NOW)
    ben, there = person_in(scheduled_class, "ben"), make_class()
    seats.move(registration=ben, scheduled_class_id=there.pk, actor=seats.PERSON, now=NOW)
    states = {
        str(letter.registration): letter.state for letter in Letter.objects.filter(kind="message")
    }
    assert states == {"Erased": "superseded", "Person ben": "superseded", "Person waits": "owed"}


def test_the_words_go_a_year_after_they_were_written(
    admin_client: Client, scheduled_class: ScheduledClass
):
    send(admin_client, scheduled_class)
    erase_what_is_due(NOW + dt.timedelta(days=364))
    assert Message.objects.exists()
    erase_what_is_due(NOW + dt.timedelta(days=366))
    assert not Message.objects.exists()


def test_its_page_takes_the_same_queries_for_one_person_and_for_three(
    admin_client: Client, scheduled_class: ScheduledClass
):
    counts = []
    for to in (["waitlisted"], ["confirmed", "waitlisted"]):
        acted(admin_client, path_for(scheduled_class), typed(to=to))
        path = f"{MESSAGES}{Message.objects.latest('pk').pk}/change/"
        admin_client.get(path)
        with CaptureQueriesContext(connection) as captured:
            shown = len(rows(admin_client.get(path)))
        counts.append((shown, len(captured)))
    assert [shown for shown, _ in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]
