"""Wrong tries are counted over all processes, and the page says when to come back."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from registrations import limits
from registrations.models import AccountLetter, Tries
from tests.bawg_site.signing_in.accounts import (
    account_with_app,
    code_of,
    make_account,
    sign_in,
    type_code,
)

pytestmark = pytest.mark.django_db


def from_elsewhere(number: int) -> Client:
    """As another visitor, whom another process serves."""
    cache.clear()
    return Client(REMOTE_ADDR=f"203.0.113.{number}")


def says_when(response: Any) -> bool:
    return response.status_code == 429 and "Too many tries. Try again after 12:10" in response.text


def test_wrong_passwords_for_one_account_from_many_places(clock: time_machine.Traveller):
    make_account()
    for number in range(limits.PASSWORDS.most):
        assert sign_in(from_elsewhere(number), password="wrong").status_code == 200
    assert says_when(sign_in(from_elsewhere(99), password="wrong"))
    refused = sign_in(from_elsewhere(100))
    assert says_when(refused)
    assert 'value="ana"' in refused.text
    assert 590 <= int(refused.headers["Retry-After"]) <= 600
    assert [one.kind for one in AccountLetter.objects.all()] == ["too_many_tries"]
    clock.shift(limits.PASSWORDS.span)
    assert sign_in(from_elsewhere(101)).status_code == 302


def test_an_unknown_account_is_refused_in_the_same_words(client: Client):
    for number in range(limits.PASSWORDS.most):
        assert "do not fit together" in sign_in(from_elsewhere(number), "nobody").text
    assert says_when(sign_in(client, "nobody"))
    assert not AccountLetter.objects.exists()


def test_wrong_passwords_for_many_accounts_from_one_network():
    make_account()
    for number in range(limits.SIGN_INS.most):
        assert sign_in(from_elsewhere(1), f"nobody-{number}").status_code == 200
    assert says_when(sign_in(from_elsewhere(1)))
    assert sign_in(from_elsewhere(2)).status_code == 302


def test_the_right_password_takes_back_what_was_counted_for_the_account(client: Client):
    make_account()
    for _ in range(2):
        for number in range(limits.PASSWORDS.most - 1):
            sign_in(from_elsewhere(number), password="wrong")
        assert sign_in(from_elsewhere(99)).status_code == 302


def test_wrong_codes(clock: time_machine.Traveller):
    _user, secret = account_with_app()
    clock.shift(dt.timedelta(minutes=2))
    for number in range(limits.CODES.most):
        client = from_elsewhere(number)
        sign_in(client)
        assert type_code(client, "000000").status_code == 200
    client = from_elsewhere(99)
    sign_in(client)
    assert says_when(type_code(client, code_of(secret)))
    assert AccountLetter.objects.latest("pk").kind == "too_many_tries"
    clock.shift(limits.CODES.span)
    sign_in(client)
    assert type_code(client, code_of(secret)).status_code == 302


def test_the_password_once_more(client: Client, clock: time_machine.Traveller):
    make_account()
    sign_in(client)
    clock.shift(dt.timedelta(minutes=6))
    again = client.get("/admin/sign-in/app/").headers["Location"]
    assert again.startswith("/admin/sign-in/again/")
    for _ in range(limits.PASSWORDS.most):
        assert "This is not your password." in client.post(again, {"password": "wrong"}).text
    assert says_when(client.post(again, {"password": "wrong"}))
    old = {"old_password": "wrong", "new_password1": "x", "new_password2": "x"}
    assert "Too many tries." in client.post("/admin/password_change/", old).text


def test_no_row_names_an_account_or_a_code():
    account_with_app("ana")
    sign_in(Client(), "ana", password="wrong")
    assert "ana" not in str(list(Tries.objects.values_list("what", "network")))
