import json
import logging
import smtplib
import sys
from io import StringIO
from typing import Any

import pytest
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from bawg_site import urls
from bawg_site.logs import JsonFormatter, LineFormatter
from tests.registrations.test_registering import text_of

TOKEN = "eyJhbGciOiJIUzI1NiJ9:1vNabc:Zx-9_kq"
ADDRESS = "maria@peers.test"


def line(message: str, *args: object, failed: bool = False, **extra: Any) -> str:
    about = sys.exc_info() if failed else None
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, message, args, about)
    vars(record).update(extra)
    return LineFormatter().format(record)


@pytest.mark.parametrize(
    "path",
    [
        f"/registrations/{TOKEN}/",
        f"/registrations/{TOKEN}/take/",
        f"/es/registrations/{TOKEN}/",
        f"/interest/confirm/{TOKEN}/",
        f"/interest/leave/{TOKEN}/",
    ],
)
def test_a_line_holds_no_persons_link(path: str):
    printed = line(f"Internal Server Error: {path}")
    assert TOKEN not in printed
    assert "[link]" in printed


@pytest.mark.parametrize(
    "words",
    [
        f"550 5.1.1 <{ADDRESS}>: no such user",
        f"('{ADDRESS}', 550)",
        f"to={ADDRESS}, refused",
        f"mailto:{ADDRESS}",
        "Invalid request from ip=203.0.113.7: 'maria HTTP/1.1'",
        "Error handling request GET /?name=maria",
    ],
)
def test_a_line_holds_no_address_of_a_person_or_of_their_network(words: str):
    printed = line(words)
    assert "maria" not in printed
    assert "203.0.113.7" not in printed


def failed(problem: Exception) -> str:
    """How a failure is printed whose function held personal data."""
    full_name = "Maria de la Cruz"
    try:
        try:
            raise KeyError(full_name)  # noqa: TRY301  # it stands for code that goes wrong
        except KeyError:
            raise problem  # noqa: B904  # the context is what an unforeseen error has
    except type(problem):
        return line("Failed", failed=True)


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (ValueError(f"No date: {ADDRESS} of Maria de la Cruz"), "ValueError"),
        (smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"Maria")}), "SMTPRecipientsRefused"),
        (
            IntegrityError("UNIQUE constraint failed\nDETAIL: Key (email_key)=(maria) exists."),
            "IntegrityError: UNIQUE constraint failed",
        ),
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
    ],
)
def test_an_error_says_where_and_what_but_not_of_whom(problem: Exception, kind: str):
    printed = failed(problem)
    assert kind in printed
    assert "builtins.KeyError\nThen:" in printed
    assert "test_logs.py" in printed
    assert "maria" not in printed.lower().replace("full_name", "")


def test_only_known_fields_are_printed():
    assert line("Answered", status=200, email=ADDRESS).endswith("Answered status=200")


def test_other_lines_stay_as_they_are():
    assert line("Seats are wrong. %s", "January").endswith(": Seats are wrong. January")


def broken(request: HttpRequest, token: str) -> HttpResponse:
    email = request.GET["email"]
    raise ValueError(email)


urlpatterns = [path("registrations/<token>/", broken), *urls.urlpatterns]
handler500 = "bawg_site.errors.server_error"


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_fails_names_a_number_that_stands_in_the_log():
    """The whole of what one failing request writes, as production prints it."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    client = Client(raise_request_exception=False)
    before = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    try:
        response = client.get(
            f"/registrations/{TOKEN}/?email={ADDRESS}",
            headers={"X-Request-ID": "of-a-stranger", "X-Forwarded-For": "203.0.113.7"},
        )
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    error, answered = [json.loads(one) for one in written.getvalue().splitlines()]
    number = response.headers["X-Request-ID"]
    assert (error["request"], answered["request"]) == (number, number)
    assert f"say this number: {number[:4]} {number[4:]}" in text_of(response)
    assert error["level"] == "ERROR"
    assert error["message"] == "Internal Server Error: /registrations/<token>/"
    assert error["error"].endswith("raise ValueError(email)\nbuiltins.ValueError\n")
    page = {name: answered[name] for name in ("message", "method", "route", "status")}
    route = "/registrations/<token>/"
    assert page == {"message": "Answered", "method": "GET", "route": route, "status": 500}
    for secret in (TOKEN, ADDRESS, "203.0.113.7", "of-a-stranger"):
        assert secret not in written.getvalue()
