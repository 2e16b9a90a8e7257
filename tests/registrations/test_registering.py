"""The form, the check page and the page after it, as a person without an account meets them."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.html import escape

from content import kept
from courses.models import ScheduledClass
from registrations.forms import SALT
from registrations.models import Letter, Registration
from tests.factories import NOW, make_answers, make_class
from tests.registrations.people import join, register, statuses

pytestmark = pytest.mark.django_db

TYPED = {
    "full_name": "Maria de la Cruz",
    "email": "maria@peers.test",
    "role": "peer",
    "access_needs": "",
    "phone": "",
}


def text_of(response: Any) -> str:
    """What a reader sees: the page without its markup, white space folded."""
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body)


def path(scheduled_class: ScheduledClass, step: str = "") -> str:
    return f"/classes/{scheduled_class.slug}/register/{step}"


def signed_in(response: Any) -> str:
    """The answers as the check page carries them."""
    found = re.search(r'name="answers" value="([^"]+)"', response.content.decode())
    assert found, text_of(response)
    return found[1]


def check(client: Client, scheduled_class: ScheduledClass, **typed: str) -> Any:
    return client.post(path(scheduled_class, "check/"), TYPED | typed)


def send(client: Client, scheduled_class: ScheduledClass, **typed: str) -> Any:
    """The whole way: fill in, check, send; the page at its end."""
    signed = signed_in(check(client, scheduled_class, **typed))
    return client.post(path(scheduled_class, "sent/"), {"answers": signed}, follow=True)


def test_the_whole_way_holds_a_seat_and_says_to_look_in_the_mail(client: Client) -> None:
    scheduled_class = make_class()
    assert client.get(path(scheduled_class)).status_code == HTTPStatus.OK
    response = send(client, scheduled_class)
    assert "Now look in your mail." in text_of(response)
    assert "maria@ peers.test" in text_of(response)
    person = Registration.objects.get()
    assert (person.full_name, person.status, person.role) == (
        "Maria de la Cruz",
        "offered",
        "peer",
    )


def test_nothing_is_kept_before_the_last_button(client: Client) -> None:
    scheduled_class = make_class()
    response = check(client, scheduled_class)
    assert "Check your answers" in text_of(response)
    assert Registration.objects.count() == 0
    assert Letter.objects.count() == 0


def test_the_page_after_sending_survives_a_reload_and_registers_nobody_twice(
    client: Client,
) -> None:
    scheduled_class = make_class()
    first = send(client, scheduled_class)
    again = client.get(path(scheduled_class, "sent/"))
    assert text_of(again) == text_of(first)
    assert Registration.objects.count() == 1
    assert Letter.objects.count() == 1


def test_a_second_click_on_the_last_button_changes_nothing(client: Client) -> None:
    scheduled_class = make_class()
    signed = signed_in(check(client, scheduled_class))
    for _ in range(2):
        client.post(path(scheduled_class, "sent/"), {"answers": signed})
    assert Registration.objects.count() == 1
    assert Letter.objects.count() == 1


def test_the_page_after_sending_is_nobody_elses(client: Client) -> None:
    scheduled_class = make_class()
    send(client, scheduled_class)
    response = Client().get(path(scheduled_class, "sent/"))
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == path(scheduled_class)


NAMES = [
    "Cher",
    "Nguyễn Thị Minh Khai",
    "محمد بن سلمان",
    "李小龍",
    "𠮷野家 𝒜da 🌿",
    "O'Brien-Núñez, Jr.",
    "x" * 100,
    "🌿" * 100,
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_stays_whole_on_the_page_and_in_the_row(client: Client, name: str) -> None:
    scheduled_class = make_class()
    assert escape(name) in check(client, scheduled_class, full_name=name).content.decode()
    send(client, scheduled_class, full_name=name)
    assert Registration.objects.get().full_name == name


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"full_name": ""}, "Enter your full name"),
        ({"full_name": "   "}, "Enter your full name"),
        ({"full_name": "x" * 101}, "Shorten your name to 100 characters"),
        ({"full_name": "Maria\x07"}, "Take out the characters that cannot be printed."),
        ({"full_name": "Maria\x1bCruz"}, "Take out the characters that cannot be printed."),
        ({"full_name": "a\u202ecod.exe"}, "Take out the characters that cannot be printed."),
        ({"full_name": "Maria\x00"}, "Null characters are not allowed."),
        ({"email": ""}, "Enter your email address"),
        ({"email": "maria.delacruz@"}, "Enter a whole email address, like name@example.com"),
        ({"email": "maria"}, "Enter a whole email address, like name@example.com"),
        ({"email": "maria@peers"}, "Enter a whole email address, like name@example.com"),
        (
            {"email": "maria@peers.test\nBcc: all@peers.test"},
            "Enter a whole email address, like name@example.com",
        ),
        (
            {"email": "somebody@sample.invalid"},
            "Enter a whole email address, like name@example.com",
        ),
        (
            {"email": f"{'m' * 64}@{'long-' * 40}.example.com"},
            "Enter an email address of at most 254 characters",
        ),
        ({"role": ""}, "Choose what describes you best"),
        ({"role": "president"}, "Choose what describes you best"),
        ({"access_needs": "x" * 501}, "Shorten this to 500 characters"),
        ({"access_needs": "\x00"}, "Null characters are not allowed."),
        ({"phone": "1" * 41}, "Shorten the phone number to 40 characters"),
    ],
)
def test_bad_input_gets_a_sentence_keeps_what_was_typed_and_leaves_no_row(
    client: Client, typed: dict[str, str], sentence: str
) -> None:
    scheduled_class = make_class()
    response = check(client, scheduled_class, **{"access_needs": "Captions", **typed})
    page = response.content.decode()
    assert "There is a problem" in page
    assert page.count(sentence) == 2, "once in the summary, once at the field"
    assert "<title>Error: " in page
    kept = TYPED | {"access_needs": "Captions"} | typed
    for name in ("full_name", "email"):
        if name not in typed:
            assert escape(kept[name]) in page
    assert Registration.objects.count() == 0
    assert Letter.objects.count() == 0


def test_all_that_is_missing_is_said_at_once(client: Client) -> None:
    scheduled_class = make_class()
    page = text_of(client.post(path(scheduled_class, "check/"), {}))
    for sentence in (
        "Enter your full name",
        "Enter your email address",
        "Choose what describes you best",
    ):
        assert sentence in page


def changed(signed: str) -> str:
    return signed[:10] + ("A" if signed[10] != "A" else "B") + signed[11:]


@pytest.mark.parametrize("tamper", [changed, lambda signed: "", lambda signed: "nonsense:1:2"])
def test_a_step_that_was_tampered_with_is_refused_with_a_sentence(
    client: Client, tamper: Callable[[str], str]
) -> None:
    scheduled_class = make_class()
    signed = signed_in(check(client, scheduled_class))
    response = client.post(path(scheduled_class, "sent/"), {"answers": tamper(signed)})
    assert "Your answers did not come back as you saw them." in text_of(response)
    assert Registration.objects.count() == 0


def test_answers_signed_for_another_purpose_are_refused(client: Client) -> None:
    from django.core import signing

    scheduled_class = make_class()
    forged = signing.dumps({"full_name": "A", "email": "a@b.test", "role": "peer"}, salt=f"{SALT}.")
    client.post(path(scheduled_class, "sent/"), {"answers": forged})
    assert Registration.objects.count() == 0


def test_a_class_that_closed_while_the_form_was_open_shows_what_was_typed(
    client: Client, clock: time_machine.Traveller
) -> None:
    scheduled_class = make_class(registration_closes_at=NOW.replace(hour=17))
    client.get(path(scheduled_class))
    clock.move_to(NOW.replace(hour=17, minute=1))
    response = check(client, scheduled_class, access_needs="Larger print")
    assert (
        "Registration closed at 5:00 pm Mountain Time while you were writing. "
        "Nothing was sent. Your answers are below; you can copy them."
    ) in text_of(response)
    assert "Maria de la Cruz" in response.content.decode()
    assert "Larger print" in response.content.decode()


def test_a_class_that_closed_on_the_check_page_shows_what_was_typed(
    client: Client, clock: time_machine.Traveller
) -> None:
    scheduled_class = make_class(registration_closes_at=NOW.replace(hour=17))
    signed = signed_in(check(client, scheduled_class))
    clock.move_to(NOW.replace(hour=17, minute=1))
    response = client.post(path(scheduled_class, "sent/"), {"answers": signed})
    assert "while you were writing" in text_of(response)
    assert "Maria de la Cruz" in response.content.decode()
    assert Registration.objects.count() == 0
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("is_asked_before", [True, False])
def test_a_process_that_has_not_looked_yet_takes_nobody_into_a_cancelled_class(
    client: Client, monkeypatch: pytest.MonkeyPatch, *, is_asked_before: bool
) -> None:
    scheduled_class = make_class()
    if is_asked_before:
        register(scheduled_class, 1)
    signed = signed_in(check(client, scheduled_class))
    monkeypatch.setattr(kept, "BETWEEN_LOOKS", 60)
    ScheduledClass.objects.update(status="cancelled", cancelled_at=NOW)
    assert "Three questions" in client.get(path(scheduled_class)).text
    response = client.post(path(scheduled_class, "sent/"), {"answers": signed})
    assert "Cancelled on November 24, 2026. Nothing was sent." in text_of(response)
    assert "Maria de la Cruz" in response.text
    assert not Registration.objects.filter(email="maria@peers.test").exists()


def test_a_class_that_filled_while_the_form_was_open_leads_into_the_line(client: Client) -> None:
    scheduled_class = make_class(capacity=1)
    signed = signed_in(check(client, scheduled_class))
    register(scheduled_class, "quicker")
    client.post(path(scheduled_class, "sent/"), {"answers": signed})
    assert Registration.objects.get(email="maria@peers.test").status == "waitlisted"


def test_change_brings_every_answer_back_to_the_form(client: Client) -> None:
    scheduled_class = make_class()
    signed = signed_in(check(client, scheduled_class, access_needs="Captions", phone="555 0100"))
    page = client.post(path(scheduled_class), {"answers": signed}).content.decode()
    for value in ("Maria de la Cruz", "maria@peers.test", "Captions", "555 0100"):
        assert value in page
    assert re.search(r'value="peer"[^>]* checked', page)


def test_a_likely_slip_in_the_address_is_a_question_and_not_an_error(client: Client) -> None:
    scheduled_class = make_class()
    response = check(client, scheduled_class, email="maria@gmial.com")
    assert "Did you mean maria@ gmail.com?" in text_of(response)
    page = client.post(
        path(scheduled_class),
        {"answers": signed_in(response), "email_suggestion": "maria@gmail.com"},
    )
    assert 'value="maria@gmail.com"' in page.content.decode()


def test_the_wrong_address_can_be_changed_after_sending(client: Client) -> None:
    scheduled_class = make_class()
    signed = signed_in(send(client, scheduled_class, email="maira@peers.test"))
    page = client.post(path(scheduled_class), {"answers": signed}).content.decode()
    assert "Maria de la Cruz" in page
    assert "maira@peers.test" in page


def test_send_it_again_writes_once_more_after_a_pause(
    client: Client, clock: time_machine.Traveller
) -> None:
    scheduled_class = make_class()
    signed = signed_in(send(client, scheduled_class))
    again = {"answers": signed, "resend": "1"}
    client.post(path(scheduled_class, "sent/"), again)
    assert list(Letter.objects.values_list("kind", flat=True)) == ["held"]
    clock.shift(121)
    client.post(path(scheduled_class, "sent/"), again)
    assert list(Letter.objects.values_list("kind", flat=True)) == ["held", "held"]


def answers_to(client: Client, scheduled_class: ScheduledClass, email: str) -> list[Any]:
    """All that a stranger gets for the address: statuses, headers and words of each page."""
    seen: list[Any] = []
    for response in (
        check(client, scheduled_class, email=email),
        send(client, scheduled_class, email=email),
    ):
        page = text_of(response).replace(email.replace("@", "@ "), "ADDRESS")
        by_chance = {"Content-Length", "X-Request-ID"}
        headers = {k: v for k, v in response.headers.items() if k not in by_chance}
        seen.append((response.status_code, headers, page.replace(email, "ADDRESS")))
    return seen


@time_machine.travel(NOW, tick=False)  # An answer's Expires tells the second of the clock.
def test_a_stranger_cannot_tell_whether_an_address_is_registered() -> None:
    scheduled_class = make_class()
    join(scheduled_class, "known")
    before = Client().get(scheduled_class.get_absolute_url()).content
    known = answers_to(Client(), scheduled_class, make_answers("known").email)
    assert Client().get(scheduled_class.get_absolute_url()).content == before
    unknown = answers_to(Client(), scheduled_class, make_answers("other").email)
    assert known == unknown
    assert Client().get(scheduled_class.get_absolute_url()).content == before


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"registration_closes_at": NOW}, "Registration has closed"),
        ({"status": "cancelled", "cancelled_at": NOW}, "Cancelled on November 24, 2026"),
        ({"capacity": 0, "line_size": 0}, "This class is full"),
        (
            {"registration_opens_at": NOW.replace(year=2027, month=1, day=4, hour=9)},
            "Registration opens Monday, January 4, 2027, 9:00 am Mountain Time",
        ),
    ],
)
def test_a_class_that_takes_nobody_says_why_instead_of_a_form(
    client: Client, fields: dict[str, Any], sentence: str
) -> None:
    response = client.get(path(make_class(**fields)))
    assert sentence in text_of(response)
    assert b"<input" not in response.content.split(b"<main", 1)[1].split(b"</main", 1)[0]


def test_a_draft_has_no_form(client: Client) -> None:
    scheduled_class = make_class(status=ScheduledClass.Status.DRAFT)
    for step in ("", "check/", "sent/"):
        assert client.get(path(scheduled_class, step)).status_code == HTTPStatus.NOT_FOUND
        assert client.post(path(scheduled_class, step)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("step", ["check/", "sent/"])
def test_a_step_opened_out_of_turn_leads_to_the_form(client: Client, step: str) -> None:
    scheduled_class = make_class()
    assert client.get(path(scheduled_class, step))["Location"] == path(scheduled_class)


def test_the_registering_post_costs_the_same_however_many_are_registered(
    client: Client, django_assert_num_queries: Any
) -> None:
    costs = []
    for taken in (1, 30):
        scheduled_class = make_class(capacity=100, taken=taken)
        signed = signed_in(check(client, scheduled_class, email=f"new-{taken}@peers.test"))
        with django_assert_num_queries(11) as captured:
            client.post(path(scheduled_class, "sent/"), {"answers": signed})
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_pages_before_and_after_the_button_ask_nothing_between_two_looks(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    scheduled_class = make_class()
    send(client, scheduled_class)
    monkeypatch.setattr(kept, "BETWEEN_LOOKS", 60)
    with django_assert_num_queries(0):
        assert "Three questions" in client.get(path(scheduled_class)).text
        assert "Step 2 of 2" in check(client, scheduled_class, email="anna@peers.test").text
        assert "maria@<wbr>peers.test" in client.get(path(scheduled_class, "sent/")).text


def test_no_form_is_accepted_without_its_csrf_token() -> None:
    scheduled_class = make_class()
    stranger = Client(enforce_csrf_checks=True)
    response = stranger.post(path(scheduled_class, "check/"), TYPED)
    assert response.status_code == HTTPStatus.FORBIDDEN


def test_people_register_for_the_class_whose_address_they_are_on(client: Client) -> None:
    january, february = make_class(), make_class()
    send(client, february)
    assert statuses(january) == {}
    assert Registration.objects.get().scheduled_class == february
