"""Earlier words are compared with today's, and brought back."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from content.history.models import Change
from content.models import Page, Section, SiteSettings
from tests.content.test_history import SETTINGS, heard, lines, page_path, save

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def ways_back(client: Client, path: str) -> list[str]:
    """The addresses on the History, the newest line first."""
    text = client.get(f"{path}history/").text
    return re.findall(rf'href="({path}history/[^"]+)"', text)


def press(client: Client, way: str, **typed: str) -> str:
    """The button on the page that compares; answers with what is read next."""
    context = client.get(way).context
    data = {"field": context["field"], "seen": context["seen"]} | typed
    return heard(client.post(way, data, follow=True).text)


def test_an_earlier_notice_is_compared_and_comes_back(admin_client: Client):
    save(admin_client, SETTINGS, notice_en='<p>Write to <a href="https://a.test">us</a>.</p>')
    save(admin_client, SETTINGS, notice_en="<p>Call us.</p>")
    way = ways_back(admin_client, SETTINGS)[0]
    page = admin_client.get(way).text
    assert re.search(r'<p>Write to <a href="https://a.test"[^>]*>us</a>.</p>', page)
    assert "[taken out: Call us.][put in: Write to us (https://a.test).]" in heard(page)
    assert "The earlier words are back" in press(admin_client, way)
    assert "Write to" in SiteSettings.objects.get().notice
    line = lines(admin_client, SETTINGS)[0]
    assert line.startswith("admin changed the notice in English on")
    assert "Brought back as it was until November 24, 2026." in line


def test_looking_changes_nothing(admin_client: Client):
    save(admin_client, SETTINGS, notice_en="<p>Call us.</p>")
    before = Change.objects.count()
    admin_client.get(ways_back(admin_client, SETTINGS)[0])
    assert Change.objects.count() == before
    assert SiteSettings.objects.get().notice == "<p>Call us.</p>"


def test_a_deleted_section_comes_back_with_its_history(admin_client: Client):
    path = page_path()
    section = Section.objects.filter(page__slug="privacy").first()
    assert section
    save(admin_client, path, **{"sections-0-body_en": "<p>Better words.</p>"})
    save(admin_client, path, **{"sections-0-DELETE": "on"})
    press(admin_client, ways_back(admin_client, path)[0])
    back = Section.objects.get(pk=section.pk)
    as_it_was = (section.heading, section.position, section.kind)
    assert (back.heading, back.position, back.kind) == as_it_was
    assert back.body == "<p>Better words.</p>"
    assert lines(admin_client, path)[0].startswith(f"admin added the section “{section.heading}”")


def test_what_changed_meanwhile_is_not_written_over(admin_client: Client):
    save(admin_client, SETTINGS, notice_en="<p>One</p>")
    save(admin_client, SETTINGS, notice_en="<p>Two</p>")
    way = ways_back(admin_client, SETTINGS)[0]
    seen = str(admin_client.get(way).context["seen"])
    save(admin_client, SETTINGS, notice_en="<p>Three</p>")
    assert "Something has changed here meanwhile." in press(admin_client, way, seen=seen)
    assert SiteSettings.objects.get().notice == "<p>Three</p>"


def test_words_whose_section_is_gone_and_a_heading_that_is_taken_are_refused(admin_client: Client):
    path = page_path()
    save(admin_client, path, **{"sections-0-body_en": "<p>Other</p>"})
    of_the_words = ways_back(admin_client, path)[0]
    first = Section.objects.filter(page__slug="privacy")[0]
    save(admin_client, path, **{"sections-0-DELETE": "on"})
    of_the_section = ways_back(admin_client, path)[0]
    assert "They cannot be brought back" in heard(admin_client.get(of_the_words).text)
    assert "its place is not there any more" in press(admin_client, of_the_words)
    privacy = Page.objects.get(slug="privacy")
    Section.objects.create(page=privacy, heading=first.heading, body="x")
    taken = "This page has a section with this heading already."
    assert taken in press(admin_client, of_the_section)
    assert not Section.objects.filter(pk=first.pk).exists()


@pytest.mark.parametrize("field", ["kind", "position", "page", "nonsense", "id"])
def test_only_words_are_brought_back(admin_client: Client, field: str):
    path = page_path()
    save(admin_client, path, **{"sections-0-position": "7", "sections-0-kind": "classes"})
    change = Change.objects.latest("pk")
    data = {"field": field, "seen": change.pk}
    response = admin_client.post(f"{path}history/{change.pk}/", data)
    assert "Nothing was brought back" in heard(response.text)


def test_a_line_of_another_page_is_not_found(admin_client: Client):
    save(admin_client, SETTINGS, notice_en="<p>One</p>")
    change = Change.objects.latest("pk")
    assert admin_client.get(f"{page_path()}history/{change.pk}/?field=notice_en").status_code == 404


def test_who_may_only_look_finds_no_way(admin_client: Client, django_user_model: Any):
    save(admin_client, SETTINGS, notice_en="<p>One</p>")
    [way] = ways_back(admin_client, SETTINGS)
    client = Client()
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert client.post(way, {"field": "notice_en"}).status_code == 403
