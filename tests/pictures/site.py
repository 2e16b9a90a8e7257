"""The site as `make run` starts it, with its sample classes, to look at and to try."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PICTURES = Path("docs/pictures")
ACCOUNT = ("ana", "a-password-for-pictures-alone")


@contextmanager
def site(**variables: str) -> Iterator[str]:
    """The site as `make run` starts it, with a database of its own that is thrown away."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = (
            os.environ
            | {
                "HOST": "127.0.0.1",
                "PORT": str(port),
                "DOTENV": f"{folder}/env",
                "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
                "DJANGO_SUPERUSER_USERNAME": ACCOUNT[0],
                "DJANGO_SUPERUSER_PASSWORD": ACCOUNT[1],
                "DJANGO_SUPERUSER_EMAIL": "ana@example.org",
            }
            | variables
        )
        started = subprocess.Popen([sys.executable, "-m", "bawg_site.local"], env=environment)
        try:
            yield wait_for(f"http://127.0.0.1:{port}", started)
        finally:
            started.terminate()
            started.wait(30)


def wait_for(address: str, started: "subprocess.Popen[bytes]") -> str:
    for _second in range(120):
        try:
            urllib.request.urlopen(f"{address}/healthz").close()
        except OSError:
            if started.poll() is not None:
                break
            time.sleep(1)
        else:
            return address
    sys.exit("The site did not start.")
