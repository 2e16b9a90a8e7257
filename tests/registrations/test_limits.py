"""How often one network may use a form, and what somebody reads who tried too often."""

import datetime as dt
import logging
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory

from registrations import limits
from registrations.models import InterestSignup, LinkRequest, Registration, Tries
from tests.factories import DENVER, make_class
from tests.registrations.at_once import at_once
from tests.registrations.people import join
from tests.registrations.test_own_page import page_of
from tests.registrations.test_registering import check, path, signed_in, text_of

pytestmark = pytest.mark.django_db

QUARTER_PAST_THREE = dt.datetime(2026, 11, 24, 15, 15, tzinfo=DENVER)
AGAIN = "Try again after 3:20 pm Mountain Time. Your answers are kept below."
ELSEWHERE = "198.51.100.7"


@pytest.fixture(autouse=True)
def afternoon(clock: time_machine.Traveller) -> None:
    clock.move_to(QUARTER_PAST_THREE)


def lower(monkeypatch: pytest.MonkeyPatch, most: int, *names: str) -> None:
    for name in names:
        limit = getattr(limits, name)
        monkeypatch.setattr(limits, name, limits.Limit(limit.what, most, limit.span))


def test_a_network_that_registers_too_often_is_told_when_again_and_keeps_its_answers(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lower(monkeypatch, 2, "REGISTRATIONS")
    scheduled_class = make_class()
    signed = [signed_in(check(client, scheduled_class, email=f"p{n}@peers.test")) for n in range(4)]
    sent = path(scheduled_class, "sent/")
    with caplog.at_level(logging.WARNING):
        answers = [client.post(sent, {"answers": one}) for one in signed]
    assert [answer.status_code for answer in answers] == [302, 302, 429, 429]
    words = text_of(answers[-1])
    assert AGAIN in words
    assert "Maria de la Cruz" in words
    assert "p3@ peers.test" in words
    assert 290 <= int(answers[-1]["Retry-After"]) <= 300
    assert "no-store" in answers[-1]["Cache-Control"]
    assert Registration.objects.count() == 2
    # Said once, and of nobody.
    assert [record.getMessage() for record in caplog.records if record.name == limits.__name__] == [
        "One network has reached the limit: registrations"
    ]
    # The page itself sends the same again, from elsewhere or after the time that it names.
    kept = {"answers": signed_in(answers[-1])}
    assert client.post(sent, kept, REMOTE_ADDR=ELSEWHERE).status_code == 302
    with time_machine.travel(QUARTER_PAST_THREE + dt.timedelta(minutes=5)):
        assert client.post(sent, {"answers": signed[2]}).status_code == 302
    assert Registration.objects.count() == 4


def test_thirty_peers_in_one_library_register_each_with_two_tries(client: Client) -> None:
    scheduled_class = make_class()
    request = RequestFactory().post("/")
    tried = {limits.REGISTRATIONS: "", limits.REGISTRATIONS_A_DAY: ""}
    for _ in range(3 * 30 - 1):
        limits.count_each(tried, request, QUARTER_PAST_THREE)
    signed = signed_in(check(client, scheduled_class))
    assert client.post(path(scheduled_class, "sent/"), {"answers": signed}).status_code == 302


def test_whoever_types_somebodys_address_stops_nobody_but_their_own_network(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(monkeypatch, 2, "REGISTRATIONS_OF_ONE", "LINK_REQUESTS_OF_ONE")
    first, second = make_class(), make_class()
    signed = {"answers": signed_in(check(client, first))}
    sent = path(first, "sent/")
    assert [client.post(sent, signed).status_code for _ in range(3)] == [302, 302, 429]
    # The owner of the address, at home, and the same person for another class.
    assert client.post(sent, signed, REMOTE_ADDR=ELSEWHERE).status_code == 302
    other = {"answers": signed_in(check(client, second))}
    assert client.post(path(second, "sent/"), other).status_code == 302
    # The button in the mail takes the seat, from whatever network.
    person = Registration.objects.get(scheduled_class=first)
    assert client.post(page_of(person, "take/")).status_code == 302
    person.refresh_from_db()
    assert person.status == "confirmed"
    link, typed = "/registrations/link/", {"email": "maria@peers.test"}
    assert [client.post(link, typed).status_code for _ in range(3)] == [302, 302, 429]
    assert LinkRequest.objects.count() == 2
    assert client.post(link, typed, REMOTE_ADDR=ELSEWHERE).status_code == 302


@pytest.mark.parametrize(
    ("name", "where", "rows"),
    [
        ("LINK_REQUESTS", "/registrations/link/", LinkRequest),
        ("INTEREST_SIGNUPS", "/interest/", InterestSignup),
    ],
)
def test_a_form_with_one_address_keeps_it_when_it_says_when_again(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str, where: str, rows: Any
) -> None:
    lower(monkeypatch, 1, name)
    assert client.post(where, {"email": "first@peers.test"}).status_code == 302
    answer = client.post(where, {"email": "second@peers.test"})
    assert answer.status_code == 429
    assert AGAIN in text_of(answer)
    assert 'value="second@peers.test"' in answer.text
    assert rows.objects.count() == 1
    # A slip is no try.
    assert client.post(where, {"email": "second"}).status_code == 200


def test_buttons_pressed_without_end_are_stopped_but_the_seat_can_be_taken(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(monkeypatch, 1, "OWN_PAGE", "NEW_ADDRESSES")
    person = join(make_class(), 1)
    typed = {"full_name": "Ana <b>Ruiz</b>", "language": "en"}
    assert client.post(page_of(person, "details/"), typed).status_code == 302
    answer = client.post(page_of(person, "details/"), typed | {"full_name": 'Ana "Two"'})
    assert answer.status_code == 429
    assert "Try again after 3:20 pm Mountain Time." in text_of(answer)
    assert 'name="full_name" value="Ana &quot;Two&quot;"' in answer.text
    assert answer.cookies == {}
    person.refresh_from_db()
    assert person.full_name == "Ana <b>Ruiz</b>"
    assert client.post(page_of(person, "take/")).status_code == 302
    assert client.get(page_of(person)).status_code == 200


def test_mail_to_addresses_that_may_be_anybodys_is_counted_for_a_day(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(monkeypatch, 1, "NEW_ADDRESSES")
    person = join(make_class(), 1)
    where = page_of(person, "address/")
    assert client.post(where, {"email": "one@peers.test"}).status_code == 200
    answer = client.post(where, {"email": "two@peers.test"})
    assert answer.status_code == 429
    assert "5:00 pm Mountain Time" in text_of(answer)
    person.refresh_from_db()
    assert person.new_email == "one@peers.test"


@pytest.mark.django_db(transaction=True)
def test_exactly_so_many_come_through_however_many_try_at_once() -> None:
    limit = limits.Limit("certificates", most=3, span=dt.timedelta(minutes=10))
    request = RequestFactory().get("/")
    problems = at_once((lambda: limits.count(limit, request, QUARTER_PAST_THREE)) for _ in range(8))
    refused = [problem for problem in problems if isinstance(problem, limits.TooMany)]
    assert len(refused) == 5
    assert Tries.objects.get().count == 8


def test_a_count_names_neither_network_nor_address(client: Client) -> None:
    client.post("/registrations/link/", {"email": "maria@peers.test"})
    counted = str(list(Tries.objects.values()))
    assert Tries.objects.count() == 2
    assert "127.0.0.1" not in counted
    assert "maria" not in counted


@pytest.mark.parametrize("form", ["registering", "/registrations/link/", "/interest/"])
def test_who_fills_in_the_hidden_field_sees_what_all_see_and_nothing_is_written(
    client: Client, form: str
) -> None:
    scheduled_class = make_class()
    seen = []
    for filled in ("http://spam.test", ""):
        if form == "registering":
            checked = check(client, scheduled_class, comment=filled)
            carried = {"answers": signed_in(checked), "comment": filled}
            assert 'name="comment"' in checked.text
            assert (f'name="comment" value="{filled}"' in checked.text) == bool(filled)
            answer = client.post(path(scheduled_class, "sent/"), carried, follow=True)
        else:
            typed = {"email": "maria@peers.test", "comment": filled}
            answer = client.post(form, typed, follow=True)
        seen.append((answer.status_code, text_of(answer)))
        written = [kind.objects.count() for kind in (Registration, LinkRequest, InterestSignup)]
        assert sum(written) == (0 if filled else 1)
    assert seen[0] == seen[1]
