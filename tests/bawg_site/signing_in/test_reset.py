"""`manage.py reset_second_factor`: for a telephone that is lost."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client

from registrations.models import AccountLetter
from tests.bawg_site.signing_in.accounts import (
    account_with_app,
    make_account,
    set_up_app,
    sign_in,
    type_code,
)

pytestmark = pytest.mark.django_db


def reset(username: str) -> str:
    said = StringIO()
    call_command("reset_second_factor", username, stdout=said)
    return said.getvalue()


def test_it_takes_the_factors_away_signs_out_tells_and_is_noted(
    client: Client, settings: LazySettings, caplog: pytest.LogCaptureFixture
):
    settings.SECOND_FACTOR_FORCED = True
    user, _secret = account_with_app("ana")
    colleague = Client()
    make_account("ben")
    sign_in(colleague, "ben")
    set_up_app(colleague)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().generate_codes()
    sign_in(client)
    type_code(client, codes[0])
    assert client.get("/admin/").status_code == 200
    assert "ana is signed out everywhere" in reset("ana")
    assert client.get("/admin/").status_code == 302
    assert colleague.get("/admin/").status_code == 200
    assert AccountLetter.objects.latest("pk").kind == "reset"
    assert "reset by a command" in LogEntry.objects.get().get_change_message()
    assert "was reset by a command" in caplog.text
    assert sign_in(client).headers["Location"] == "/admin/"
    set_up_app(client)
    assert client.get("/admin/").status_code == 200


def test_it_says_when_there_is_nothing_to_take_or_nobody_to_write_to():
    make_account("ana", email="")
    said = reset("ana")
    assert "There was nothing to take away" in said
    assert "no mail goes out" in said


def test_it_knows_no_such_account():
    with pytest.raises(CommandError, match="no account nobody"):
        reset("nobody")
