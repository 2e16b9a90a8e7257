"""Public pages as kept bytes: never old, never somebody's own, always what the address asks for."""

import datetime as dt
import gzip
from typing import Any

import brotli
import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

import content.kept
from bawg_site import kept_pages
from bawg_site.rendered import Rendered
from content.models import Page
from courses.listing import Listing
from courses.models import ScheduledClass
from registrations.services import scheduling
from registrations.services.seats import SITE
from tests.factories import NOW, make_class
from tests.registrations.people import join

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def words() -> None:
    call_command("load_content", verbosity=0)


def kept(client: Client, path: str, **headers: str) -> bool:
    """Whether the page came from memory: then one query looked whether it still holds."""
    with CaptureQueriesContext(connection) as captured:
        client.get(path, headers=headers)
    return len(captured) == 1


# What a page shows never lags behind.


def short_class(minutes: int, **fields: Any) -> ScheduledClass:
    """A class whose whole life is within the next minutes."""
    window = {
        "registration_opens_at": NOW + 2 * MINUTE,
        "registration_closes_at": NOW + 4 * MINUTE,
    }
    scheduled_class = make_class(**window | fields)
    scheduled_class.class_sessions.all()[1].delete()
    scheduled_class.class_sessions.update(
        starts_at=NOW + (minutes - 4) * MINUTE, ends_at=NOW + minutes * MINUTE
    )
    return scheduled_class


def pages_that_lag(clock: Any) -> list[tuple[int, str]]:
    """Live through them minute by minute, and compare what is kept with what is made anew."""
    longest = short_class(10)
    short_class(8)
    scheduling.cancel_class(scheduled_class=short_class(9), actor=SITE, now=NOW)
    reader = Client()
    lag: list[tuple[int, str]] = []
    for minute in range(12):
        clock.move_to(NOW + minute * MINUTE, tick=False)
        anew = Client()
        lag += [
            (minute, path)
            for path in ["/", "/classes/", longest.get_absolute_url()]
            if reader.get(path).content != anew.get(path).content
        ]
    return lag


def test_a_kept_page_is_always_the_one_that_would_be_made_now(clock: Any):
    assert pages_that_lag(clock) == []


def test_without_the_moments_of_change_pages_would_lag(clock: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Listing, "changes_at", None)
    assert len(pages_that_lag(clock)) > 20


def test_an_edit_is_seen_at_the_next_look(client: Client, monkeypatch: pytest.MonkeyPatch):
    client.get("/")
    page = Page.objects.get(slug=Page.COURSE)
    page.title = "A new title"
    page.save()
    assert "<h1>A new title</h1>" in client.get("/").text
    # A process that does not look goes on with what it has.
    monkeypatch.setattr(content.kept, "BETWEEN_LOOKS", 60)
    Page.objects.update(title_en="A newer title")
    assert "<h1>A new title</h1>" in client.get("/").text


