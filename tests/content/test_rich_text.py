"""What staff paste cannot break or script a page, whichever way it is saved."""

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from content.fields import RichTextField
from content.models import Page, Section

BAD = (
    '<p onmouseover="x()">Kept</p><script>x()</script><img src=x onerror="x()">'
    '<a href="javascript:x()">link</a></div></section><style>*{}</style><h1>head</h1>'
    "<iframe src=//x></iframe><svg><p>deep</p></svg>"
)
CLEAN = "<p>Kept</p>"
TRACES = ["x()", "<script", "<img", "</div>", "</section>", "<style", "<h1", "<iframe", "<svg"]


def create(page: Page) -> Section:
    return Section.objects.create(page=page, heading="One", body=BAD)


def save(page: Page) -> Section:
    section = Section(page=page, heading="One")
    section.body = BAD  # the field takes a string
    section.save()
    return section


def update(page: Page) -> Section:
    section = Section.objects.create(page=page, heading="One")
    Section.objects.filter(pk=section.pk).update(body_en=BAD)
    return section


def bulk_create(page: Page) -> Section:
    return Section.objects.bulk_create([Section(page=page, heading="One", body=BAD)])[0]


def bulk_update(page: Page) -> Section:
    section = Section.objects.create(page=page, heading="One")
    section.body = BAD
    Section.objects.bulk_update([section], ["body_en"])
    return section


def get_or_create(page: Page) -> Section:
    return Section.objects.get_or_create(page=page, heading_en="One", defaults={"body": BAD})[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "way",
    [create, save, update, bulk_create, bulk_update, get_or_create],
    ids=lambda way: way.__name__,
)
def test_rich_text_is_clean_in_the_database_and_on_the_page(
    client: Client, way: Callable[[Page], Section]
):
    page = Page.objects.create(slug="words", title="Words")
    section = way(page)
    section.refresh_from_db()
    shown = client.get("/words/").text
    assert section.body.startswith(CLEAN)
    assert CLEAN in shown
    for trace in TRACES:
        assert trace not in section.body
    assert "x()" not in shown


@pytest.mark.django_db
def test_a_row_that_was_just_saved_prints_as_clean_as_the_database_holds_it():
    page = Page.objects.create(slug="words", title="Words", announcement=BAD)
    assert page.announcement == Page.objects.get().announcement


def sanitize(markup: str) -> str:
    field = Section._meta.get_field("body_en")
    assert isinstance(field, RichTextField)
    cleaned: str = field.sanitize(markup)
    return cleaned


@pytest.mark.parametrize(
    "kept",
    [
        "<p>Plain — words</p>",
        "<p><strong>Bold</strong> and <em>italic</em></p>",
        "<ul><li><p>One</p></li><li><p>Two</p></li></ul>",
        "<ol><li><p>One</p></li></ol>",
        "<p>Line<br>break</p>",
        '<p><a href="https://example.org/">out</a></p>',
        '<p><a href="/privacy/">in</a></p>',
        '<p><a href="mailto:help@example.org">mail</a></p>',
        '<p><a href="tel:988">call</a></p>',
    ],
)
def test_what_the_editor_makes_is_kept_as_it_is(kept: str):
    assert sanitize(kept) == kept


@given(st.text(alphabet="<>/=\"' ab&;:!-scriptonjav\x00\n", max_size=60))
def test_cleaning_again_changes_nothing(markup: str):
    assert sanitize(sanitize(markup)) == sanitize(markup)
