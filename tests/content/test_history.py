"""Who changed what, old and new: what staff read under History."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from content.history import words
from content.history.models import SITE, Change, last_changed
from content.history.recording import recorded
from content.models import Page, Section, SiteSettings
from courses.models import Course
from tests.admin_forms import filled_in
from tests.factories import DENVER

SETTINGS = "/admin/content/sitesettings/1/"
MOMENT = dt.datetime(2026, 11, 3, 14, 10, tzinfo=DENVER)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def page_path(slug: str = "privacy") -> str:
    return f"/admin/content/page/{Page.objects.get(slug=slug).pk}/"


def save(client: Client, path: str, **typed: str) -> Any:
    response = client.post(f"{path}change/", filled_in(client, f"{path}change/", **typed))
    assert response.status_code == 302
    return response


def lines(client: Client, path: str) -> list[str]:
    """The history as somebody hears it, line by line."""
    text = client.get(f"{path}history/").text
    items = re.findall(r"<li>(.*?)</li>", text.split('<ol class="history">')[1], re.DOTALL)
    return [heard(item) for item in items]


def heard(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def test_a_changed_notice_is_a_sentence_with_old_and_new(admin_client: Client, clock: Any):
    clock.move_to(MOMENT)
    save(admin_client, SETTINGS, notice_en="<p>No class has dates yet. Write to us.</p>")
    save(admin_client, SETTINGS, notice_en="<p>No class has dates yet. Call us.</p>")
    assert lines(admin_client, SETTINGS)[0] == (
        "admin changed the notice in English on Tuesday, November 3, 2026, 2:10 pm Mountain Time. "
        "Old and new: admin changed the notice in English "
        "Notice, in English No class has dates yet. [taken out: Write to ][put in: Call ]us. "
        "Compare with today, or bring back: notice, in English"
    )
    changed = last_changed(SiteSettings.objects.get(), "notice")
    assert changed
    assert MOMENT < changed <= timezone.now()


def test_saving_what_is_there_already_is_no_change(admin_client: Client):
    before = Change.objects.count()
    save(admin_client, SETTINGS)
    save(admin_client, page_path("course"))
    assert Change.objects.count() == before


def test_a_page_tells_of_its_sections(admin_client: Client):
    path = page_path()
    section = Section.objects.filter(page__slug="privacy").first()
    assert section
    heading = section.heading
    save(admin_client, path, **{"sections-0-body_en": "<p>Short <b>words</b>.</p>"})
    section.delete()
    line = lines(admin_client, path)[0]
    assert line.startswith(f"admin changed the section “{heading}”: words in English on ")
    assert "[put in: Short words.]" in line


def test_a_section_that_is_taken_off_and_one_that_is_added(admin_client: Client):
    path = page_path()
    first = Section.objects.filter(page__slug="privacy").first()
    assert first
    count = Section.objects.filter(page__slug="privacy").count()
    new = {
        "sections-TOTAL_FORMS": str(count + 1),
        f"sections-{count}-heading_en": "More",
        f"sections-{count}-kind": "words",
        f"sections-{count}-position": "9",
        f"sections-{count}-body_en": "<p>New</p>",
    }
    save(admin_client, path, **{"sections-0-DELETE": "on"} | new)
    told = " ".join(lines(admin_client, path)[:2])
    assert f"admin deleted the section “{first.heading}” on" in told
    assert "admin added the section “More” on" in told


def test_a_deleted_page_keeps_its_history(admin_client: Client):
    page = Page.objects.create(slug="old", title="Old page")
    Section.objects.create(page=page, heading="Words", body="<p>Kept</p>")
    admin_client.post(f"/admin/content/page/{page.pk}/delete/", {"post": "yes"})
    gone = Change.objects.filter(owner="content.page", owner_key=page.pk)
    assert {(change.kind, change.name) for change in gone} == {
        ("deleted", "Old page"),
        ("deleted", "Words"),
    }
    assert gone.get(what="content.section").fields["body_en"] == ["<p>Kept</p>", None]


def test_the_course_tells_of_objectives_and_approvals(admin_client: Client):
    course = Course.objects.get()
    path = f"/admin/courses/course/{course.pk}/"
    save(admin_client, path, **{"objectives-0-text_en": "Listen", "approvals-0-credits": "10"})
    told = " ".join(lines(admin_client, path)[:2])
    assert "admin changed the objective “Listen”: objective in English on" in told
    assert "[taken out: 12.00] [put in: 10.00]" in told


def test_what_the_site_starts_with_is_told_once(admin_client: Client):
    call_command("load_content", verbosity=0)
    [line] = lines(admin_client, SETTINGS)
    assert line.startswith("The site added the notice, help and safety words")


def test_a_refused_form_leaves_no_history(admin_client: Client):
    before = Change.objects.count()
    data = filled_in(admin_client, f"{SETTINGS}change/", notice_en="<p>New</p>", site_name="")
    admin_client.post(f"{SETTINGS}change/", data)
    assert Change.objects.count() == before


def test_a_change_and_its_history_come_together_or_not_at_all():
    page = Page.objects.get(slug="privacy")

    def fails() -> None:
        with recorded(page, actor=SITE, now=timezone.now()):
            Page.objects.filter(pk=page.pk).update(title_en="Other")
            raise RuntimeError

    before = Change.objects.count()
    with pytest.raises(RuntimeError):
        fails()
    page.refresh_from_db()
    assert page.title != "Other"
    assert Change.objects.count() == before


def test_history_is_append_only():
    change = Change.objects.first()
    assert change
    with pytest.raises(TypeError):
        change.save()


def test_who_may_not_see_the_page_may_not_see_its_history(django_user_model: Any):
    client = Client()
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert client.get(f"{SETTINGS}history/").status_code == 403


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("one two three", "one three", "one [taken out: two ]three"),
        ("", "new", "[put in: new]"),
        ("<b>", "<i>", "[taken out: <b>][put in: <i>]"),
        ("same", "same", "same"),
    ],
)
def test_words_are_marked_where_they_stood(old: str, new: str, told: str):
    assert heard(words.marked_words(old, new)) == told


def test_a_link_that_leads_elsewhere_is_seen():
    assert words.readable(
        '<p>See <a href="https://a.test">us</a></p><ul><li><p>One</p></li></ul>'
    ) == ("See us (https://a.test)\n• One")
