"""A mail server that is slow, or hangs, keeps nobody waiting but the mail."""

import datetime as dt
from functools import partial

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection

from registrations.management.commands.work import one_round
from registrations.models import AccountLetter, Heartbeat, Letter
from registrations.services import account_letters, delivery, details
from registrations.services.delivery import deliver_due
from registrations.services.jobs import ASKED_TO_END
from registrations.services.outbox import CLAIM, HANDFUL, take
from tests.factories import NOW, make_class
from tests.registrations.mail_server import mail_server
from tests.registrations.people import join
from tests.registrations.test_delivery import owe_letters, states, use

pytestmark = pytest.mark.django_db

State = Letter.State


def claimed() -> int:
    return Letter.objects.filter(claimed_until__isnull=False).count()


def test_the_letters_of_a_round_go_over_one_connection(settings: LazySettings) -> None:
    owe_letters(3)
    with mail_server() as (server, port):
        use(port, settings)
        deliver_due(clock=lambda: NOW)
    assert (len(server.mails), len(server.peers)) == (3, 1)


def test_a_server_that_hangs_is_waited_for_once_in_a_round(settings: LazySettings) -> None:
    owe_letters(3)
    settings.EMAIL_TIMEOUT = 0.1
    with mail_server() as (server, port):
        use(port, settings)
        server.seconds = 0.3
        assert deliver_due(clock=lambda: NOW) == 1
        assert (len(server.peers), claimed()) == (1, 0)
        server.seconds = 0
        deliver_due(clock=lambda: NOW + delivery.PAUSES[0])
    assert states() == {State.SENT: 3}
    assert sorted(server.received.values()) == [1] * 3


def test_letters_to_accounts_wait_for_such_a_server_once_too(settings: LazySettings) -> None:
    ana = User.objects.create_user("ana", "ana@bind.test")
    for _ in range(3):
        account_letters.owe(user=ana, kind=AccountLetter.Kind.APP_ADDED, now=NOW)
    settings.EMAIL_TIMEOUT = 0.1
    with mail_server() as (server, port):
        use(port, settings)
        server.seconds = 0.3
        assert account_letters.deliver(NOW) == 0
    assert (len(server.peers), AccountLetter.objects.count()) == (1, 3)


def test_nothing_is_held_in_the_database_while_the_server_takes_its_time(
    settings: LazySettings,
) -> None:
    owe_letters(2)
    # Each transaction inside the test's own is a savepoint.
    here, depths = connection.savepoint_ids, []
    with mail_server() as (server, port):
        use(port, settings)
        server.answer = lambda point: depths.append((point, len(here)))
        deliver_due(clock=lambda: NOW)
    while_waiting = {depth for point, depth in depths if point != "after DATA"}
    assert while_waiting == {len(here)}


def test_a_slow_server_gets_a_few_letters_and_then_the_worker_does_other_things(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe_letters(5)
    monkeypatch.setattr(delivery, "ROUND_SECONDS", 0.1)
    with mail_server() as (server, port):
        use(port, settings)
        server.seconds = 0.1
        assert deliver_due(clock=lambda: NOW) == 1
        assert (states(), claimed()) == ({State.SENT: 1, State.OWED: 4}, 0)


def test_what_was_read_a_while_ago_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    owe_letters(3)
    monkeypatch.setattr(delivery, "FRESH_SECONDS", 0)
    handfuls: list[int] = []
    monkeypatch.setattr(delivery, "take", partial(noted, handfuls))
    assert deliver_due(clock=lambda: NOW) == 3
    assert handfuls == [3, 2, 1, 0]
    assert len(mail.outbox) == 3


def noted(handfuls: list[int], now: dt.datetime) -> list[Letter]:
    letters = take(now)
    handfuls.append(len(letters))
    return letters


def test_what_one_worker_has_claimed_another_leaves_until_the_claim_ends() -> None:
    owe_letters(HANDFUL + 2)
    first, second = take(NOW), take(NOW)
    assert (len(first), len(second), take(NOW)) == (HANDFUL, 2, [])
    assert {letter.pk for letter in first}.isdisjoint(letter.pk for letter in second)
    assert len(take(NOW + CLAIM)) == HANDFUL


def test_a_second_letter_to_somebody_is_read_after_the_first_has_gone() -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    join(scheduled_class, 2)
    Letter.objects.filter(kind=Letter.Kind.HELD).delete()
    details.ask_new_address(registration=person, address="new@peers.test", now=NOW)
    assert [len(take(NOW)) for _ in range(3)] == [2, 1, 0]


def test_a_worker_that_is_asked_to_end_stops_between_two_letters(settings: LazySettings) -> None:
    owe_letters(3)
    with mail_server() as (server, port):
        use(port, settings)
        # Only here: what the server does after a letter may still come when the test is over.
        server.answer = lambda point: ASKED_TO_END.set() if point == "MAIL" else None
        try:
            one_round()
        finally:
            ASKED_TO_END.clear()
    assert (states(), claimed()) == ({State.SENT: 1, State.OWED: 2}, 0)
    assert [beat.job for beat in Heartbeat.objects.all()] == ["letters"]
