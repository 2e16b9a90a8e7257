"""A PostgreSQL of the test's own stops and starts again while people register."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.db import connection

from tests.databases import start_postgres, stop_postgres
from tests.load import processes
from tests.load.faults import real_processes as real_processes  # noqa: PLC0414  # for pytest
from tests.load.registering import address_of, register
from tests.load.visitors import Crowd, Visitor

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.prove,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server"),
    pytest.mark.usefixtures("real_processes"),
]

MAKE_CLASS = "from tests.load.classes import open_class; print(open_class().get_absolute_url())"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a server with the site's tables; the site's processes are told of it."""
    url = start(tmp_path / "own")
    monkeypatch.setenv("DATABASE_URL", url)
    yield tmp_path / "own"
    stop_postgres(tmp_path / "own")


def start(folder: Path) -> str:
    """With its own settings, as in production: the other tests' server forgets in a crash."""
    return start_postgres(folder, settings="")


def manage(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=processes.ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def people(path: str, count: int, answered: list[int], refused: list[int]) -> Iterator[Visitor]:
    """Whoever reads that it cannot be done now tries once more later."""
    for number in range(1, count + 1):
        yield one(path, number, answered, refused)


def one(path: str, number: int, answered: list[int], refused: list[int]) -> Visitor:
    try:
        yield from register(path, number, answered)
    except AssertionError:
        refused.append(number)


def test_the_database_stops_and_starts_under_load_and_nothing_answered_is_lost(server: Path):
    manage("prepare")
    path = manage("shell", "--verbosity", "0", "-c", MAKE_CLASS).splitlines()[-1]
    answered: list[int] = []
    refused: list[int] = []
    with processes.site() as (port, _):
        crowd = Crowd(port)
        coming = people(path, 400, answered, refused)
        for stop in (signal.SIGINT, signal.SIGQUIT):  # At once in good order, and as in a crash.
            before = len(answered)
            while len(answered) < before + 40:
                crowd.admit(coming, 4)
                crowd.turn(1.0)
            postmaster = psutil.Process(
                int((server / "postgres" / "postmaster.pid").read_text().split()[0])
            )
            postmaster.send_signal(stop)
            postmaster.wait(60)
            before = len(refused)
            while len(refused) < before + 20:
                crowd.admit(coming, 4)
                crowd.turn(1.0)
            start(server)
        crowd.all_at_once(coming, together=4)
        crowd.all_at_once((one(path, number, answered, []) for number in refused), together=4)
        assert {answer.status for answer in crowd.answers} == {200, 302, 503}
        assert crowd.unanswered == 0
    assert set(answered) == set(range(1, 401))
    emails = "from registrations.models import Registration as R;"
    emails += "print(*R.objects.values_list('email', flat=True))"
    there = manage("shell", "--verbosity", "0", "-c", emails).split()
    assert sorted(there) == sorted(address_of(number) for number in range(1, 401))
    manage("check_seats")
    print(f"{len(refused)} of 400 read that it cannot be done now, and came back")
