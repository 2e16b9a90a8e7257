"""What accounts are told by mail, and the mail for a forgotten password."""

import datetime as dt
import re

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registrations import limits
from registrations.models import AccountLetter
from registrations.redaction import without_links
from registrations.services import account_letters
from tests.bawg_site.signing_in.accounts import (
    PASSWORD,
    account_with_app,
    make_account,
    set_up_app,
    sign_in,
)
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FORGOTTEN = "/admin/password_reset/"
NEW = {"new_password1": "quiet hills behind", "new_password2": "quiet hills behind"}


def ask(address: str, client: Client | None = None) -> str:
    answer = (client or Client()).post(FORGOTTEN, {"email": address})
    return f"{answer.status_code} {answer.headers.get('Location')}"


def delivered() -> list[mail.EmailMessage]:
    mail.outbox.clear()
    account_letters.deliver(NOW + dt.timedelta(minutes=1))
    return mail.outbox


def link_in(letter: mail.EmailMessage) -> str:
    found = re.search(r"http://testserver(/admin/\S+)", str(letter.body))
    assert found
    return found[1]


def test_each_letter_says_what_happened_when_and_what_to_do():
    user = make_account(first_name="Ana")
    for kind in AccountLetter.Kind:
        if kind != AccountLetter.Kind.FORGOTTEN:
            account_letters.owe(user=user, kind=kind, now=NOW, codes_left=3)
    letters = delivered()
    assert len(letters) == len(AccountLetter.Kind) - 1
    assert {tuple(letter.to) for letter in letters} == {("ana@staff.test",)}
    for letter in letters:
        words = str(letter.body)
        assert "ana" in words
        assert "Tuesday, November 24, 2026, 12:00\N{NO-BREAK SPACE}pm Mountain Time" in words
        assert "If it was you" in words
        assert "http" not in words
    assert not AccountLetter.objects.exists()


def test_a_letter_waits_for_the_mail_server_and_is_given_up_after_days(
    settings: LazySettings,
):
    user = make_account()
    account_letters.owe(user=user, kind=AccountLetter.Kind.RESET, now=NOW)
    settings.EMAIL_BACKEND = "tests.bawg_site.signing_in.no_server.EmailBackend"
    assert account_letters.deliver(NOW) == 0
    assert account_letters.deliver(NOW + dt.timedelta(minutes=1)) == 0  # Not before its pause.
    assert AccountLetter.objects.get().next_try_at == NOW + account_letters.PAUSE
    assert account_letters.deliver(NOW + account_letters.GIVEN_UP) == 1
    assert not AccountLetter.objects.exists()


def test_a_forgotten_password_is_asked_for_in_the_same_way_whoever_has_the_address(client: Client):
    make_account()
    ask("first@staff.test")
    said = []
    for address in ["ana@staff.test", "nobody@staff.test"]:
        with CaptureQueriesContext(connection) as queries:
            answer = ask(address)
        said.append((answer, len(queries)))
    assert said[0] == said[1]
    assert said[0][0] == f"302 {FORGOTTEN}done/"
    assert [letter.to for letter in delivered()] == [["ana@staff.test"]]


def test_its_link_works_once_and_asks_for_the_second_factor_all_the_same(client: Client):
    account_with_app()
    other = Client()
    ask("Ana@Staff.test")
    [letter] = [one for one in delivered() if "new password" in one.subject]
    link = link_in(letter)
    form = client.get(link, follow=True)
    answer = client.post(form.redirect_chain[-1][0], NEW)
    assert answer.headers["Location"] == "/admin/password_reset/set/"
    assert client.get("/admin/").status_code == 302
    assert sign_in(other, password=PASSWORD).status_code == 200
    assert (
        sign_in(client, password=NEW["new_password1"]).headers["Location"] == "/admin/login/code/"
    )
    assert "This link works no more." in Client().get(link, follow=True).text
    assert AccountLetter.objects.get().kind == "password_changed"


def test_its_link_ends_after_an_hour(client: Client, clock: time_machine.Traveller):
    make_account()
    ask("ana@staff.test")
    link = link_in(delivered()[0])
    clock.shift(dt.timedelta(minutes=62))
    assert "This link works no more." in client.get(link, follow=True).text


@pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_active": False}])
def test_an_account_that_may_not_sign_in_gets_no_link(fields: dict[str, bool]):
    make_account(**fields)
    ask("ana@staff.test")
    assert delivered() == []


def test_asking_too_often_says_when_to_come_back(client: Client):
    for _ in range(limits.FORGOTTEN_BY_ADDRESS.most):
        assert ask("ana@staff.test").startswith("302")
    refused = client.post(FORGOTTEN, {"email": "Ana@staff.test"})
    assert refused.status_code == 429
    assert "Too many tries. Try again after 1:00" in refused.text
    assert "Ana@staff.test" in refused.text


def test_nobody_fills_a_mailbox_from_many_networks():
    make_account()
    for number in range(limits.FORGOTTEN_MAILS.most + 3):
        ask("ana@staff.test", Client(REMOTE_ADDR=f"203.0.113.{number}"))
    assert len(delivered()) == limits.FORGOTTEN_MAILS.most


def test_no_link_stands_in_the_log():
    make_account()
    ask("ana@staff.test")
    key = link_in(delivered()[0]).split("/")[4]
    line = without_links(f"Not Found: {FORGOTTEN}Mw/{key}/")
    assert line == f"Not Found: {FORGOTTEN}Mw/[link]/"


def test_every_change_of_a_factor_is_told(client: Client):
    make_account()
    sign_in(client)
    set_up_app(client)
    client.post("/admin/sign-in/codes/new/")
    client.post("/admin/sign-in/app/remove/")
    kinds = AccountLetter.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["app_added", "codes_renewed", "app_removed"]


def test_a_first_password_is_no_change():
    make_account()
    assert not AccountLetter.objects.exists()