def test_an_edit_while_the_page_is_made_is_not_lost(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    real = Rendered

    def edited_meanwhile(*args: Any) -> Any:
        Page.objects.filter(slug="course").update(title_en="Edited meanwhile")
        monkeypatch.setattr(kept_pages, "Rendered", real)
        return real(*args)

    monkeypatch.setattr(kept_pages, "Rendered", edited_meanwhile)
    assert "Edited meanwhile" not in client.get("/").text
    assert "Edited meanwhile" in client.get("/").text


def test_a_class_that_is_taken_off_is_gone(client: Client):
    scheduled_class = make_class()
    path = scheduled_class.get_absolute_url()
    assert client.get(path).status_code == 200
    ScheduledClass.objects.update(status="draft")
    assert client.get(path).status_code == 404
    assert client.get(path).status_code == 404


def test_the_page_of_a_class_that_fills_up_says_so(client: Client):
    scheduled_class = make_class(capacity=1)
    path = scheduled_class.get_absolute_url()
    assert "A few seats left" in client.get(path).text
    join(scheduled_class, 1)
    assert "Full. You can join the line" in client.get(path).text


# It is the same for everybody.


def test_queries_and_strange_cookies_neither_change_a_page_nor_are_kept(client: Client):
    plain = client.get("/classes/").content
    client.cookies["sessionid"] = "a-stranger"
    client.cookies["csrftoken"] = "x" * 32
    client.cookies["messages"] = "hello"
    for query in ["?a=1", "?a=2", "?next=//elsewhere.test/"]:
        assert kept(client, f"/classes/{query}")
    response = client.get("/classes/?<script>")
    assert response.content == plain
    assert not response.cookies


def test_a_strange_request_does_not_poison_the_page():
    request = {
        "QUERY_STRING": "<script>",
        "HTTP_COOKIE": "sessionid=1; display=<script>",
        "HTTP_ACCEPT_LANGUAGE": "es",
        "HTTP_X_FORWARDED_HOST": "elsewhere.test",
    }
    first = Client().get("/", **request).content
    assert first == Client().get("/").content


def test_each_choice_of_light_has_its_own_page(client: Client):
    plain = client.get("/").text
    client.post("/display/", {"light": "dim", "text": "larger"})
    dim = client.get("/").text
    assert 'data-theme="dim" data-text="larger"' in dim
    assert kept(client, "/")
    assert Client().get("/").text == plain


@pytest.mark.parametrize(
    "personal", ["sets a cookie", "reads the session", "knows the user", "is no page"]
)
def test_an_answer_that_is_somebodys_own_is_not_kept(personal: str):
    made = []

    def view(request: Any) -> HttpResponse:
        made.append(request)
        response = HttpResponse("words", status=404 if personal == "is no page" else 200)
        if personal == "sets a cookie":
            response.set_cookie("who", "maria")
        if personal in {"reads the session", "knows the user"}:
            request.session = Session(accessed=True)
        return response

    middleware = kept_pages.kept_pages(view)
    for _ in range(2):
        middleware(RequestFactory().get("/"))
    assert len(made) == 2


class Session:
    def __init__(self, *, accessed: bool) -> None:
        self.accessed = accessed


def test_an_answer_for_everybody_is_kept():
    made = []

    def view(request: Any) -> HttpResponse:
        made.append(request)
        request.session = Session(accessed=False)
        return HttpResponse("words")

    middleware = kept_pages.kept_pages(view)
    for _ in range(2):
        assert list(middleware(RequestFactory().get("/"))) == [b"words"]
    assert len(made) == 1


@pytest.mark.parametrize(
    "path", ["/registrations/link/", "/interest/", "/admin/login/", "/readyz", "/classes.ics"]
)
def test_other_pages_are_never_kept(client: Client, path: str):
    client.get(path)
    assert "ETag" not in client.get(path)


def test_a_stranger_host_and_plain_http_are_refused_as_ever(client: Client, settings: Any):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/", secure=True).status_code == 200
    assert client.get("/").status_code == 301
    elsewhere = client.get("/", secure=True, headers={"host": "elsewhere.test"})
    assert elsewhere.status_code == 400


def test_memory_has_an_end(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept_pages, "MOST_PAGES", 2)
    for path in ["/", "/classes/", "/privacy/"]:
        client.get(path)
    assert kept(client, "/privacy/")
    assert not kept(client, "/")


# Over the wire.


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=1.0", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0,gzip;q=0", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_a_page_comes_compressed_once(client: Client, accepted: str, encoding: str):
    plain = client.get("/")
    packed = client.get("/", headers={"accept-encoding": accepted})
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    assert packed.get("Content-Encoding", "") == encoding
    assert unpack(packed.content) == plain.content
    assert packed["Content-Length"] == str(len(packed.content))
    assert (packed["ETag"] == plain["ETag"]) == (encoding == "")
    assert {"Cookie", "Accept-Encoding"} <= set(packed["Vary"].split(", "))


def test_a_reader_who_has_the_page_is_told_so(client: Client):
    first = client.get("/", headers={"accept-encoding": "br"})
    headers = {"accept-encoding": "br", "if-none-match": first["ETag"]}
    again = client.get("/", headers=headers)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    # Another encoding is another thing, and so is an edited page.
    assert client.get("/", headers=headers | {"accept-encoding": "gzip"}).status_code == 200
    Page.objects.update(title_en="A new title")
    assert client.get("/", headers=headers).status_code == 200


@pytest.mark.parametrize("warm", [False, True])
def test_head_tells_what_get_would(warm: bool):
    client = Client()
    if warm:
        client.get("/")
    head = client.head("/")
    get = Client().get("/")
    assert head.content == b""
    assert dict(head.items()) == dict(get.items())


def test_a_kept_page_has_every_header_of_a_fresh_one(client: Client):
    first, second = client.get("/"), client.get("/")
    assert dict(first.items()) == dict(second.items())
    assert {
        "Content-Security-Policy",
        "Permissions-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Cross-Origin-Opener-Policy",
    } <= set(second.headers)
