import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from registrations.models import Letter, Registration
from registrations.services import scheduling, seats
from registrations.services.seats import SITE
from tests.admin_forms import rows
from tests.factories import NOW, make_answers, make_class
from tests.registrations.people import join, person_in, register, statuses

PEOPLE = "/admin/registrations/registration/"
LETTERS = "/admin/registrations/letter/"

pytestmark = pytest.mark.django_db


def letter_of(person: str) -> Letter:
    return Letter.objects.get(registration__email=make_answers(person).email)


# The list of people.


def test_the_list_tells_each_person_s_class_status_place_and_when_to_answer(admin_client: Client):
    scheduled_class = make_class(capacity=1)
    join(scheduled_class, "sits")
    join(scheduled_class, "waits")
    register(scheduled_class, "silent")
    until = "Friday, November 27, 2026, 6:00\N{NO-BREAK SPACE}pm Mountain Time"
    days = "January 16 and 23, 2027, Online"
    cells = [row[1:5] for row in rows(admin_client.get(PEOPLE))]
    silent = f"The address has not answered yet; it has until {until}."
    assert cells == [
        ["Person silent", days, "In line: 2nd", silent],
        ["Person waits", days, "In line: 1st", "No seat is free. They are next."],
        ["Person sits", days, "Has a seat", ""],
    ]


def test_the_list_says_whose_address_has_answered(admin_client: Client):
    scheduled_class = make_class()
    join(scheduled_class, "answers")
    register(scheduled_class, "silent")
    cells = {row[1]: row[-1] for row in rows(admin_client.get(PEOPLE))}
    assert cells == {"Person answers": "Answered", "Person silent": "Not answered yet"}


def test_the_list_shows_no_address_and_no_phone(admin_client: Client):
    answers = make_answers(1, phone="303 555 0123", access_needs="Large print")
    seats.register(scheduled_class_id=make_class().pk, answers=answers, now=NOW)
    page = admin_client.get(PEOPLE).text
    for private in [answers.email, answers.phone, answers.access_needs]:
        assert private not in page
    assert answers.full_name in page


@pytest.mark.parametrize("asked", ["maria", "LOPEZ", "555 0123", "maria@home"])
def test_a_person_is_found_by_name_phone_or_address(admin_client: Client, asked: str):
    scheduled_class = make_class()
    maria = make_answers(1, full_name="Maria Lopez", phone="303 555 0123", email="maria@home.test")
    for answers in [maria, make_answers(2, phone="303 555 9999")]:
        seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=NOW)
    response = admin_client.get(PEOPLE, {"q": asked})
    assert [row.full_name for row in response.context["cl"].result_list] == ["Maria Lopez"]


def test_the_list_shows_one_class_or_one_status_alone(admin_client: Client):
    first, second = make_class(), make_class()
    join(first, "first")
    join(second, "second")
    register(second, "third")
    shown = admin_client.get(PEOPLE, {"class": second.pk, "status__exact": "confirmed"})
    assert [row[1] for row in rows(shown)] == ["Person second"]


def test_a_class_that_no_filter_knows_shows_everyone(admin_client: Client):
    join(make_class(), 1)
    assert len(rows(admin_client.get(PEOPLE, {"class": "x"}))) == 1


# One person.


def page_of(client: Client, registration: Registration) -> Any:
    return client.get(f"{PEOPLE}{registration.pk}/change/")


def test_a_person_s_page_tells_all_that_happened_and_every_letter(admin_client: Client):
    scheduled_class = make_class()
    answers = make_answers(1, phone="303 555 0123", access_needs="Large print")
    seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=NOW)
    registration = person_in(scheduled_class, 1)
    seats.answer(registration=registration, now=NOW + dt.timedelta(hours=1))
    Letter.objects.update(last_error="550 no such mailbox")
    page = page_of(admin_client, registration).text
    for shown in [
        "Large print",
        "303 555 0123",
        "Tuesday, November 24, 2026, 12:00\N{NO-BREAK SPACE}pm Mountain Time",
        "Tuesday, November 24, 2026, 1:00\N{NO-BREAK SPACE}pm Mountain Time",
        "A seat was held for Person 1",
        "Person 1 took the seat",
        "Has a seat",
        "A seat is held: press the button",
        "The seat is yours",
        "550 no such mailbox",
    ]:
        assert shown in page


def test_nothing_on_a_person_s_page_can_be_typed_over(admin_client: Client):
    registration = join(make_class(), 1)
    page = page_of(admin_client, registration).text
    assert 'name="_save"' not in page
    assert "<form" not in page.split('id="content-main"')[1].split("<footer")[0]
    data = {"full_name": "Somebody else", "status": "cancelled"}
    response = admin_client.post(f"{PEOPLE}{registration.pk}/change/", data)
    assert response.status_code == 403
    registration.refresh_from_db()
    assert (registration.full_name, registration.status) == ("Person 1", "confirmed")


