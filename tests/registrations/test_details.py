"""What a person changes, asks for and takes away by their own page."""

import datetime as dt
import json
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from registrations.links import link_to
from registrations.models import Letter, LinkRequest, Registration, RegistrationEvent
from registrations.services import details, seats
from registrations.services.delivery import deliver_due
from tests.factories import DENVER, NOW, make_class
from tests.registrations.people import join, letters_to, numbers, person_in, statuses
from tests.registrations.test_own_page import page_of, tables
from tests.registrations.test_registering import text_of

pytestmark = pytest.mark.django_db

OWN = {
    "full_name": "Maria de la Cruz",
    "access_needs": "Captions",
    "phone": "555 0100",
    "language": "es",
    "state": "Colorado",
    "credential": "CPFS",
    "credential_number": "12-345",
}


def newest_link() -> str:
    """The path of the link in the newest mail."""
    found = re.search(r"http://testserver(/registrations/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def deliver() -> None:
    """The worker's round, a moment later."""
    now = timezone.now()
    deliver_due(clock=lambda: now)


def test_details_change_on_the_own_page_and_history_names_what_changed(client: Client) -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    client.post(page_of(person, "details/"), OWN)
    person.refresh_from_db()
    assert {name: getattr(person, name) for name in OWN} == OWN
    assert person.events.latest("pk").changes == {
        "full_name": ["Person 1", OWN["full_name"]],
        **{name: [] for name in OWN if name != "full_name"},
    }
    assert numbers(scheduled_class) == (1, 23, 0)


def test_a_name_that_is_left_empty_is_a_sentence_and_keeps_the_rest(client: Client) -> None:
    person = join(make_class(), 1)
    response = client.post(page_of(person, "details/"), OWN | {"full_name": ""})
    assert "Enter your full name" in text_of(response)
    assert "12-345" in response.content.decode()
    person.refresh_from_db()
    assert (person.full_name, person.state) == ("Person 1", "")


def test_a_new_address_is_asked_first_and_the_old_one_is_told(client: Client) -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    old_page = page_of(person)
    client.post(page_of(person, "address/"), {"email": "new@peers.test"})
    person.refresh_from_db()
    assert person.email == "person-1@peers.test", "nothing changes before the new address answers"
    deliver()
    assert mail.outbox[-1].to == ["new@peers.test"]
    proof = newest_link()
    before = tables()
    for _ in range(2):
        assert "Is this your new address?" in text_of(client.get(proof))
    assert tables() == before
    response = client.post(proof, follow=True)
    assert "You have a seat" in text_of(response)
    person.refresh_from_db()
    assert person.email == "new@peers.test"
    assert client.get(old_page).status_code == HTTPStatus.GONE
    mail.outbox.clear()
    deliver()
    assert {message.to[0]: "registrations" in str(message.body) for message in mail.outbox} == {
        "person-1@peers.test": False,
        "new@peers.test": True,
    }


def test_a_link_to_prove_an_address_works_once_and_only_for_the_last_one_asked(
    client: Client, clock: time_machine.Traveller
) -> None:
    person = join(make_class(), 1)
    client.post(page_of(person, "address/"), {"email": "first@peers.test"})
    deliver()
    first = newest_link()
    clock.shift(300)
    client.post(page_of(person, "address/"), {"email": "second@peers.test"})
    assert client.post(first).status_code == HTTPStatus.GONE
    person.refresh_from_db()
    assert person.email == "person-1@peers.test"


def test_a_new_address_that_is_registered_already_is_told_to_its_owner_alone(
    client: Client, clock: time_machine.Traveller
) -> None:
    scheduled_class = make_class()
    person, _ = join(scheduled_class, 1), join(scheduled_class, 2)
    known = text_of(client.post(page_of(person, "address/"), {"email": "person-2@peers.test"}))
    unknown = text_of(client.post(page_of(person, "address/"), {"email": "person-3@peers.test"}))
    assert known.replace("person-2", "X") == unknown.replace("person-3", "X")
    Letter.objects.all().delete()
    details.ask_new_address(
        registration=person, address="person-2@peers.test", now=NOW + dt.timedelta(hours=1)
    )
    clock.shift(3600)
    deliver()
    response = client.post(newest_link())
    assert "This address has a registration of its own in this class." in text_of(response)
    assert statuses(scheduled_class) == {"person-1": "confirmed", "person-2": "confirmed"}


def test_moving_takes_the_new_seat_and_gives_up_the_old_one(client: Client) -> None:
    january, february = make_class(capacity=1), make_class(capacity=1)
    person = join(january, 1)
    join(january, "waits")
    page = text_of(client.get(page_of(person, "move/")))
    assert february.title in page
    response = client.post(page_of(person, "move/"), {"to": february.pk}, follow=True)
    assert "You have a seat" in text_of(response)
    person.refresh_from_db()
    assert (person.scheduled_class, person.status) == (february, "confirmed")
    assert letters_to(person)[-1] == "moved"
    assert statuses(january) == {"person-waits": "offered"}
    assert (numbers(january), numbers(february)) == ((1, 0, 0), (1, 0, 0))


@pytest.mark.parametrize("nonsense", ["", "0", "99999", "x", "1" * 40, "-1", "²"])
def test_moving_to_nowhere_changes_nothing(client: Client, nonsense: str) -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    response = client.post(page_of(person, "move/"), {"to": nonsense})
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert statuses(scheduled_class) == {"person-1": "confirmed"}


def test_moving_to_a_class_that_has_filled_keeps_the_seat(client: Client) -> None:
    january, february = make_class(), make_class(capacity=1, taken=1)
    person = join(january, 1)
    response = client.post(page_of(person, "move/"), {"to": february.pk})
    assert "You keep the seat you have." in text_of(response)
    assert statuses(january) == {"person-1": "confirmed"}


def test_nobody_moves_into_a_class_of_another_course() -> None:
    from courses.models import Course

    january = make_class()
    other = make_class(course=Course.objects.create(title="Another course"))
    person = join(january, 1)
    with pytest.raises(seats.NotTaken):
        seats.move(registration=person, scheduled_class_id=other.pk, actor=seats.PERSON, now=NOW)
    assert statuses(january) == {"person-1": "confirmed"}


def test_two_people_who_share_an_address_both_come(client: Client) -> None:
    scheduled_class = make_class()
    first = join(scheduled_class, 1)
    client.post(page_of(first, "share/"), {"full_name": "Second Person", "role": "caregiver"})
    second = Registration.objects.get(full_name="Second Person")
    assert (second.status, second.email, second.shares_address) == (
        "confirmed",
        first.email,
        True,
    )
    assert page_of(second) != page_of(first)
    assert numbers(scheduled_class) == (2, 22, 0)


def asked(client: Client, email: str) -> Any:
    response = client.post("/registrations/link/", {"email": email}, follow=True)
    return response.status_code, response.redirect_chain, text_of(response)


def test_asking_for_the_link_says_the_same_for_every_address_and_looks_nothing_up(
    client: Client, django_assert_num_queries: Any
) -> None:
    join(make_class(), 1)
    client.get("/registrations/link/")
    pages = []
    for email in ("PERSON-1@peers.test", "nobody@peers.test"):
        # The count of tries, the request, and a look at what is public for the page after it.
        with django_assert_num_queries(3):
            pages.append(asked(client, email))
    assert pages[0] == pages[1]
    assert LinkRequest.objects.count() == 2


def test_the_worker_sends_the_asked_for_link_and_forgets_the_request(client: Client) -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    asked(client, "Person-1@Peers.test")
    asked(client, "nobody@peers.test")
    details.answer_link_requests(NOW)
    assert letters_to(person) == ["held", "confirmed", "link"]
    assert LinkRequest.objects.count() == 0


def test_links_are_sent_at_most_every_two_minutes() -> None:
    person = join(make_class(), 1)
    for seconds in (0, 60, 119, 121):
        details.send_link(registration=person, now=NOW + dt.timedelta(seconds=seconds))
    assert letters_to(person).count("link") == 2


def test_an_old_link_leads_to_a_new_one_by_mail(client: Client) -> None:
    person = join(make_class(), 1)
    old = page_of(person)
    Registration.objects.update(link_version=2)
    assert "Send me a new link" in text_of(client.get(old))
    client.post(f"{old}renew/")
    deliver()
    assert newest_link() == urlsplit(link_to(person_in(person.scheduled_class, 1))).path


def test_all_that_is_held_can_be_seen_and_taken_along(client: Client) -> None:
    person = join(make_class(), 1)
    client.post(page_of(person, "details/"), OWN)
    page = text_of(client.get(page_of(person, "data/")))
    held = json.loads(client.get(page_of(person, "data/download/")).content)
    for name, value in OWN.items():
        assert value in page
        assert held[name] == value
    assert [event["to_status"] for event in held["history"]] == ["offered"] + ["confirmed"] * 2


def test_who_cancelled_is_still_said_after_a_change_of_details(client: Client) -> None:
    person = join(make_class(), 1)
    staff = seats.Actor(RegistrationEvent.By.STAFF)
    seats.leave(registration=person, actor=staff, now=NOW, why="the room is small")
    client.post(page_of(person, "details/"), OWN)
    assert "the room is small" in text_of(client.get(page_of(person)))


def test_erasing_gives_up_the_seat_and_leaves_no_trace_of_who_it_was(client: Client) -> None:
    scheduled_class = make_class(capacity=1)
    person = join(scheduled_class, 1)
    client.post(page_of(person, "details/"), OWN)
    join(scheduled_class, "waits")
    page = page_of(person)
    assert "It cannot be undone." in text_of(client.get(f"{page}data/erase/"))
    response = client.post(f"{page}data/erase/")
    assert "It is erased" in text_of(response)
    dump = tables()
    told = [value for name, value in OWN.items() if name != "language"]
    for value in [*told, '"language": "es"', "person-1@peers.test"]:
        assert value not in dump
    assert client.get(page).status_code == HTTPStatus.GONE
    assert Registration.objects.get(pk=person.pk).status == "cancelled"
    assert person_in(scheduled_class, "waits").status == "offered"
    assert numbers(scheduled_class) == (1, 0, 0)
    mail.outbox.clear()
    deliver()
    assert [message.to for message in mail.outbox] == [["person-waits@peers.test"]]


def test_after_the_class_began_erasing_keeps_the_record_of_who_took_part(
    client: Client, clock: time_machine.Traveller
) -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    client.post(page_of(person, "details/"), OWN)
    clock.move_to(dt.datetime(2027, 1, 24, tzinfo=DENVER))
    page = text_of(client.get(page_of(person, "data/erase/")))
    assert "Your name and credential stay, and that you took part: boards ask for it." in page
    client.post(page_of(person, "data/erase/"))
    person.refresh_from_db()
    assert (person.full_name, person.credential_number) == ("Maria de la Cruz", "12-345")
    assert (person.email, person.phone, person.access_needs) == ("", "", "")
    assert person.status == "confirmed"


def test_no_step_of_the_own_page_opens_to_a_stranger(client: Client) -> None:
    person = join(make_class(), 1)
    before = tables()
    steps = ["details", "address", "move", "share", "data", "data/download", "data/erase"]
    forged = page_of(person).rstrip("/")[:-1]
    for step in steps:
        for method in (client.get, client.post):
            response = method(f"{forged}/{step}/", OWN)
            assert response.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
    assert tables() == before


def test_get_changes_nothing_on_any_step(client: Client) -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    before = tables()
    steps = ["", "details/", "address/", "move/", "share/", "data/", "data/download/"]
    for step in [*steps, "data/erase/", "leave/", "cancel/"]:
        for _ in range(2):
            response = client.get(page_of(person, step))
            assert response.status_code == HTTPStatus.OK
            assert response["Referrer-Policy"] == "no-referrer"
            assert "no-store" in response["Cache-Control"]
    assert tables() == before
