"""`make run` for real: processes, signals, ports and a database of its own."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from django.db import connection

from tests.databases import copy_sqlite

ROOT = Path(__file__).parent.parent
NOTICE = "No classes have been scheduled for this summer."
#: Only a machine that has far too much to do needs as many.
SECONDS = 240

# One worker process takes them all, so that one checkout collects its static files once.
pytestmark = pytest.mark.xdist_group("make run")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what git holds, so that nothing is written into the checkout itself."""
    copy = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


@pytest.fixture
def database_url(tmp_path: Path, db: None) -> Iterator[str]:
    """An empty database of the kind that this run is about."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'site.sqlite3'}"
        return
    # A test's own connection is inside a transaction, in which no database can be made.
    maker = connection.copy()
    name = f"{connection.settings_dict['NAME']}_make_run"
    with maker.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with maker.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    maker.close()


@pytest.fixture
def migrated_url(tmp_path: Path, db: None) -> str:
    return migrated(tmp_path)


def migrated(folder: Path) -> str:
    """A SQLite database with its tables and no rows: a start from an empty one takes longer."""
    copy = folder / "migrated.sqlite3"
    copy_sqlite(copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def environment(**variables: object) -> dict[str, str]:
    """What a newcomer's shell has: nothing of the environment of the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {name: str(value) for name, value in variables.items()}


class Site:
    """The site started in a session of its own, as a terminal does."""

    def __init__(self, checkout: Path, *, port: int | str, **variables: object) -> None:
        self.port = int(port) if str(port).isdecimal() else 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bawg_site.local"],
            cwd=checkout,
            env=environment(PORT=port, **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def wait_until_ready(self) -> None:
        end = time.monotonic() + SECONDS
        while self.status("/healthz") != 200:
            assert self.process.poll() is None, self.process.communicate()[0]
            assert time.monotonic() < end
            time.sleep(0.1)

    def status(self, path: str) -> int:
        return self.get(path)[0]

    def get(self, path: str) -> tuple[int, str]:
        """The status and the text; 0 while nobody answers."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asked.request("GET", path)
            answer = asked.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            asked.close()

    def family(self) -> list[psutil.Process]:
        family: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return family

    def child(self, word: str) -> psutil.Process:
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if word in child.cmdline())

    def end(self) -> tuple[int, str]:
        """Wait for the end of every process; the exit code and all that was printed."""
        said, _ = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, said

    def interrupt(self) -> tuple[int, str]:
        """Ctrl-C: every process of the terminal's group gets it."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.end()


@contextmanager
def running(checkout: Path, *, port: int, **variables: object) -> Iterator[Site]:
    site = Site(checkout, port=port, **variables)
    try:
        site.wait_until_ready()
        yield site
    finally:
        if site.process.poll() is None:
            os.killpg(site.process.pid, signal.SIGKILL)
            site.process.communicate()


def refusal(checkout: Path, *, port: int | str, **variables: object) -> str:
    """What the site says when it does not start."""
    code, said = Site(checkout, port=port, **variables).end()
    assert code == 1
    return said.strip()


def test_a_first_start_shows_the_page_and_a_second_one_keeps_what_is_there(
    checkout: Path, database_url: str, port: int
):
    with running(checkout, port=port, DATABASE_URL=database_url, SAMPLE="no") as site:
        assert NOTICE in site.get("/")[1]
        assert site.status("/admin/login/") == 200
        family = site.family()
        code, said = site.interrupt()
        assert code == 0
        assert "(shown this once)" in said
        assert f"http://127.0.0.1:{port}/admin/" in said
        assert "var/mail/" in said
        assert psutil.wait_procs(family, timeout=SECONDS)[1] == []
    key = (checkout / ".env").read_text()
    with running(checkout, port=port, DATABASE_URL=database_url) as site:
        assert NOTICE not in site.get("/")[1]
        code, said = site.interrupt()
        assert code == 0
        assert "(shown this once)" not in said
        assert (checkout / ".env").read_text() == key
        assert (checkout / ".env").stat().st_mode & 0o777 == 0o600


@pytest.mark.once
def test_sigterm_ends_both_processes_and_the_account_was_the_one_asked_for(
    checkout: Path, migrated_url: str, port: int
):
    account = {"DJANGO_SUPERUSER_USERNAME": "ruth", "DJANGO_SUPERUSER_PASSWORD": "a given one"}
    with running(checkout, SAMPLE="no", DATABASE_URL=migrated_url, port=port, **account) as site:
        family = site.family()
        site.process.terminate()
        code, said = site.end()
        assert code == 0
        assert psutil.wait_procs(family, timeout=SECONDS)[1] == []
        assert "ruth, with the password given" in said
        assert "a given one" not in said


@pytest.mark.once
@pytest.mark.parametrize(("word", "name"), [("work", "worker"), ("site", "site")])
def test_when_one_process_dies_the_other_is_ended(
    checkout: Path, migrated_url: str, port: int, word: str, name: str
):
    with running(checkout, SAMPLE="no", DATABASE_URL=migrated_url, port=port) as site:
        family = site.family()
        site.child(word).kill()
        code, said = site.end()
        assert code == 1
        assert f"The {name} ended by itself, with code -9." in said
        assert psutil.wait_procs(family, timeout=SECONDS)[1] == []


@pytest.mark.once
def test_a_taken_port_is_said_in_a_sentence(checkout: Path, database_url: str):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refusal(checkout, DATABASE_URL=database_url, port=port)
    assert said == (
        f"The site cannot listen on 127.0.0.1:{port} (Address already in use). "
        f"Choose another port, for example: make run PORT={port + 1}"
    )


@pytest.mark.once
@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgres://u:hidden@127.0.0.1:1/x", "The database of DATABASE_URL cannot be reached: "),
        ("sqlite:////nowhere/site.sqlite3", "The database of DATABASE_URL cannot be reached: "),
        ("postgres://u:hidden@host:port/x", "The site cannot start: DATABASE_URL is no address"),
        ("hidden", "The site cannot start: DATABASE_URL must begin with sqlite:/// or postgres://"),
    ],
)
def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(
    checkout: Path, port: int, url: str, sentence: str
):
    said = refusal(checkout, DATABASE_URL=url, port=port)
    assert said.startswith(sentence)
    assert said.count("\n") == 0
    assert "hidden" not in said


@pytest.mark.once
@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_nonsense_for_a_port_is_said_in_a_sentence(checkout: Path, port: str):
    said = refusal(checkout, port=port)
    assert said == f"PORT must be a number from 1 to 65535, not {port}."


@pytest.mark.once
@pytest.mark.parametrize("python", ["#!/bin/sh\nexit 1\n", None])
def test_a_python_that_is_missing_or_too_old_is_said_in_a_sentence(
    checkout: Path, tmp_path: Path, python: str | None
):
    named = tmp_path / "python"
    if python:
        named.write_text(python)
        named.chmod(0o755)
    made = subprocess.run(
        ["make", "run", f"PYTHON={named}"],
        cwd=checkout,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode != 0
    assert made.stdout == ""
    sentence, by_make = made.stderr.splitlines()
    assert sentence.startswith("This needs Python 3.11, 3.12 or 3.13 with its venv module")
    assert by_make.startswith("make: ***")
    assert not (checkout / ".venv").exists()
