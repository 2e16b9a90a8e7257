"""What somebody's browser does from the form to the page after it."""

import html
import re
from urllib.parse import urlencode, urljoin

from tests.load.visitors import Answer, Visitor, request

FORM = re.compile(r'<form\b[^>]*\baction="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r"<input\b[^>]*\btype=\"hidden\"[^>]*>")
ATTRIBUTE = re.compile(r'\b(name|value)="([^"]*)"')


class Browser:
    """Cookies, forms and where they go."""

    def __init__(self, number: int) -> None:
        # As a proxy passes it on: each visitor has a network of their own.
        network = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.headers = {"X-Forwarded-For": network, "Accept-Encoding": "gzip"}
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> bytes:
        return request("GET", path, self.headers | self.cookie())

    def post(self, path: str, fields: dict[str, str]) -> bytes:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(fields).encode()
        return request("POST", path, self.headers | headers | self.cookie(), body)

    def cookie(self) -> dict[str, str]:
        given = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": given} if given else {}

    def take(self, answer: Answer) -> None:
        for line in answer.headers("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value


def hidden_fields(page: str, path: str) -> dict[str, str]:
    """What the form that goes to the path sends without anybody having typed it."""
    form = next(inside for action, inside in FORM.findall(page) if action == path)
    fields = (dict(ATTRIBUTE.findall(field)) for field in HIDDEN.findall(form))
    return {field["name"]: html.unescape(field.get("value", "")) for field in fields}


def register(path: str, number: int, answered: list[int] | None = None) -> Visitor:
    """From the class's page to "now look in your mail". Raises AssertionError at any other way.

    `answered` gets the number of whoever was told that it is done.
    """
    browser = Browser(number)
    form = f"{path}register/"
    answer = yield browser.get(path)
    assert answer.status == 200, answer.status
    answer = yield browser.get(form)
    assert answer.status == 200, answer.status
    browser.take(answer)
    typed = hidden_fields(answer.text, f"{form}check/") | typed_by(number)
    answer = yield browser.post(f"{form}check/", typed)
    assert answer.status == 200, answer.status
    browser.take(answer)
    answer = yield browser.post(f"{form}sent/", hidden_fields(answer.text, f"{form}sent/"))
    assert answer.status == 302, answer.status
    if answered is not None:
        answered.append(number)
    browser.take(answer)
    answer = yield browser.get(urljoin(path, answer.headers("location")[0]))
    assert answer.status == 200, answer.status
    assert address_of(number) in answer.text.replace("<wbr>", "")


def typed_by(number: int) -> dict[str, str]:
    return {"full_name": f"Person {number}", "email": address_of(number), "role": "peer"}


def address_of(number: int) -> str:
    return f"person-{number}@peers.test"
