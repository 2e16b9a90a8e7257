"""The site as people reach it: by https, through the proxy that `deploy/` describes."""

import re
import threading
from contextlib import closing
from html import unescape
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import connection

from registrations.models import Registration, Tries
from tests.bawg_site.proxy import CADDY, WITHOUT_IT, Proxy, proxy
from tests.bawg_site.site_process import free_port, site_process
from tests.factories import make_class_far_ahead

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the same on either database"),
    pytest.mark.skipif(CADDY is None, reason=WITHOUT_IT),
]

#: What a visitor claims of itself and of the site.
CLAIMED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "claimed.example.org",
    "X-Forwarded-Proto": "http",
    "Script_Name": "/claimed",
    "Script-Name": "/claimed",
}


@pytest.fixture
def path(clock: object) -> str:
    call_command("load_content", verbosity=0)
    return make_class_far_ahead().get_absolute_url()


class Visitor:
    """Keeps the cookie of the form, says where it comes from, follows nothing."""

    def __init__(self, site: HTTPConnection, url: str) -> None:
        self.site = site
        self.headers = {"Referer": f"{url}/"} | CLAIMED

    def get(self, path: str) -> tuple[int, HTTPMessage, str]:
        return self.ask("GET", path)

    def post(self, path: str, form: dict[str, str]) -> tuple[int, HTTPMessage, str]:
        self.headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self.ask("POST", path, urlencode(form))

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, HTTPMessage, str]:
        self.site.request(method, path, body, self.headers)
        answer = self.site.getresponse()
        words = answer.read().decode()
        if "csrftoken=" in answer.headers.get("Set-Cookie", ""):
            self.headers["Cookie"] = answer.headers["Set-Cookie"].split(";")[0]
        return answer.status, answer.headers, words


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


class Asked(threading.Thread):
    """One request on its way, while the test does something else."""

    def __init__(self, front: Proxy, path: str) -> None:
        super().__init__()
        self.front, self.path, self.status = front, path, 0
        self.start()

    def run(self) -> None:
        with closing(self.front.secure()) as site:
            self.status, _, _ = Visitor(site, self.front.url).get(self.path)


def test_people_register_by_https_and_nobody_is_whom_they_claim_to_be(path: str, tmp_path: Path):
    port = free_port()
    name = str(connection.settings_dict["NAME"])
    with proxy(tmp_path, port) as front:
        # Who asks while the site starts anew waits for it.
        asked = Asked(front, "/registrations/key-to-a-page/")
        with site_process(name, port=port, url=front.url):
            asked.join()
            assert asked.status == 404
            leads_from_http_to_https(front)
            with closing(front.secure()) as site:
                is_read_without_a_trace(Visitor(site, front.url))
                registers(Visitor(site, front.url), path)
        assert "key-to-a-page" not in front.log
    assert Registration.objects.get().email == "maria@peers.test"
    counts = Tries.objects.filter(what="registrations").values_list("count", flat=True)
    assert list(counts) == [2], "Two claims of one network count as one network."


def leads_from_http_to_https(front: Proxy) -> None:
    with closing(front.plain()) as site:
        status, headers, _ = Visitor(site, front.url).get("/classes/")
    assert (status, headers["Location"]) == (308, "https://localhost/classes/")


def is_read_without_a_trace(visitor: Visitor) -> None:
    status, headers, words = visitor.get("/")
    assert status == 200
    assert "claimed" not in words
    assert "Set-Cookie" not in headers
    assert headers["Server"] == "Caddy"
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")


def registers(visitor: Visitor, path: str) -> None:
    _, headers, form = visitor.get(f"{path}register/")
    assert "; Secure" in headers["Set-Cookie"]
    assert "claimed" not in form
    typed = {"csrfmiddlewaretoken": hidden(form, "csrfmiddlewaretoken")}
    answers = {"full_name": "Maria", "email": "maria@peers.test", "role": "peer"}
    _, _, check = visitor.post(f"{path}register/check/", typed | answers)
    typed["answers"] = hidden(check, "answers")
    for claimed in ("203.0.113.10", "203.0.113.11"):
        visitor.headers["X-Forwarded-For"] = claimed
        status, headers, _ = visitor.post(f"{path}register/sent/", typed)
        assert (status, headers["Location"]) == (302, f"{path}register/sent/")
