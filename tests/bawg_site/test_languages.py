"""The site in Spanish: by the address alone, whole where it is offered, honest where it is not."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import Page, Section, SiteSettings
from courses.models import Course, Objective, ScheduledClass
from registrations.links import token_for
from registrations.models import LinkRequest
from tests.factories import make_class
from tests.registrations.people import join

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SPANISH_WORDS = {"cost_es": "Gratis", "cancellation_es": "Puede cancelar en su propia página."}

#: Where a page may lead that has no language of its own.
WITHOUT_LANGUAGE = ("/display/", "/static/", "/apple-touch-icon.png")


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


@pytest.fixture
def spanish_class() -> ScheduledClass:
    return class_in_spanish()


def class_in_spanish(**fields: Any) -> ScheduledClass:
    return make_class(course=Course.objects.get(), **SPANISH_WORDS | fields)


def pages(scheduled_class: ScheduledClass) -> list[str]:
    own = f"/registrations/{token_for(join(scheduled_class, 1))}/"
    steps = ["", "details/", "address/", "move/", "share/", "data/", "data/erase/", "cancel/"]
    shown = [f"/classes/{scheduled_class.slug}/", f"/classes/{scheduled_class.slug}/register/"]
    words = ["/", "/classes/", "/privacy/", "/accessibility/", "/interest/", "/interest/sent/"]
    return [*words, *shown, "/registrations/link/", *(f"{own}{step}" for step in steps)]


def links(page: str) -> list[str]:
    return [html.unescape(address) for address in re.findall(r'(?:href|action)="([^"]*)"', page)]


def offered(page: str) -> list[str]:
    """The languages in the top bar, each with the page that it leads to."""
    return re.findall(r'<a href="([^"]+)" lang="(\w+)" hreflang="\w+">(\w+)</a>', page)


def test_each_page_is_there_in_both_languages_and_each_leads_to_the_other(
    client: Client, spanish_class: ScheduledClass
) -> None:
    for path in pages(spanish_class):
        english, spanish = client.get(path), client.get(f"/es{path}")
        assert (path, english.status_code, spanish.status_code) == (path, 200, 200)
        assert '<html lang="en"' in english.text
        assert '<html lang="es"' in spanish.text
        assert offered(english.text) == [(f"/es{path}", "es", "Español")]
        assert offered(spanish.text) == [(path, "en", "English")]
        assert (english["Content-Language"], spanish["Content-Language"]) == ("en", "es")
        for answer in (english, spanish):
            assert "Accept-Language" not in answer.get("Vary", "")


def test_no_link_and_no_form_of_a_spanish_page_leaves_the_language(
    client: Client, spanish_class: ScheduledClass
) -> None:
    for path in pages(spanish_class):
        page = client.get(f"/es{path}").text
        page = page.replace(f'<a href="{path}" lang="en"', "<a")
        page = re.sub(r'<link rel="alternate"[^>]*>', "", page)
        leaving = [
            address
            for address in links(page)
            if address.startswith("/") and not address.startswith(("/es/", *WITHOUT_LANGUAGE))
        ]
        assert (path, leaving) == (path, [])


def test_neither_the_browser_nor_a_cookie_chooses_the_language(client: Client) -> None:
    client.cookies["django_language"] = "es"
    assert '<html lang="en"' in client.get("/", headers={"accept-language": "es-MX,es"}).text
    assert '<html lang="es"' in client.get("/es/", headers={"accept-language": "en"}).text


def test_search_engines_are_told_of_both(client: Client) -> None:
    for path in ("/privacy/", "/es/privacy/"):
        found = re.findall(
            r'rel="alternate" hreflang="([\w-]+)" href="(\S+)"', client.get(path).text
        )
        assert dict(found) == {
            "en": "http://testserver/privacy/",
            "x-default": "http://testserver/privacy/",
            "es": "http://testserver/es/privacy/",
        }


def test_a_page_that_is_not_there_says_so_in_the_language_of_its_address(client: Client) -> None:
    for path, language in (("/nothing/", "en"), ("/es/nothing/", "es")):
        answer = client.get(path)
        assert answer.status_code == 404
        assert f'<html lang="{language}"' in answer.text
        assert offered(answer.text) == []
        assert 'rel="alternate"' not in answer.text


def test_a_refused_post_and_a_fault_of_ours_speak_the_language_of_the_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/es/registrations/link/", {"email": "maria@peers.test"})
    assert refused.status_code == 403
    monkeypatch.setattr(LinkRequest.objects, "create", lambda **row: 1 // 0)
    client.raise_request_exception = False
    broken = client.post("/es/registrations/link/", {"email": "maria@peers.test"})
    assert broken.status_code == 500
    for answer in (refused, broken):
        assert '<html lang="es"' in answer.text
        assert 'class="name" href="/es/"' in answer.text


def test_the_choice_of_light_goes_back_to_the_page_in_its_language(client: Client) -> None:
    assert (
        '<input type="hidden" name="next" value="/es/classes/">' in client.get("/es/classes/").text
    )
    chosen = client.post("/display/", {"light": "dim", "next": "/es/classes/"})
    assert chosen["location"] == "/es/classes/"


@pytest.mark.parametrize(
    "path", ["/es/admin/", "/es/readyz/", "/es/mail/returned/", "/es/display/"]
)
def test_what_speaks_no_language_has_no_spanish_address(client: Client, path: str) -> None:
    assert client.post(path).status_code in {404, 405}
    assert client.get(path).status_code == 404


def test_the_desk_stays_english(admin_client: Client) -> None:
    page = admin_client.get("/admin/", headers={"accept-language": "es"})
    assert '<html lang="en"' in page.text


# Offered only where it is there.

MISSING: dict[str, tuple[str, Callable[[], Any]]] = {
    "the title of the course page": ("/", lambda: Page.objects.update(title_es="")),
    "a section's heading": ("/", lambda: Section.objects.filter(position=2).update(heading_es="")),
    "a section's words": ("/", lambda: Section.objects.filter(position=2).update(body_es="")),
    "an objective": ("/", lambda: Objective.objects.filter(position=3).update(text_es="")),
    "the announcement": ("/", lambda: Page.objects.update(announcement_es="")),
    "words of a page": ("/privacy/", lambda: Section.objects.update(body_es="")),
    "the title of the course": ("class", lambda: Course.objects.update(title_es="")),
    "the cost of a class": ("class", lambda: ScheduledClass.objects.update(cost_es="")),
    "its form follows": ("class/register", lambda: ScheduledClass.objects.update(cost_es="")),
}


@pytest.mark.parametrize("missing", MISSING)
def test_spanish_is_not_offered_where_words_are_missing(client: Client, missing: str) -> None:
    path, take_away = MISSING[missing]
    path = path.replace("class", f"/classes/{class_in_spanish().slug}")
    path = path if path.endswith("/") else f"{path}/"
    assert len(offered(client.get(path).text)) == 1
    take_away()
    english, spanish = client.get(path).text, client.get(f"/es{path}").text
    assert offered(english) == []
    assert 'rel="alternate"' not in english + spanish
    # Whoever is there already finds the way back.
    assert offered(spanish) == [(path, "en", "English")]


def test_a_person_s_own_page_is_always_offered(client: Client) -> None:
    own = f"/registrations/{token_for(join(make_class(), 1))}/"
    assert offered(client.get(own).text) == [(f"/es{own}", "es", "Español")]


def test_an_answer_to_a_form_is_not_left_by_a_link(client: Client) -> None:
    path = f"/classes/{class_in_spanish().slug}/register/check/"
    answer = client.post(path, {"full_name": "Maria"})
    assert 'value="Maria"' in answer.text
    assert offered(answer.text) == []


# Falling back.


def test_english_words_on_a_spanish_page_say_that_they_are_english(client: Client) -> None:
    Page.objects.update(title_es="", description_es="", announcement_es="")
    Section.objects.filter(heading_en="Origins of the course").update(heading_es="")
    page = client.get("/es/").text
    assert '<h1><span lang="en">Benzodiazepine Peer Support Training</span></h1>' in page
    assert '<span lang="en">Origins of the course</span></h2>' in page
    assert '<div lang="en"><p>The Benzodiazepine Action Work Group' in page
    assert "<title>Benzodiazepine Peer Support Training |" in page
    assert 'name="description" content="A 12-hour training' in " ".join(page.split())
    assert 'lang="en"' not in client.get("/").text.replace('<html lang="en"', "")


def test_lines_of_a_class_fall_back_as_well(client: Client) -> None:
    scheduled_class = class_in_spanish(about_days_en="Two & two.\n\nLunch.")
    page = client.get(f"/es/classes/{scheduled_class.slug}/").text
    assert '<div lang="en"><p>Two &amp; two.</p>\n\n<p>Lunch.</p></div>' in page
    assert "Gratis" in page


def test_safety_words_are_never_missing(client: Client) -> None:
    SiteSettings.objects.update(safety_words_es="")
    page = client.get("/es/").text
    assert '<div lang="en"><p>This site gives no medical advice.' in page


# What it costs.


@pytest.mark.parametrize("path", ["/", "/classes/", "/privacy/", "class"])
def test_spanish_takes_no_query_more(
    client: Client, spanish_class: ScheduledClass, path: str
) -> None:
    path = spanish_class.get_absolute_url() if path == "class" else path
    # The first page after an edit also looks which copies still hold.
    client.get("/accessibility/")
    counts = []
    for address in (path, f"/es{path}"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("taught_in", "page", "said"),
    [
        ("en", "/classes/", ""),
        ("es", "/classes/", "Taught in Spanish."),
        ("en", "/es/classes/", "Idioma de la clase: Inglés."),
        ("es", "/es/classes/", ""),
    ],
)
def test_a_class_in_another_language_than_the_page_says_so(
    client: Client, taught_in: str, page: str, said: str
) -> None:
    scheduled_class = class_in_spanish(language=taught_in)
    for address in [page, f"{page}{scheduled_class.slug}/register/"]:
        text = client.get(address).text
        assert re.findall(r"Taught in \w+\.|Idioma de la clase: \w+\.", text) == [said] * bool(said)
