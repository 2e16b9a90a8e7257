"""What gunicorn and the worker print of a whole registration, started as in production."""

import http.client
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection

from registrations.models import Letter
from tests.factories import make_class_far_ahead

ROOT = Path(__file__).parent.parent.parent
VISITOR = "203.0.113.77"
NAME, ADDRESS, PHONE = "Maria Quetzal", "maria.quetzal@peers.test", "555-0100-77"
NEEDS = "captions and breaks"
SECONDS = 60

pytestmark = pytest.mark.django_db(transaction=True)


def database_url() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{name}").geturl()


class Browser:
    """A visitor behind the proxy: https ends there, and it says whose request it was."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        headers = {
            "Host": "training.example.org",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": VISITOR,
            "Referer": "https://training.example.org/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        asked.request(method, path, urlencode(form or {}), headers)
        answer = asked.getresponse()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        text = answer.read().decode()
        asked.close()
        return answer.status, text

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except OSError:
            return False


@contextmanager
def production(environment: dict[str, str], log: Path, port: int) -> Iterator[Browser]:
    command = [sys.executable, "manage.py", "site"]
    environment = environment | {"PORT": str(port), "WEB_CONCURRENCY": "1"}
    with log.open("a") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    browser = Browser(port)
    end = time.monotonic() + SECONDS
    try:
        while not browser.answers():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end
            time.sleep(0.05)
        yield browser
    finally:
        process.terminate()
        process.wait(SECONDS)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, page
    return found[1]


def send_no_request(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connected:
        connected.sendall(f"{NAME} is no request\r\n\r\n".encode())
        connected.recv(100)


def test_no_line_of_a_whole_registration_tells_of_anybody(tmp_path: Path):
    slug = make_class_far_ahead().slug
    mail, log = tmp_path / "mail", tmp_path / "log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
        "DOTENV": os.devnull,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "training.example.org",
        "SITE_URL": "https://training.example.org",
        "DEFAULT_FROM_EMAIL": "training@example.org",
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.bawg_site.production_settings",
        "VAR_DIR": str(tmp_path),
    }
    connection.close()
    with production(environment, log, port) as browser:
        form = f"/classes/{slug}/register/"
        csrf = hidden(browser.ask("GET", form)[1], "csrfmiddlewaretoken")
        typed = {"full_name": NAME, "email": ADDRESS, "role": "peer"}
        typed |= {"access_needs": NEEDS, "phone": PHONE, "csrfmiddlewaretoken": csrf}
        signed = hidden(browser.ask("POST", f"{form}check/", typed)[1], "answers")
        sending = {"answers": signed, "csrfmiddlewaretoken": csrf}
        assert browser.ask("POST", f"{form}sent/", sending)[0] == 302
        with log.open("a") as file:
            worker = [sys.executable, "manage.py", "work", "--once"]
            subprocess.run(worker, cwd=ROOT, env=environment, stdout=file, stderr=file, check=True)
        letter = "".join(file.read_text() for file in mail.glob("*"))
        token = re.findall(r"/registrations/([\w.-]{20,})/", letter.replace("=\n", ""))[0]
        assert browser.ask("GET", f"/registrations/{token}/")[0] == 200
        assert browser.ask("POST", f"/registrations/{token}/take/")[0] in {200, 302}
        assert browser.ask("GET", f"/registrations/{token}/{ADDRESS}/?email={ADDRESS}")[0] == 404
        send_no_request(port)
    assert Letter.objects.filter(state=Letter.State.SENT).exists()
    lines = log.read_text()
    objects = [json.loads(line) for line in lines.splitlines()]
    assert {(one.get("method"), one.get("route"), one.get("status")) for one in objects} >= {
        ("POST", "/classes/<slug:slug>/register/sent/", 302),
        ("GET", "/registrations/<str:token>/", 200),
        ("GET", "[no page]", 404),
    }
    jobs = {one["job"]: one["count"] for one in objects if one["message"] == "Job done"}
    assert jobs["letters"] == 1
    assert any(one["logger"] == "gunicorn.error" for one in objects)
    secrets_of_maria = [*NAME.split(), ADDRESS, PHONE, NEEDS, token, token[-20:], VISITOR, signed]
    assert [secret for secret in secrets_of_maria if secret in lines] == []
