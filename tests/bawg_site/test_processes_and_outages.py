"""Several processes on one database, and one whose database goes away and comes back."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from content.models import Page
from registrations import limits
from registrations.certificates.numbers import new_number
from tests.bawg_site.site_process import site_process
from tests.databases import copy_sqlite
from tests.factories import make_class

CANNOT = "We cannot take registrations at this moment."
SECONDS = 60

Outage = tuple[Callable[[], str], Callable[[], Callable[[], None]]]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def content(clock: object) -> None:
    call_command("load_content", verbosity=0)


def read(address: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    data = urlencode(form).encode() if form else None
    try:
        with urlopen(address, data, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def seconds_until(there: Callable[[], bool]) -> float:
    began = time.perf_counter()
    while not there():
        assert time.perf_counter() - began < SECONDS
        time.sleep(0.02)
    return time.perf_counter() - began


def name() -> str:
    return str(connection.settings_dict["NAME"])


def test_an_edit_is_seen_in_every_process_within_a_second():
    with site_process(name()) as one, site_process(name()) as other:
        for site in (one, other, one, other):
            assert "Edited" not in read(f"{site}/")[1]
        waits = []
        for number in range(3):
            Page.objects.filter(slug=Page.COURSE).update(title_en=f"Edited {number}")
            words = f"<h1>Edited {number}</h1>"
            waited = seconds_until(
                lambda: all(words in read(f"{site}/")[1] for site in (one, other))
            )
            waits.append(waited)
        assert sorted(waits)[1] < 1


def test_tries_are_counted_over_all_processes():
    """Half of them to each: to neither alone are they too many."""
    limit = limits.CERTIFICATE_LOOKUPS
    path = f"/certificates/{new_number()}/"
    with site_process(name()) as one, site_process(name()) as other:
        wait_for_time_in_span(limit, seconds=30)
        statuses = [
            read(f"{site}{path}")[0] for _ in range(limit.most // 2 + 10) for site in (one, other)
        ]
    assert statuses[: limit.most] == [HTTPStatus.NOT_FOUND] * limit.most
    assert statuses[limit.most :] == [HTTPStatus.TOO_MANY_REQUESTS] * 20


def wait_for_time_in_span(limit: limits.Limit, *, seconds: float) -> None:
    """The processes count by the clock of the machine, and begin anew with each span of it."""
    clock = time_machine.escape_hatch.time
    span = limit.span.total_seconds()
    while span - clock.time() % span < seconds:
        time.sleep(1)


@pytest.fixture
def outage(tmp_path: Path, transactional_db: None) -> Iterator[Outage]:
    """A database that can go away, and what takes it away; what that returns brings it back."""
    back: list[Callable[[], None]] = []
    own = tmp_path / "own.sqlite3"

    def database() -> str:
        if connection.vendor == "postgresql":
            return name()
        # SQLite forgives no file that is moved while a process has it open: the tests' own stays.
        copy_sqlite(own)
        return str(own)

    def take_away() -> Callable[[], None]:
        connection.close()
        back.append(refuse_connections() if connection.vendor == "postgresql" else hide(own))
        return back[-1]

    yield database, take_away
    for bring_back in back:
        bring_back()


def refuse_connections() -> Callable[[], None]:
    """The server lets nobody into the database; the other databases on it stay as they are."""

    def allow(answer: str) -> None:
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # PostgreSQL has it
            cursor.execute(f'ALTER DATABASE "{name()}" ALLOW_CONNECTIONS {answer}')
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [name()],
            )

    allow("false")
    return lambda: allow("true")


def hide(file: Path) -> Callable[[], None]:
    with closing(sqlite3.connect(file)) as after:
        after.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    hidden = file.with_suffix(".hidden")
    file.rename(hidden)
    for log in ("-wal", "-shm"):
        file.with_name(f"{file.name}{log}").unlink(missing_ok=True)

    def bring_back() -> None:
        if hidden.exists():
            for rest in file.parent.glob(f"{file.name}*"):
                rest.unlink()
            hidden.rename(file)

    return bring_back


def test_readers_go_on_until_the_database_is_back(outage: Outage):
    path = make_class().get_absolute_url()
    database, take_away = outage
    with site_process(database()) as site:
        before = [read(f"{site}{page}")[1] for page in ("/", "/classes/", path)]
        bring_back = take_away()
        seconds_until(lambda: CANNOT in read(f"{site}/")[1])
        for page in ("/", "/classes/", path):
            status, words = read(f"{site}{page}")
            assert (status, CANNOT in words) == (200, True)
        status, words = read(f"{site}{path}register/")
        assert (status, "This page cannot be shown now." in words) == (503, True)
        bring_back()
        seconds_until(lambda: CANNOT not in read(f"{site}/")[1])
        assert [read(f"{site}{page}")[1] for page in ("/", "/classes/", path)] == before
        assert read(f"{site}{path}register/")[0] == 200
