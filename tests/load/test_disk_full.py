"""No room is left for the database."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from registrations.forms import sign
from registrations.models import Letter, Registration, RegistrationEvent
from registrations.services.ledger import check_seats
from tests.factories import make_answers, make_class

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="its limit is SQLite's own"),
]

#: So many more pages of 4 kB than there are: the next few people fill them.
ROOM = 2


def pragma(words: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {words}")
        return int(cursor.fetchone()[0])


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """For this connection, which the requests of a test use as well."""
    call_command("load_content", verbosity=0)
    settings.PROXIES = 1
    with connection.cursor() as cursor:
        # Pages that were emptied would be filled first.
        cursor.execute("VACUUM")
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    yield
    pragma("max_page_count = 4294967294")


@pytest.mark.usefixtures("full_disk")
def test_on_a_full_disk_what_was_typed_stays_and_nothing_is_half_written(client: Client):
    scheduled_class = make_class(capacity=500)
    path = reverse("registrations:sent", args=[scheduled_class.slug])
    pragma(f"max_page_count = {pragma('page_count') + ROOM}")

    def send(number: int, **fields: str) -> tuple[int, str]:
        answers = make_answers(number, **fields)
        headers = {"X-Forwarded-For": f"10.0.0.{number}"}
        answer = client.post(path, {"answers": sign(answers)}, headers=headers)
        return answer.status_code, answer.text

    answers = (send(number, access_needs="Captions") for number in range(1, 200))
    taken, refusal = 0, ""
    for status, text in answers:
        if status != 302:
            assert status == 503
            refusal = text
            break
        taken += 1
    assert "We cannot take registrations at this moment." in refusal
    assert f'value="person-{taken + 1}@peers.test"' in refusal
    assert "Captions" in refusal
    counts = [rows.objects.count() for rows in (Registration, RegistrationEvent, Letter)]
    assert counts == [taken] * 3
    assert check_seats() == []
    pragma("max_page_count = 4294967294")
    assert send(taken + 1)[0] == 302
    assert Registration.objects.count() == taken + 1
