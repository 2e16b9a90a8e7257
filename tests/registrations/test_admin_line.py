"""The line and its mail as staff see them, and what staff do about them."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import ScheduledClass
from registrations.models import Registration
from registrations.services import erasing, seats
from tests.admin_forms import acted, rows
from tests.factories import DENVER, NOW, make_class
from tests.registrations.people import join, letters_to, numbers, person_in, register, statuses
from tests.registrations.test_own_page import tables

PEOPLE = "/admin/registrations/registration/"
REASON, MAIL = 4, 5
OLDER_LINKS = "Links in older mails have stopped working."

pytestmark = pytest.mark.django_db


def column(client: Client, number: int, **asked: Any) -> dict[str, str]:
    """One column of the list, by name."""
    return {row[1]: row[number] for row in rows(client.get(PEOPLE, asked))}


def page_of(registration: Registration, step: str) -> str:
    return f"{PEOPLE}{registration.pk}/{step}/"


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def looks(client: Client, django_user_model: type[User]) -> Client:
    """Somebody who may look and do nothing."""
    user = django_user_model.objects.create_user("looks", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    return client


# Reasons.


def test_every_row_of_a_line_says_why_no_offer_has_gone_out(admin_client: Client):
    scheduled_class = make_class(capacity=1)
    join(scheduled_class, "sits")
    join(scheduled_class, "waits")
    join(scheduled_class, "too")
    shown = column(admin_client, REASON - 1, **{"class": scheduled_class.pk})
    assert shown == {
        "Person sits": "",
        "Person waits": "No seat is free. They are next.",
        "Person too": "No seat is free. 1 person before them comes first.",
    }
    waits = person_in(scheduled_class, "waits")
    assert "No seat is free. They are next." in admin_client.get(page_of(waits, "change")).text


def test_three_rows_with_reasons_take_as_many_queries_as_one(admin_client: Client):
    scheduled_class = make_class(capacity=1, taken=1)
    asked = {"class": str(scheduled_class.pk), "status__exact": "waitlisted"}
    counts = []
    for people in (("a",), ("b", "c")):
        for person in people:
            join(scheduled_class, person)
        admin_client.get(PEOPLE, asked)
        with CaptureQueriesContext(connection) as captured:
            response = admin_client.get(PEOPLE, asked)
        counts.append((len(rows(response)), len(captured)))
    assert [number for number, _ in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]


# A free seat by hand.


def give(client: Client, *people: Registration) -> list[str]:
    """Press the button for the people; what the page then says."""
    chosen = [person.pk for person in people]
    data = {"action": "give_a_free_seat", "_selected_action": chosen}
    return said(acted(client, PEOPLE, data))


def test_staff_give_a_free_seat_after_the_cut_off(
    admin_client: Client, clock: time_machine.Traveller
):
    scheduled_class = make_class(capacity=1)
    sits = join(scheduled_class, "sits")
    waits, too = join(scheduled_class, "waits"), join(scheduled_class, "too")
    clock.move_to(dt.datetime(2027, 1, 14, 10, tzinfo=DENVER))
    seats.leave(registration=sits, actor=seats.PERSON, now=dt.datetime.now(tz=DENVER))
    admin_client.force_login(User.objects.get())
    assert give(admin_client, too, waits) == [
        "No seat is free for Person too.",
        "1 person now has a seat and is told.",
    ]
    assert statuses(scheduled_class) == {
        "person-sits": "cancelled",
        "person-waits": "confirmed",
        "person-too": "waitlisted",
    }
    assert letters_to(waits)[-1] == "confirmed"
    event = waits.events.latest("pk")
    assert (event.by, event.by_user) == ("staff", User.objects.get())
    assert numbers(scheduled_class) == (1, 0, 1)


def test_who_cannot_be_given_a_seat_is_named_with_the_reason(admin_client: Client):
    scheduled_class = make_class(capacity=1)
    sits = join(scheduled_class, "sits")
    register(scheduled_class, "silent")
    assert give(admin_client, sits, person_in(scheduled_class, "silent")) == [
        "The address of Person silent has not answered yet. Send the link again first.",
        "Person sits does not wait in line.",
    ]


def test_staff_who_may_only_look_give_no_seat(looks: Client):
    scheduled_class = make_class(capacity=2)
    waits = join(scheduled_class, "waits")
    assert "Give a free seat" not in looks.get(PEOPLE).text
    before = tables()
    looks.post(PEOPLE, {"action": "give_a_free_seat", "_selected_action": [waits.pk]})
    assert tables() == before


# Mail that does not arrive.


def silent_and_lapsed(scheduled_class: ScheduledClass) -> None:
    register(scheduled_class, "never")
    person = person_in(scheduled_class, "never")
    assert person.answer_by
    seats.end_offer(registration=person, now=person.answer_by)


def test_the_list_says_in_words_whether_mail_reaches_each_person(admin_client: Client):
    scheduled_class = make_class()
    silent_and_lapsed(scheduled_class)
    register(scheduled_class, "not yet")
    join(scheduled_class, "answers")
    back = join(scheduled_class, "back")
    Registration.objects.filter(pk=back.pk).update(mail_problem="5.1.1", mail_problem_at=NOW)
    erasing.empty(join(scheduled_class, "gone"), erasing.CONTACT, NOW)
    assert column(admin_client, MAIL) == {
        "Person never": "Never answered",
        "Person not yet": "Not answered yet",
        "Person answers": "Answered",
        "Person back": "Mail came back on November 24, 2026",
        "Person gone": "Erased",
    }
    for asked, names in {
        "came_back": ["Person back"],
        "never": ["Person never"],
        "not_yet": ["Person not yet"],
    }.items():
        assert list(column(admin_client, MAIL, mail=asked)) == names


def test_what_the_other_server_said_stands_on_the_person_s_page_alone(admin_client: Client):
    person = join(make_class(), 1)
    Registration.objects.update(mail_problem="5.1.1 No such user", mail_problem_at=NOW)
    assert "No such user" in admin_client.get(page_of(person, "change")).text
    assert "No such user" not in admin_client.get(PEOPLE).text


def test_staff_correct_an_address_with_the_person_on_the_phone(admin_client: Client):
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    Registration.objects.update(mail_problem="5.1.1", mail_problem_at=NOW)
    assert "person-1@peers.test" in admin_client.get(page_of(person, "address")).text
    data = {"email": "right@peers.test"}
    response = acted(admin_client, page_of(person, "address"), data)
    assert said(response) == [
        f"A new link goes to right@peers.test. {OLDER_LINKS} 1 person is told."
    ]
    person.refresh_from_db()
    assert (person.email, person.mail_problem, person.mail_problem_at) == (
        "right@peers.test",
        "",
        None,
    )
    assert person.link_version == 2
    assert letters_to(person)[-2:] == ["old_address", "link"]
    event = person.events.latest("pk")
    assert (event.by, str(event.by_user), event.changes) == ("staff", "admin", {"email": []})


def test_an_address_that_never_answered_is_corrected_without_a_word_to_it(admin_client: Client):
    scheduled_class = make_class()
    register(scheduled_class, 1)
    person = person_in(scheduled_class, 1)
    acted(admin_client, page_of(person, "address"), {"email": "right@peers.test"})
    assert letters_to(person) == ["held", "link"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("person-2@peers.test", "Somebody is registered for this class with this address already."),
        ("right@", "Enter a whole email address, like name@example.com"),
        (" ", "Enter your email address"),
    ],
)
def test_an_address_that_cannot_be_is_refused_at_its_field(
    admin_client: Client, typed: str, sentence: str
):
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    join(scheduled_class, 2)
    before = tables()
    response = admin_client.post(page_of(person, "address"), {"email": typed})
    assert response.context["form"].errors == {"email": [sentence]}
    assert f'value="{typed}"' in response.text
    assert tables() == before


def test_staff_send_the_link_again(admin_client: Client):
    person = join(make_class(), 1)
    path = page_of(person, "link")
    before = tables()
    assert "We write to person-1@peers.test." in admin_client.get(path).text
    assert tables() == before
    response = admin_client.post(path, follow=True)
    assert said(response) == ["The link goes to person-1@peers.test within a few minutes."]
    assert letters_to(person)[-1] == "link"


def test_staff_read_that_a_second_press_sends_no_second_link(admin_client: Client):
    person = join(make_class(), 1)
    path = page_of(person, "link")
    admin_client.post(path, follow=True)
    response = admin_client.post(path, follow=True)
    assert said(response) == ["A link was sent less than 2 minutes ago. Wait for it."]
    assert letters_to(person).count("link") == 1


def test_both_acts_are_a_press_away_from_the_person_s_page(admin_client: Client):
    person = join(make_class(), 1)
    page = admin_client.get(page_of(person, "change")).text
    for step in ("address", "link"):
        assert f'href="{page_of(person, step)}"' in page


@pytest.mark.parametrize("step", ["address", "link"])
def test_the_acts_are_closed_to_strangers_and_to_staff_who_may_only_look(
    client: Client, looks: Client, step: str
):
    person = join(make_class(), 1)
    before = tables()
    path = page_of(person, step)
    assert path not in looks.get(page_of(person, "change")).text
    for method in (looks.get, looks.post):
        assert method(path, {"email": "right@peers.test"}).status_code == 403
    assert tables() == before
    looks.logout()
    assert "/admin/login/" in Client().post(path).headers["Location"]


@pytest.mark.parametrize("step", ["address", "link"])
def test_nobody_writes_to_somebody_who_is_erased(admin_client: Client, step: str):
    person = join(make_class(), 1)
    erasing.empty(person, [*erasing.CONTACT, *erasing.IDENTITY], NOW)
    assert page_of(person, step) not in admin_client.get(page_of(person, "change")).text
    assert admin_client.post(page_of(person, step)).status_code == 404
