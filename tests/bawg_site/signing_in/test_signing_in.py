"""Staff sign in with a password and a second factor."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from registrations.models import AccountLetter
from tests.bawg_site.signing_in.accounts import (
    LOGIN,
    PASSWORD,
    account_with_app,
    code_of,
    make_account,
    set_up_app,
    sign_in,
    type_code,
)

pytestmark = pytest.mark.django_db

LATER = dt.timedelta(minutes=2)


@pytest.fixture
def forced(settings: LazySettings) -> None:
    settings.SECOND_FACTOR_FORCED = True


def leads_to(response: object) -> str:
    assert response.status_code == 302, response.text  # type: ignore[attr-defined]
    return str(response.headers["Location"])  # type: ignore[attr-defined]


def kinds() -> list[str]:
    return list(AccountLetter.objects.order_by("pk").values_list("kind", flat=True))


def test_where_none_is_forced_a_password_opens_the_desk(client: Client):
    make_account()
    assert leads_to(sign_in(client)) == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_where_one_is_forced_the_first_sign_in_leads_to_setting_it_up(client: Client, forced: None):
    make_account()
    assert leads_to(sign_in(client)) == "/admin/"
    assert leads_to(client.get("/admin/")) == "/admin/login/?next=/admin/"
    assert leads_to(client.get("/admin/login/?next=/admin/")) == "/admin/sign-in/"
    assert "One step more before the desk opens" in client.get("/admin/sign-in/").text
    set_up_app(client)
    codes = client.get("/admin/sign-in/codes/").text
    assert len(re.findall(r"<code>\d{8}</code>", codes)) == 10
    assert client.get("/admin/").status_code == 200
    assert "<code>" not in client.get("/admin/sign-in/codes/").text
    assert kinds() == ["app_added"]


def test_a_code_is_asked_for_after_the_password(
    client: Client, forced: None, clock: time_machine.Traveller
):
    _user, secret = account_with_app()
    clock.shift(LATER)
    assert leads_to(sign_in(client)) == "/admin/login/code/"
    assert leads_to(client.get("/admin/")) == "/admin/login/?next=/admin/"
    wrong = type_code(client, "000000")
    assert "This code is not right" in wrong.text
    assert leads_to(type_code(client, code_of(secret))) == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_code_works_once(client: Client, clock: time_machine.Traveller):
    _user, secret = account_with_app()
    clock.shift(LATER)
    code = code_of(secret)
    sign_in(client)
    assert leads_to(type_code(client, code)) == "/admin/"
    cache.clear()  # As another process has it.
    other = Client()
    sign_in(other)
    assert "or was used already." in type_code(other, code).text
    assert leads_to(type_code(other, code_of(secret, steps=1))) == "/admin/"


def test_the_code_that_set_up_the_app_does_not_sign_in(client: Client):
    _user, secret = account_with_app()
    sign_in(client)
    assert "or was used already." in type_code(client, code_of(secret)).text


def test_a_recovery_code_works_once_and_is_told(client: Client):
    user, _secret = account_with_app()
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().generate_codes()[3]
    sign_in(client)
    assert leads_to(type_code(client, code)) == "/admin/"
    other = Client()
    sign_in(other)
    assert "This code is not right" in type_code(other, code).text
    assert kinds() == ["app_added", "code_used"]
    assert AccountLetter.objects.latest("pk").codes_left == 9


def test_the_secret_is_not_readable_in_the_database():
    user, secret = account_with_app()
    assert secret not in str(Authenticator.objects.filter(user=user).values_list("data", flat=True))


def test_a_new_sign_in_has_a_new_session(client: Client):
    account_with_app()
    client.get(LOGIN)
    client.cookies["sessionid"] = "a" * 32
    sign_in(client)
    before = client.cookies["sessionid"].value
    type_code(client, Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()[0])
    after = client.cookies["sessionid"].value
    assert len({"a" * 32, before, after}) == 3
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize(
    "elsewhere",
    ["https://elsewhere.test/", "//elsewhere.test/", "/\\elsewhere.test", "javascript:1"],
)
def test_next_leads_nowhere_else(client: Client, elsewhere: str):
    make_account()
    assert leads_to(sign_in(client, path=f"{LOGIN}?next={elsewhere}")) == "/admin/"


def test_next_leads_to_the_page_that_was_asked_for(client: Client):
    make_account()
    there = "/admin/courses/scheduledclass/"
    assert leads_to(sign_in(client, path=leads_to(client.get(there)))) == there


@pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_active": False}])
def test_an_account_that_is_no_staff_gets_nothing(client: Client, fields: dict[str, bool]):
    make_account(**fields)
    page = sign_in(client)
    assert "This username and password do not fit together." in page.text
    assert page.text.count("errornote") == 1
    assert leads_to(client.get("/admin/")) == "/admin/login/?next=/admin/"
    assert leads_to(client.get("/admin/sign-in/")) == "/admin/login/"


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "social/", "3rdparty/", "login/code/confirm/", "inactive/"]
)
@pytest.mark.parametrize("below", ["/admin/", "/accounts/", "/"])
def test_there_is_no_sign_up(client: Client, below: str, path: str):
    assert client.get(below + path).status_code in {302, 404}
    assert client.post(below + path).headers.get("Location", LOGIN).startswith(LOGIN)


def test_a_changed_password_ends_the_other_sessions_and_is_told(client: Client):
    make_account()
    sign_in(client)
    other = Client()
    sign_in(other)
    typed = {
        "old_password": PASSWORD,
        "new_password1": "x" * 7 + "quiet hills",
        "new_password2": "x" * 7 + "quiet hills",
    }
    assert leads_to(client.post("/admin/password_change/", typed)) == "/admin/password_change/done/"
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302
    assert kinds() == ["password_changed"]


def test_a_second_factor_ends_the_other_sessions(client: Client):
    make_account()
    sign_in(client)
    other = Client()
    sign_in(other)
    set_up_app(other)
    assert other.get("/admin/").status_code == 200
    assert client.get("/admin/").status_code == 302
