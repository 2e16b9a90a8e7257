"""The site in a process of its own, started by the command that starts it in production."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60


@contextmanager
def site_process(database: str, *, port: int = 0, url: str = "") -> Iterator[str]:
    """Its address; `database` is the name that Django knows it by.

    `url` is what people type, when a proxy stands in front.
    """
    port = port or free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.bawg_site.served_settings",
        "SITE_PROCESS_DATABASE": database,
        "TEST_SITE_URL": url or f"http://127.0.0.1:{port}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    process = subprocess.Popen([sys.executable, "manage.py", "site"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(address, process)
        yield address
        process.terminate()
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while True:
        assert process.poll() is None, "The site has ended."
        assert time.monotonic() < end, "The site does not answer."
        with suppress(OSError), urlopen(f"{address}/healthz", timeout=5) as answer:
            assert answer.read() == b"ok\n"
            return
        time.sleep(0.05)