@pytest.mark.parametrize("list_path", [PEOPLE, LETTERS])
def test_nobody_is_added_or_deleted_here(admin_client: Client, list_path: str):
    registration = join(make_class(), 1)
    pk = registration.pk if list_path == PEOPLE else registration.letters.all()[0].pk
    for path in [f"{list_path}add/", f"{list_path}{pk}/delete/"]:
        assert admin_client.get(path).status_code == 403
        assert admin_client.post(path, {"post": "yes"}).status_code == 403
    response = admin_client.post(
        list_path, {"action": "delete_selected", "_selected_action": pk, "post": "yes"}
    )
    assert response.status_code in {200, 302}
    assert Registration.objects.count() == 1
    assert registration.letters.count() == 2


# The letters.


def test_the_letters_tell_to_whom_how_often_and_what_went_wrong(admin_client: Client):
    register(make_class(), 1)
    Letter.objects.update(
        attempts=2,
        last_error="connection refused",
        next_try_at=NOW + dt.timedelta(minutes=5),
    )
    assert [row[1:] for row in rows(admin_client.get(LETTERS))] == [
        [
            "A seat is held: press the button",
            "Person 1",
            "Owed",
            "2 tries",
            "Tuesday, November 24, 2026, 12:05\N{NO-BREAK SPACE}pm Mountain Time",
            "connection refused",
        ]
    ]


def test_a_letter_that_was_sent_has_no_next_try(admin_client: Client):
    register(make_class(), 1)
    Letter.objects.update(state="sent", sent_at=NOW)
    assert [row[3:6] for row in rows(admin_client.get(LETTERS))] == [["Sent", "0 tries", ""]]
    page = admin_client.get(f"{LETTERS}{letter_of('1').pk}/change/").text
    assert page.count("Tuesday, November 24, 2026, 12:00\N{NO-BREAK SPACE}pm Mountain Time") == 2


def test_letters_are_shown_by_state(admin_client: Client):
    scheduled_class = make_class()
    register(scheduled_class, "one")
    register(scheduled_class, "two")
    Letter.objects.filter(pk=letter_of("one").pk).update(state="given_up")
    shown = rows(admin_client.get(LETTERS, {"state__exact": "given_up"}))
    assert [row[2] for row in shown] == ["Person one"]


def try_again(client: Client, *letters: Letter) -> list[str]:
    """Press the button for the letters; what the page then says."""
    chosen = [letter.pk for letter in letters]
    data = {"action": "try_again", "_selected_action": chosen}
    response = client.post(LETTERS, data, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_letters_that_were_given_up_are_owed_again_now(admin_client: Client):
    scheduled_class = make_class()
    for person in ["gone", "waits", "sent"]:
        register(scheduled_class, person)
    later = NOW + dt.timedelta(days=900)
    Letter.objects.update(next_try_at=later)
    gone, waits, sent = letter_of("gone"), letter_of("waits"), letter_of("sent")
    Letter.objects.filter(pk=gone.pk).update(state="given_up", attempts=40)
    Letter.objects.filter(pk=sent.pk).update(state="sent", sent_at=NOW)
    assert try_again(admin_client, gone, waits, sent) == ["2 letters are tried again now."]
    for letter in [gone, waits, sent]:
        letter.refresh_from_db()
    assert (gone.state, waits.state, sent.state) == ("owed", "owed", "sent")
    assert gone.next_try_at == waits.next_try_at < later
    assert sent.next_try_at == later


def test_staff_who_may_only_look_cannot_send_letters_again(client: Client, django_user_model: Any):
    register(make_class(), 1)
    Letter.objects.update(state="given_up")
    user = django_user_model.objects.create_user("looks", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    try_again(client, letter_of("1"))
    assert letter_of("1").state == "given_up"
    assert "Try again now" not in client.get(LETTERS).text


# A class is cancelled.


def test_a_class_is_cancelled_once_however_often_it_is_asked():
    scheduled_class = make_class(taken=2)
    counts = [
        scheduling.cancel_class(scheduled_class=scheduled_class, actor=SITE, now=NOW + hours)
        for hours in [dt.timedelta(0), dt.timedelta(hours=1)]
    ]
    assert counts == [2, 0]
    scheduled_class.refresh_from_db()
    assert scheduled_class.cancelled_at == NOW
    assert Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED).count() == 2


def test_nobody_registers_for_a_cancelled_class():
    scheduled_class = make_class()
    scheduling.cancel_class(scheduled_class=scheduled_class, actor=SITE, now=NOW)
    with pytest.raises(seats.NotTaken):
        register(scheduled_class, 1)
    assert statuses(scheduled_class) == {}


def test_those_who_had_left_before_are_not_told():
    scheduled_class = make_class()
    left = join(scheduled_class, "left")
    seats.leave(registration=left, actor=SITE, now=NOW)
    assert scheduling.cancel_class(scheduled_class=scheduled_class, actor=SITE, now=NOW) == 0
    assert not Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED).exists()
