"""The proxy as `deploy/Caddyfile` has it, with a certificate of its own for this machine."""

import json
import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from tests.bawg_site.site_process import free_port

CADDYFILE = Path(__file__).parent.parent.parent / "deploy" / "Caddyfile"
CADDY = shutil.which("caddy")
WITHOUT_IT = "Caddy is missing. On Debian: apt install caddy"
SECONDS = 60


@dataclass
class Proxy:
    port: int
    plain_port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def secure(self) -> HTTPSConnection:
        """A connection that trusts nobody but this proxy's own authority."""
        authority = self.folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        context = ssl.create_default_context(cafile=str(authority))
        return HTTPSConnection("localhost", self.port, timeout=SECONDS, context=context)

    def plain(self) -> HTTPConnection:
        return HTTPConnection("localhost", self.plain_port, timeout=SECONDS)


@contextmanager
def proxy(folder: Path, site_port: int) -> Iterator[Proxy]:
    assert CADDY, WITHOUT_IT
    it = Proxy(free_port(), free_port(), folder)
    environment = os.environ | {
        "SITE_URL": it.url,
        "SITE": f"127.0.0.1:{site_port}",
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    adapt = [CADDY, "adapt", "--adapter", "caddyfile", "--config", str(CADDYFILE)]
    adapted = subprocess.run(adapt, env=environment, check=True, capture_output=True)
    described = json.loads(adapted.stdout)
    # Not the world's ports, not this machine's trust, nobody who tells it otherwise.
    described["apps"]["http"]["http_port"] = it.plain_port
    described["apps"]["http"]["https_port"] = it.port
    described["apps"]["pki"] = {"certificate_authorities": {"local": {"install_trust": False}}}
    described["admin"] = {"disabled": True}
    (folder / "caddy.json").write_text(json.dumps(described))
    with (folder / "log").open("w") as log:
        run = [CADDY, "run", "--config", str(folder / "caddy.json")]
        process = subprocess.Popen(run, env=environment, stdout=log, stderr=log)
    try:
        wait_for(it, process)
        yield it
    finally:
        process.terminate()
        process.wait(SECONDS)


def wait_for(it: Proxy, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while "serving initial configuration" not in it.log:
        assert process.poll() is None, it.log
        assert time.monotonic() < end, it.log
        time.sleep(0.05)
