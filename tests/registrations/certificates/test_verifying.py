import datetime as dt
import html
import re
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory

from registrations import limits
from registrations.certificates.numbers import SIGNS, new_number
from registrations.certificates.paper import restored
from registrations.links import token_for
from registrations.models import Certificate, Registration, Tries
from registrations.services import certificates
from tests.factories import DENVER
from tests.registrations.certificates.classes import (
    OVER,
    STAFF,
    issued_to,
    past_class,
    record,
    seated,
)
from tests.registrations.certificates.papers import plain, read_back

pytestmark = pytest.mark.django_db

FORM = "/certificates/"


def page_of(number: str) -> str:
    return f"/certificates/{number}/"


def words_of(response: Any) -> str:
    main = response.text.split("<main")[1].split("</main>")[0]
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<br>", " ", main))))


@pytest.mark.parametrize("name", ["Ana Ruiz", "Nguyễn Thị Hoa", "محمد عبد الله", "王小明"])
def test_the_page_says_exactly_what_the_paper_says(client: Client, name: str):
    certificate = issued_to(name)
    page, paper = words_of(client.get(page_of(certificate.number))), read_back(certificate.paper)
    facts = restored(certificate.facts)
    for words in facts.words():
        assert plain(words) in page
        assert plain(words) in paper


def test_a_valid_one_says_so_and_sets_no_cookie_and_is_not_listed(client: Client):
    certificate = issued_to()
    response = client.get(page_of(certificate.number))
    assert "This certificate is valid" in words_of(response)
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex' in response.text
    assert not response.cookies
    assert client.get(FORM).headers["X-Robots-Tag"] == "noindex, nofollow"


def test_in_spanish_the_frame_is_spanish_and_the_paper_as_it_was_printed(client: Client):
    certificate = issued_to()
    response = client.get(f"/es{page_of(certificate.number)}")
    assert "This certificate is valid" not in words_of(response)
    assert '<div class="words" lang="en">' in response.text
    for words in restored(certificate.facts).words():
        assert plain(words) in words_of(response)


def test_a_replaced_one_leads_to_what_stands_in_its_place(client: Client):
    old = issued_to("Ana Ruis")
    new = certificates.replace(
        certificate=old, corrected={"full_name": "Ana Ruiz"}, actor=STAFF, now=OVER
    )
    response = client.get(page_of(old.number))
    assert "This certificate was replaced" in words_of(response)
    assert f'href="{page_of(new.number)}"' in response.text
    new_page = words_of(client.get(page_of(new.number)))
    assert "This certificate is valid" in new_page
    assert f"Replacement of certificate {old.number}" in new_page


def test_a_revoked_one_says_why(client: Client):
    certificate = issued_to()
    certificates.revoke(certificate=certificate, why="Issued too soon.", actor=STAFF, now=OVER)
    words = words_of(client.get(page_of(certificate.number)))
    assert "This certificate was revoked" in words
    assert "Revoked on January 25, 2027." in words
    assert "Issued too soon." in words


def test_a_number_is_typed_in_any_writing(client: Client):
    certificate = issued_to()
    typed = certificate.number.lower().replace("-", " ")
    response = client.get(FORM, {"number": typed}, follow=True)
    assert response.redirect_chain == [(page_of(certificate.number), 302)]
    assert client.get(page_of(certificate.number.replace("-", ""))).status_code == 200


def test_a_slip_is_told_as_a_slip_and_an_unknown_number_as_unknown(client: Client):
    number = issued_to().number
    wrong = SIGNS[(SIGNS.index(number[0]) + 1) % 32] + number[1:]
    for response in [client.get(page_of(wrong)), client.get(FORM, {"number": wrong})]:
        assert response.status_code == 404
        assert "This number has a typing error." in words_of(response)
        assert f'value="{wrong}"' in response.text
    unknown = new_number()
    response = client.get(page_of(unknown))
    assert response.status_code == 404
    assert "No certificate of ours has this number." in words_of(response)
    assert f'value="{unknown}"' in response.text


