"""Several processes on one database, and one whose database goes away and comes back."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from django.core.management import call_command
from django.db import connection

from content.models import Page
from tests.bawg_site.site_process import site_process
from tests.factories import make_class

CANNOT = "We cannot take registrations at this moment."
SECONDS = 60

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


@pytest.fixture
def outage(transactional_db: None) -> Iterator[Callable[[], Callable[[], None]]]:
    """Takes the database away; what it returns brings it back."""
    back: list[Callable[[], None]] = []

    def take_away() -> Callable[[], None]:
        connection.close()
        back.append(refuse_connections() if connection.vendor == "postgresql" else hide_file())
        return back[-1]

    yield take_away
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


def hide_file() -> Callable[[], None]:
    file = Path(name())

    # Somebody may still have it open, a test that ran before for one: then its log stays.
    def all_in_the_file() -> bool:
        with closing(sqlite3.connect(file)) as after:
            is_busy, *_ = after.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy

    seconds_until(all_in_the_file)
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


def test_readers_go_on_until_the_database_is_back(
    outage: Callable[[], Callable[[], None]],
):
    path = make_class().get_absolute_url()
    with site_process(name()) as site:
        before = [read(f"{site}{page}")[1] for page in ("/", "/classes/", path)]
        bring_back = outage()
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
