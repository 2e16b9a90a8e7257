import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from content.models import Page, SiteSettings
from courses.models import Course, CourseApproval, ScheduledClass

#: The words of the real page, as they were handed over.
REAL_WORDS = (Path(__file__).parent / "course-page.txt").read_text(encoding="utf-8")

NOTICE = "No classes have been scheduled for this summer."

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def words_of(client: Client) -> str:
    """What a reader sees on the course page, each run of white space one space."""
    return plain(client.get("/").text)


def plain(markup: str) -> str:
    markup = re.sub(r"</?(em|strong|b|a|wbr|span)\b[^>]*>", "", markup)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def real_lines() -> list[str]:
    lines = [line.strip().removeprefix("•").strip() for line in REAL_WORDS.splitlines()]
    return [" ".join(line.split()) for line in lines if line]


def test_every_word_of_the_real_page_stands_on_the_course_page_in_its_order(
    client: Client,
) -> None:
    # The announcement's heading stands above the title, and not below it.
    skip, title, announced, *rest = real_lines()
    page = words_of(client)
    position = 0
    for line in [skip, announced, title, *rest]:
        found = page.find(line, position)
        assert found >= 0, line
        position = found + len(line)


def test_the_seven_objectives_stand_in_their_order() -> None:
    objectives = [text for (text,) in Course.objects.get().objectives.values_list("text_en")]
    start = real_lines().index("Course objectives") + 1
    assert objectives == real_lines()[start : start + 7]


def test_the_first_page_sets_no_cookie(client: Client) -> None:
    assert not client.get("/").cookies


def test_the_words_ce_credits_are_never_shortened(client: Client) -> None:
    assert "CEU" not in words_of(client)


@pytest.mark.parametrize("path", ["/privacy/", "/accessibility/"])
def test_a_page_of_words_shows_all_its_sections(client: Client, path: str) -> None:
    page = Page.objects.get(slug=path.strip("/"))
    shown = plain(client.get(path).text)
    assert page.title in shown
    for section in page.sections.all():
        assert f"{section.heading} {plain(section.body)}" in shown


def test_a_change_by_staff_shows_at_once(client: Client) -> None:
    page = Page.objects.get(slug="course")
    page.title = "A new title"
    page.save()
    page.sections.filter(heading_en="Origins of the course").update(
        body_en="<p>It began again.</p>"
    )
    shown = words_of(client)
    assert "A new title" in shown
    assert "Origins of the course It began again." in shown


def test_a_section_moved_to_the_front_comes_first(client: Client) -> None:
    page = Page.objects.get(slug="course")
    page.sections.filter(heading_en="Origins of the course").update(position=0)
    shown = words_of(client)
    assert shown.index("Origins of the course") < shown.index("Upcoming classes")


def test_the_notice_stands_only_while_no_class_is_planned(
    client: Client, make_class: Callable[..., ScheduledClass]
) -> None:
    assert NOTICE in words_of(client)
    scheduled_class = make_class()
    assert NOTICE not in words_of(client)
    scheduled_class.status = ScheduledClass.Status.DRAFT
    scheduled_class.save()
    assert NOTICE in words_of(client)


def test_a_published_class_stands_on_the_page_and_a_draft_does_not(
    client: Client, make_class: Callable[..., ScheduledClass]
) -> None:
    shown = make_class()
    draft = make_class(status="draft")
    page = client.get("/").text
    assert f'href="{shown.get_absolute_url()}"' in page
    assert draft.slug not in page


def test_two_approvals_are_a_table(client: Client) -> None:
    CourseApproval.objects.create(
        course=Course.objects.get(), position=2, body="NAADAC", credits=10
    )
    page = client.get("/").text
    table = page[page.index("<table>") : page.index("</table>")]
    assert plain(table) == "Approved by CE credits COPA/CPFS 12 NAADAC 10"


def test_without_any_content_the_address_is_not_found(client: Client) -> None:
    Page.objects.all().delete()
    SiteSettings.objects.all().delete()
    assert client.get("/").status_code == 404


def test_words_of_staff_cannot_script_the_page(client: Client) -> None:
    bad = '<p onclick="x()">Hello</p><script>x()</script></div><img src=x onerror=x()>'
    SiteSettings.objects.update(notice_en=bad)
    page = client.get("/").text
    assert "<p>Hello</p>" in page
    for trace in ["x()", "<script", "<img src=x"]:
        assert trace not in page
