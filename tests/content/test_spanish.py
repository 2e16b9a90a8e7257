"""Staff see what is missing in Spanish and what no speaker has read, and mark what was read."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import Page, Reading, Section, SiteSettings
from content.spanish import texts
from courses.models import Course, Objective
from registrations.models import LetterText
from tests.admin_forms import filled_in
from tests.factories import NOW, make_class

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = "/admin/courses/course/spanish/"
SETTINGS = "/admin/content/sitesettings/1/change/"
BIND = "Benzodiazepine-Induced Neurological Dysfunction (BIND)"


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def group(page: str, state: str) -> str:
    """The table of one state; empty when there is none."""
    found = re.search(rf'<h2 id="{state}">.*?</table>', page, re.DOTALL)
    return found[0] if found else ""


def found(what: str, field: str) -> texts.Text:
    [text] = [text for text in texts.all_texts(NOW) if text.what == what and text.field == field]
    return text


def mark(client: Client, *marked: texts.Text, reader: str = "Ana Ruiz") -> Any:
    data = {"text": [text.mark for text in marked], "reader": reader}
    return client.post(LIST, data, follow=True)


def test_what_the_site_starts_with_is_there_and_not_read(admin_client: Client) -> None:
    page = admin_client.get(LIST).text
    assert group(page, "missing") == ""
    assert "Origen del curso" in group(page, "unread")
    assert "No speaker has read them yet." in page
    assert f'href="{LIST}"' in admin_client.get("/admin/").text


def test_a_text_without_spanish_is_listed_with_the_way_to_its_form(admin_client: Client) -> None:
    Section.objects.filter(heading_en=BIND).update(body_es="")
    page = Page.objects.get(slug="course")
    missing = group(admin_client.get(LIST).text, "missing")
    assert f'<a href="/admin/content/page/{page.pk}/change/">{page.title}: {BIND}</a>' in missing
    assert missing.count("<tr>") == 2


def test_a_change_of_the_english_alone_is_told(admin_client: Client) -> None:
    data = filled_in(admin_client, SETTINGS, notice_en="<p>None in spring.</p>")
    admin_client.post(SETTINGS, data)
    behind = group(admin_client.get(LIST).text, "behind")
    assert "None in spring." in behind
    data = filled_in(admin_client, SETTINGS, notice_es="<p>Ninguna en primavera.</p>")
    admin_client.post(SETTINGS, data)
    assert group(admin_client.get(LIST).text, "behind") == ""


def test_a_text_is_marked_as_read_by_whom_and_when(admin_client: Client) -> None:
    notice = found("content.sitesettings", "notice")
    page = mark(admin_client, notice).text
    assert "1 text is marked as read by a speaker." in page
    assert "Read by Ana Ruiz on Tuesday, November 24, 2026, 12:0" in group(page, "read")
    assert "Read by Ana Ruiz on" in admin_client.get(SETTINGS).text


@pytest.mark.parametrize("column", ["notice_en", "notice_es"])
def test_a_change_of_either_text_takes_the_mark_away(admin_client: Client, column: str) -> None:
    mark(admin_client, found("content.sitesettings", "notice"))
    SiteSettings.objects.update(**{column: "<p>Other</p>"})
    assert found("content.sitesettings", "notice").state == texts.State.UNREAD
    form = admin_client.get(SETTINGS).text
    assert "Read by Ana Ruiz" not in form
    assert "Not read by a speaker yet." in form


def test_what_was_changed_while_the_list_was_open_is_not_marked(admin_client: Client) -> None:
    seen = found("content.sitesettings", "notice")
    SiteSettings.objects.update(notice_es="<p>Otra cosa</p>")
    assert (
        "What was changed meanwhile is not marked. Read it again." in mark(admin_client, seen).text
    )
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("reader", "count", "sentence"),
    [
        (" ", 1, "Say who read them. Nothing is marked."),
        ("Ana", 0, "Choose the texts that were read. Nothing is marked."),
    ],
)
def test_nothing_is_marked_without_a_reader_or_a_text(
    admin_client: Client, reader: str, count: int, sentence: str
) -> None:
    chosen = [found("content.sitesettings", "notice")][:count]
    assert sentence in mark(admin_client, *chosen, reader=reader).text
    assert not Reading.objects.exists()


def test_a_class_is_listed_while_people_can_come_to_it(admin_client: Client) -> None:
    course = Course.objects.get()
    make_class(course=course, cost="25 dollars")
    make_class(course=course, cost="30 dollars", status="cancelled")
    missing = group(admin_client.get(LIST).text, "missing")
    assert "25 dollars" in missing
    assert "30 dollars" not in missing


def test_a_letter_that_staff_changed_in_english_alone_is_missing(admin_client: Client) -> None:
    words = {"kind": "confirmed", "subject": "Yes, on {dates}", "body": "Come.", "button": "Open"}
    LetterText.objects.create(**words)
    missing = group(admin_client.get(LIST).text, "missing")
    assert "Yes, on {dates} Come." in missing
    assert "/admin/registrations/lettertext/add/?kind=confirmed&amp;language=es" in missing
    LetterText.objects.create(**words | {"language": "es", "subject": "Sí: {dates}"})
    assert "Sí: {dates}" in group(admin_client.get(LIST).text, "unread")


def test_the_list_takes_the_same_queries_however_many_texts_there_are(
    admin_client: Client,
) -> None:
    counts = []
    for number in range(2):
        make_class(course=Course.objects.get(), cost_es="Gratis")
        Objective.objects.create(course=Course.objects.get(), text_en=f"Objective {number}")
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get(LIST).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
