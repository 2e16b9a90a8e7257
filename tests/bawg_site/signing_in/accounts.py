"""Accounts that sign in as people do, and the codes of their apps."""

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.test import Client

PASSWORD = "a long and quiet password"
LOGIN = "/admin/login/"


def make_account(username: str = "ana", **fields: object) -> User:
    given = {"is_staff": True, "is_superuser": True, "email": f"{username}@staff.test"} | fields
    return User.objects.create_user(username, password=PASSWORD, **given)


def sign_in(
    client: Client, username: str = "ana", password: str = PASSWORD, path: str = LOGIN
) -> Any:
    return client.post(path, {"username": username, "password": password})


def code_of(secret: str, steps: int = 0) -> str:
    """What the app shows now, or some half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def set_up_app(client: Client) -> str:
    """The secret of the app that was set up."""
    page = client.get("/admin/sign-in/app/")
    secret = re.search(r'class="key">(\w+)<', page.text)
    assert secret, page
    answer = client.post("/admin/sign-in/app/", {"code": code_of(secret[1])})
    assert answer.status_code == 302, answer.text
    return secret[1]


def account_with_app(username: str = "ana", **fields: object) -> tuple[User, str]:
    user = make_account(username, **fields)
    client = Client()
    sign_in(client, username)
    return user, set_up_app(client)


def type_code(client: Client, code: str) -> Any:
    return client.post("/admin/login/code/", {"code": code})
