"""Every letter that is owed arrives, whatever happens to the worker or the mail server."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.core import mail
from django.db import connection

from registrations.models import Letter
from registrations.services import seats
from registrations.services.delivery import PAUSES, TRIES, deliver_due, try_again
from tests.factories import NOW, make_answers, make_class
from tests.registrations.mail_server import IN_DOUBT, Killer, MailServer, mail_server
from tests.registrations.people import join, register

State = Letter.State


def owe_letters(count: int) -> None:
    scheduled_class = make_class(capacity=count)
    for person in range(count):
        register(scheduled_class, person)


def use(port: int, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False


def states() -> Counter[str]:
    return Counter(Letter.objects.values_list("state", flat=True))


@pytest.mark.django_db
def test_a_letter_goes_out_once_and_is_marked() -> None:
    owe_letters(1)
    assert deliver_due(clock=lambda: NOW) == 1
    assert deliver_due(clock=lambda: NOW) == 0
    assert [message.to for message in mail.outbox] == [["person-0@peers.test"]]
    letter = Letter.objects.get()
    assert (letter.state, letter.sent_at, letter.attempts) == (State.SENT, NOW, 1)


@pytest.mark.django_db
def test_a_mail_server_that_refuses_then_drops_then_accepts_gets_each_letter_once(
    settings: LazySettings,
) -> None:
    owe_letters(5)
    with mail_server() as (server, port):
        use(port, settings)
        server.answer = lambda point: "451 Come back later" if point == "RCPT" else None
        deliver_due(clock=lambda: NOW)
        assert "Come back later" in Letter.objects.latest("pk").last_error
        server.answer, server.drops = lambda point: None, True
        deliver_due(clock=lambda: NOW + dt.timedelta(minutes=2))
        assert states() == {State.OWED: 5}
        server.drops = False
        deliver_due(clock=lambda: NOW + dt.timedelta(minutes=10))
    assert states() == {State.SENT: 5}
    assert sorted(server.received.values()) == [1] * 5


@pytest.mark.django_db
def test_without_a_mail_server_the_pauses_grow_and_after_days_staff_see_it_given_up(
    settings: LazySettings,
) -> None:
    owe_letters(1)
    use(1, settings)  # nobody listens there
    now, pauses = NOW, []
    while deliver_due(clock=lambda: now):
        letter = Letter.objects.get()
        pauses.append(letter.next_try_at - now)
        now = letter.next_try_at
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts) == (State.GIVEN_UP, TRIES)
    assert pauses[: len(PAUSES)] == PAUSES
    assert now - NOW > dt.timedelta(days=4)
    assert "refused" in letter.last_error


@pytest.mark.django_db
def test_a_letter_that_was_given_up_goes_out_when_staff_try_again() -> None:
    owe_letters(1)
    Letter.objects.update(state=State.GIVEN_UP, attempts=TRIES)
    assert try_again(Letter.objects.all(), NOW) == 1
    deliver_due(clock=lambda: NOW)
    assert states() == {State.SENT: 1}


@pytest.mark.django_db
def test_one_address_that_is_refused_does_not_hold_up_the_others(
    settings: LazySettings,
) -> None:
    owe_letters(3)
    with mail_server() as (server, port):
        use(port, settings)
        refusals = iter(["550 No such person"])
        server.answer = lambda point: next(refusals, None) if point == "RCPT" else None
        deliver_due(clock=lambda: NOW)
    assert states() == {State.SENT: 2, State.OWED: 1}
    assert "No such person" in Letter.objects.get(state=State.OWED).last_error


@pytest.mark.django_db
def test_an_invented_address_is_never_mailed() -> None:
    scheduled_class = make_class()
    answers = make_answers(1, email="somebody@sample.invalid")
    seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=NOW)
    deliver_due(clock=lambda: NOW)
    assert mail.outbox == []
    assert states() == {State.NOT_MAILED: 1}


@pytest.mark.django_db
def test_a_letter_that_is_not_true_any_more_is_not_sent() -> None:
    scheduled_class = make_class(capacity=1)
    join(scheduled_class, 1)
    deliver_due(clock=lambda: NOW)
    assert [message.subject for message in mail.outbox] == ["Your class on January 16 and 23, 2027"]
    assert states() == {State.SUPERSEDED: 1, State.SENT: 1}


@pytest.mark.django_db
def test_who_has_answered_is_not_asked_to_keep_the_place() -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    join(scheduled_class, 1)
    deliver_due(clock=lambda: NOW)
    assert [str(message.body).splitlines()[0] for message in mail.outbox] == [
        "You are in line: 1st. We write to you when a seat is free."
    ]


@pytest.mark.django_db
def test_someone_elses_try_with_an_address_holds_back_none_of_its_letters() -> None:
    scheduled_class = make_class(capacity=1)
    join(scheduled_class, 1)
    register(scheduled_class, 1, NOW + dt.timedelta(hours=1))
    deliver_due(clock=lambda: NOW + dt.timedelta(hours=1))
    kinds = Letter.objects.filter(state=State.SENT).values_list("kind", flat=True)
    assert sorted(kinds) == ["again", "confirmed"]


@pytest.mark.django_db
def test_mail_without_a_mail_server_lies_in_a_folder_ready_to_open(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "bawg_site.mail_files.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    owe_letters(1)
    deliver_due(clock=lambda: NOW)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".eml", ".html"]
    assert "Take the seat" in next(tmp_path.glob("*.html")).read_text()


def database_url() -> str:
    """The address of the database that this test runs on, for another process."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    base = os.environ["TEST_DATABASE_URL"]
    path, question, options = base.partition("?")
    return f"{path.rpartition('/')[0]}/{database['NAME']}{question}{options}"


