"""Found and shared: what search engines, messengers and browsers ask for."""

import datetime as dt
import html
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.management import call_command
from django.test import Client

from content.history.models import SITE
from content.history.recording import recorded
from content.models import Page, SiteSettings
from courses.models import Course
from registrations.links import token_for
from tests.factories import NOW, make_class
from tests.look.test_tokens import tokens
from tests.registrations.people import join

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROOT = "http://testserver"
SPANISH = {"cost_es": "Gratis", "cancellation_es": "Puede cancelar en su propia página."}


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def head(path: str) -> dict[str, str]:
    """What the head says, by name."""
    page = Client().get(path).text.split("</head>")[0]
    pairs = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page)
    said = {name: html.unescape(words) for name, words in pairs}
    said |= dict(re.findall(r'<link rel="(canonical)" href="([^"]*)">', page))
    said["title"] = html.unescape(re.findall(r"<title>(.*?)</title>", page)[0])
    return said


@pytest.mark.parametrize(
    ("path", "begins"),
    [
        ("/", "Benzodiazepine Peer Support Training"),
        ("/classes/", "Classes"),
        ("/privacy/", "What we know about you"),
        ("/accessibility/", "Using this site your way"),
        ("/classes/january-2027-1/", "Class on January 16 and 23, 2027, online"),
        ("/es/classes/", "Clases"),
    ],
)
def test_a_page_says_what_it_is_where_it_is_shared(path: str, begins: str):
    make_class()
    said = head(path)
    assert said["title"].startswith(begins)
    assert said["og:title"] == begins
    assert said["canonical"] == said["og:url"] == f"{ROOT}{path}"
    assert 20 < len(said["description"]) <= 160
    assert said["og:description"] == said["description"]
    assert said["og:type"] == "website"
    assert said["og:site_name"] == "Benzodiazepine Action Work Group"
    assert said["og:locale"] == ("es_US" if path.startswith("/es/") else "en_US")
    assert said["og:image"].startswith(f"{ROOT}/static/img/share")


def test_the_address_is_the_site_s_own_whatever_was_asked():
    said = head("/classes/?from=elsewhere")
    assert said["canonical"] == f"{ROOT}/classes/"
    make_class(slug="x", course=Course.objects.get())
    Course.objects.update(title_en="A very long title " * 10)
    assert len(head("/classes/x/")["description"]) == 160


@pytest.mark.parametrize("light", ["light", "dim", "dark"])
def test_the_browser_s_bar_has_the_colour_of_the_paper(light: str, client: Client):
    client.post("/display/", {"light": light})
    assert f'<meta name="theme-color" content="{tokens(light)["paper"]}">' in client.get("/").text
    of_the_device = Client().get("/").text
    assert f'content="{tokens("light")["paper"]}" media="(prefers-color-scheme: light)"' in (
        of_the_device
    )
    assert f'content="{tokens("dark")["paper"]}" media="(prefers-color-scheme: dark)"' in (
        of_the_device
    )


# The list of pages.

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}


def listed(client: Client) -> dict[str, ET.Element]:
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    found = ET.fromstring(answer.content).findall("s:url", NAMES)
    return {url.findtext("s:loc", "", NAMES).removeprefix(ROOT): url for url in found}


def test_the_sitemap_lists_what_is_public_and_nothing_else(client: Client):
    make_class(slug="open", **SPANISH, course=Course.objects.get())
    make_class(slug="draft", status="draft")
    assert set(listed(client)) == {
        "/",
        "/accessibility/",
        "/classes/",
        "/classes/open/",
        "/es/",
        "/es/accessibility/",
        "/es/classes/",
        "/es/classes/open/",
        "/es/privacy/",
        "/privacy/",
    }


def test_every_page_of_the_sitemap_is_there_and_may_be_found(client: Client):
    make_class(slug="open")
    for path in listed(client):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "noindex" not in answer.text
        assert "X-Robots-Tag" not in answer


def test_the_sitemap_names_each_page_s_other_language(client: Client):
    make_class(slug="english-only")
    urls = listed(client)
    others = urls["/privacy/"].findall("x:link", NAMES)
    assert {(link.get("hreflang"), link.get("href")) for link in others} == {
        ("en", f"{ROOT}/privacy/"),
        ("es", f"{ROOT}/es/privacy/"),
        ("x-default", f"{ROOT}/privacy/"),
    }
    assert "/es/classes/english-only/" not in urls


def test_the_sitemap_follows_an_edit(client: Client):
    scheduled_class = make_class(slug="open")
    assert "/classes/open/" in listed(client)
    scheduled_class.status = "draft"
    scheduled_class.save()
    assert "/classes/open/" not in listed(client)


def test_a_page_says_when_staff_last_changed_it(client: Client):
    page = Page.objects.get(slug="privacy")
    with recorded(page, actor=SITE, now=NOW + dt.timedelta(days=3)):
        page.title = "What we know"
        page.save()
    urls = listed(client)
    assert urls["/privacy/"].findtext("s:lastmod", None, NAMES) == "2026-11-27"
    assert urls["/accessibility/"].findtext("s:lastmod", None, NAMES) == "2026-11-24"
    # Nobody changed the list of classes itself.
    assert urls["/classes/"].findtext("s:lastmod", None, NAMES) is None


def test_robots_may_read_everything_and_find_the_sitemap(client: Client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text == f"User-agent: *\nAllow: /\nSitemap: {ROOT}/sitemap.xml\n"


def test_people_s_own_pages_are_not_found(client: Client):
    token = token_for(join(make_class(), 1))
    for path in ["", "details/", "data/", "calendar.ics"]:
        answer = client.get(f"/registrations/{token}/{path}")
        assert answer.status_code == 200
        assert answer["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("path", ["/interest/", "/registrations/link/", "/nothing/"])
def test_errors_and_forms_that_lead_to_no_class_are_not_found(client: Client, path: str):
    make_class(slug="x")
    assert '<meta name="robots" content="noindex' in client.get(path).text


def test_the_form_of_a_class_may_be_found(client: Client):
    make_class(slug="x")
    assert 'name="robots"' not in client.get("/classes/x/register/").text


# Icons.


@pytest.mark.parametrize(
    ("path", "kind", "begins"),
    [
        ("/favicon.ico", "image/", b"\x00\x00\x01\x00"),
        ("/apple-touch-icon.png", "image/png", b"\x89PNG"),
        ("/apple-touch-icon-precomposed.png", "image/png", b"\x89PNG"),
        ("/static/img/share.png", "image/png", b"\x89PNG"),
    ],
)
def test_what_is_asked_for_by_name_is_there(client: Client, path: str, kind: str, begins: bytes):
    answer: Any = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(kind)
    assert b"".join(answer.streaming_content).startswith(begins)


def test_the_picture_has_the_size_that_messengers_ask_for():
    png = Path("static/img/share.png").read_bytes()
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (1200, 630)
    assert len(png) < 12_000


# Where to report a weakness.


def test_whoever_finds_a_weakness_finds_whom_to_tell(client: Client):
    where = "/.well-known/security.txt"
    SiteSettings.objects.update(help_email="")
    assert client.get(where).status_code == 404
    SiteSettings.objects.update_or_create(pk=1, defaults={"help_email": "help@peers.test"})
    answer = client.get(where)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "Contact: mailto:help@peers.test",
        "Expires: 2027-05-23T00:00:00Z",
        "Preferred-Languages: en, es",
        f"Canonical: http://testserver{where}",
    ]