def test_nothing_can_be_sent_to_it(client: Client):
    assert client.post(FORM).status_code == 405
    assert client.post(page_of(new_number())).status_code == 405


# How often.


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch):
    limit = limits.Limit("certificates", most=3, span=dt.timedelta(minutes=10))
    monkeypatch.setattr(limits, "CERTIFICATE_LOOKUPS", limit)


@pytest.mark.usefixtures("few")
def test_too_many_lookups_are_told_when_again_and_keep_what_was_typed(client: Client):
    number = issued_to().number
    with time_machine.travel(dt.datetime(2027, 2, 1, 15, 14, 30, tzinfo=DENVER), tick=False):
        assert [client.get(page_of(number)).status_code for _ in range(5)] == [200] * 3 + [429] * 2
        response = client.get(page_of(number))
        assert "Try again after 3:20 pm Mountain Time." in words_of(response)
        assert f'value="{number}"' in response.text
        assert response.headers["Retry-After"] == "330"
        # A slip costs nothing, another network is another, and nothing tells an address.
        assert client.get(page_of("x")).status_code == 404
        assert client.get(page_of(number), REMOTE_ADDR="198.51.100.7").status_code == 200
        assert sorted(Tries.objects.values_list("count", flat=True)) == [1, 6]
        assert "127.0.0.1" not in str(list(Tries.objects.values_list("network")))
    with time_machine.travel(dt.datetime(2027, 2, 1, 15, 20, tzinfo=DENVER), tick=False):
        assert client.get(page_of(number)).status_code == 200
    assert limits.forget(dt.datetime(2027, 2, 4, tzinfo=DENVER)) == 3


@pytest.mark.parametrize(
    ("proxies", "passed_on", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1, 203.0.113.9, 192.0.2.8", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_what_a_stranger_writes_into_the_header_is_not_believed(
    settings: Any, proxies: int, passed_on: str, address: str
):
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": passed_on} if passed_on else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.1")
    assert limits.client_address(request) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_network_is_what_one_customer_has(address: str, network: str):
    assert limits.network(address) == network


# One's own page.


def own(person: Registration, page: str = "") -> str:
    return f"/registrations/{token_for(person)}/{page}"


def test_a_person_downloads_the_paper_as_it_was_issued(client: Client):
    certificate = issued_to()
    person = certificate.registration
    with time_machine.travel(OVER, tick=False):
        page = client.get(own(person))
        response = client.get(own(person, "certificate/"))
    assert "Your certificate is ready" in words_of(page)
    assert f'href="{own(person, "certificate/")}"' in page.text
    assert response.content == certificate.paper
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store, private"
    assert certificate.number in response.headers["Content-Disposition"]


def test_a_persons_page_says_what_became_of_each(client: Client):
    old = issued_to()
    new = certificates.replace(certificate=old, corrected={}, actor=STAFF, now=OVER)
    certificates.revoke(certificate=new, why="Issued too soon.", actor=STAFF, now=OVER)
    with time_machine.travel(OVER, tick=False):
        words = words_of(client.get(own(old.registration)))
        assert client.get(own(old.registration, "certificate/")).status_code == 404
    assert f"Replaced on January 25, 2027 by {new.number}." in words
    assert "Revoked on January 25, 2027: Issued too soon." in words
    assert "Your certificate is ready" not in words


def test_state_and_credential_are_asked_just_before_the_certificate(client: Client):
    scheduled_class = past_class()
    person = seated(scheduled_class, "Dan Moss")
    record(person, "present", "absent")
    asks = "Give us your state, credential and its number now"
    with time_machine.travel(OVER - dt.timedelta(days=60), tick=False):
        assert asks not in words_of(client.get(own(person)))
    with time_machine.travel(OVER, tick=False):
        assert asks in words_of(client.get(own(person)))
        Registration.objects.update(credential="CPFS")
        assert asks not in words_of(client.get(own(person)))
    assert not Certificate.objects.exists()
