"""Processes of the site and workers die at any moment, on the database of the run."""

import random
from collections import Counter
from contextlib import ExitStack
from email.message import Message

import psutil
import pytest
from django.core.management import call_command
from django.db import connection

from registrations.models import Letter
from tests.load import processes
from tests.load.classes import open_class
from tests.load.faults import People, kill, meanwhile
from tests.load.faults import real_processes as real_processes  # noqa: PLC0414  # for pytest
from tests.load.visitors import Crowd
from tests.registrations.mail_server import mail_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_processes")]

State = Letter.State


def kill_one_of(server: psutil.Process) -> None:
    """Any of the processes that answer. gunicorn begins another one in its place."""
    kill(random.choice(server.children()))


def rounds_of_kills(rounds: int, people: People, command: tuple[str, ...] = ("manage.py",)) -> None:
    with processes.site(command=command) as (port, server):
        crowd = Crowd(port)
        for _ in range(rounds):
            meanwhile(crowd, people.come(6), lambda: kill_one_of(server))
            processes.wait_until(lambda: len(server.children()) == 2, "another process")


def deliver_with_kills(kills: int) -> tuple[list[Message], int]:
    """A worker runs, is killed and begun again, until nothing is owed. What came, and kills."""
    done = 0
    with mail_server() as (server, port):
        while Letter.objects.filter(state=State.OWED).exists():
            with processes.worker(**processes.mail_settings(port)) as worker:
                enough = len(server.mails) + random.randint(1, 9)
                processes.wait_until(
                    lambda: (
                        len(server.mails) >= enough
                        or not Letter.objects.filter(state=State.OWED).exists()
                    ),
                    "mail",
                )
                if done < kills:
                    kill(worker)
                    done += 1
            # Time passes: what the dead worker had claimed is anybody's again.
            Letter.objects.filter(state=State.OWED).update(claimed_until=None)
    return server.mails, done


def prove_kills(rounds: int) -> None:
    call_command("load_content", verbosity=0)
    people = People(open_class(capacity=24))
    rounds_of_kills(rounds, people)
    people.check()
    assert len(people.answered) >= rounds
    told = f"{len(people.answered)} answered, {len(people.refused)} read that it failed"
    print(f"{rounds} kills of the site: {told}")


def prove_kills_of_workers(worker_kills: int) -> None:
    mails, killed = deliver_with_kills(worker_kills)
    received = Counter(str(mail["Message-ID"]) for mail in mails)
    twice = sum(count - 1 for count in received.values())
    assert len(received) == Letter.objects.filter(state=State.SENT).count()
    assert twice <= killed, "at most the letter in flight at each kill"
    print(f"{killed} kills of the worker: {len(mails)} mails, {twice} letters a second time")


def test_whatever_dies_while_people_register_nothing_answered_is_lost_and_nothing_doubled():
    prove_kills(rounds=4)


@pytest.mark.prove
def test_two_hundred_rounds_of_registering_with_a_kill_in_each_lose_nothing():
    prove_kills(rounds=200)
    prove_kills_of_workers(50)


@pytest.mark.prove
def test_control_a_site_that_answers_before_it_has_written_is_found_out():
    call_command("load_content", verbosity=0)
    people = People(open_class(capacity=24))
    rounds_of_kills(8, people, ("-m", "tests.load.early_answer"))
    assert people.lost() != []


@pytest.mark.prove
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is for one machine")
def test_three_sites_and_two_workers_on_one_database_lose_nothing_while_some_die_and_come_back():
    call_command("load_content", verbosity=0)
    people = People(open_class(capacity=24))
    with mail_server() as (server, mail_port), ExitStack() as stack:
        mail = processes.mail_settings(mail_port)
        sites = [stack.enter_context(processes.site(WEB_CONCURRENCY=1, **mail)) for _ in range(3)]
        workers = [stack.enter_context(processes.worker(**mail)) for _ in range(2)]
        crowd = Crowd(*(port for port, _ in sites))

        def kill_a_site() -> None:
            answering = sites[0][1].children()
            kill(sites[0][1])
            psutil.wait_procs(answering, timeout=processes.PATIENCE)

        def restart_a_site() -> None:
            sites[1][1].terminate()
            port = sites[1][0]
            processes.wait_until(lambda: not processes.answers(port), "its end")
            stack.enter_context(processes.site(port=port, WEB_CONCURRENCY=1, **mail))

        meanwhile(crowd, people.come(100), lambda: None)
        meanwhile(crowd, people.come(100), lambda: kill(workers[0]))
        meanwhile(crowd, people.come(100), kill_a_site)
        meanwhile(crowd, people.come(100), restart_a_site)
        Letter.objects.filter(state=State.OWED).update(claimed_until=None)
        processes.wait_until(
            lambda: not Letter.objects.filter(state=State.OWED).exists(), "mail", seconds=300
        )
    people.check()
    received = Counter(str(mail["Message-ID"]) for mail in server.mails)
    twice = sum(count - 1 for count in received.values())
    assert len(received) == Letter.objects.filter(state=State.SENT).count()
    assert twice <= 1, "the letter that was in flight when its worker was killed"
    assert len(people.answered) >= 300
    print(f"{len(people.answered)} answered, {len(people.refused)} read that it failed, {twice=}")