def start_worker(port: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bawg_site.settings",
        "DATABASE_URL": database_url(),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
        "EMAIL_USE_TLS": "0",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "work", "--once"],
        cwd=settings.BASE_DIR,
        env=environment,
        stderr=subprocess.DEVNULL,
    )


def deliver_with_kills(letters: int, kills: list[tuple[str, int]]) -> tuple[MailServer, int]:
    """Run workers after each other; each is killed at its point after `gap` whole letters.

    A last one ends by itself. Checks that each letter arrived, and that each kill made at most one
    come once more. Returns the server and how many arrived twice or more.
    """
    owe_letters(letters)
    with mail_server() as (server, port):
        for point, gap in [*kills, ("", 0)]:
            killer = Killer(point, gap)
            server.answer = killer
            worker = start_worker(port)
            killer.pid = worker.pid
            assert worker.wait(timeout=120) == (-signal.SIGKILL if point else 0)
            # Time passes: what the dead worker had claimed is anybody's again.
            Letter.objects.filter(state=State.OWED).update(claimed_until=None, next_try_at=NOW)
    assert states() == {State.SENT: letters}
    assert len(server.received) == letters
    once_more = sum(n - 1 for n in server.received.values())
    assert once_more <= sum(point in IN_DOUBT for point, _ in kills)
    return server, sum(n > 1 for n in server.received.values())


POINTS = ["MAIL", "RCPT", "DATA", "after DATA"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_again_and_again_delivers_every_letter() -> None:
    deliver_with_kills(12, [(point, 2) for point in ("RCPT", "after DATA")])


@pytest.mark.django_db
def test_after_an_hour_without_a_mail_server_every_letter_arrives_once(
    settings: LazySettings,
) -> None:
    owe_letters(5)
    use(1, settings)  # nobody listens there
    for minute in range(60):
        now = NOW + dt.timedelta(minutes=minute)
        deliver_due(clock=partial(later, now))
    assert states() == {State.OWED: 5}
    with mail_server() as (server, port):
        use(port, settings)
        for minute in range(60, 240, 5):
            deliver_due(clock=partial(later, NOW + dt.timedelta(minutes=minute)))
    assert states() == {State.SENT: 5}
    assert sorted(server.received.values()) == [1] * 5


def later(now: dt.datetime) -> dt.datetime:
    return now


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_all_over_a_batch_of_two_hundred_letters_delivers_them() -> None:
    kills = [(POINTS[n % 4], (7 * n) % 11) for n in range(30)]
    server, twice = deliver_with_kills(200, kills)
    print(f"{len(kills)} kills, {server.received.total()} mails, {twice} letters more than once")


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_every_point_of_fifty_letters_delivers_them() -> None:
    server, twice = deliver_with_kills(50, [(point, 0) for _ in range(50) for point in POINTS])
    print(f"200 kills, {server.received.total()} mails, {twice} letters more than once")


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_no_letter_twice() -> None:
    owe_letters(30)
    with mail_server() as (server, port):
        workers = [start_worker(port) for _ in range(2)]
        for worker in workers:
            worker.wait(timeout=120)
    assert states() == {State.SENT: 30}
    assert sorted(server.received.values()) == [1] * 30


@pytest.mark.django_db
def test_control_a_worker_that_does_not_claim_sends_twice() -> None:
    """What the claim is for: two workers that read the same list and only mark afterwards."""
    owe_letters(3)
    lists = [list(Letter.objects.due(NOW)) for _ in range(2)]
    with mail.get_connection() as box:
        for letters in lists:
            for letter in letters:
                box.send_messages([mail.EmailMessage(to=[letter.to])])
                Letter.objects.filter(pk=letter.pk).update(state=State.SENT, sent_at=NOW)
    assert len(mail.outbox) == 6
