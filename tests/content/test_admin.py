import base64
import hashlib
import re

import pytest
from django.core.management import call_command
from django.test import Client

from content.models import Page, SiteSettings
from tests.admin_forms import filled_in

SETTINGS = "/admin/content/sitesettings/1/change/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def page_path(slug: str = "course") -> str:
    return f"/admin/content/page/{Page.objects.get(slug=slug).pk}/change/"


# The one row of settings.


def test_the_way_to_the_notice_leads_straight_to_its_one_row(admin_client: Client):
    response = admin_client.get("/admin/content/sitesettings/")
    assert response.headers["Location"] == SETTINGS


def test_no_second_row_is_added_and_the_one_is_never_deleted(admin_client: Client):
    for send in (admin_client.get, admin_client.post):
        assert send("/admin/content/sitesettings/add/").headers["Location"] == SETTINGS
    assert (
        admin_client.post("/admin/content/sitesettings/1/delete/", {"post": "yes"}).status_code
        == 403
    )
    assert SiteSettings.objects.count() == 1


def test_a_site_without_the_row_gets_it_from_the_form(admin_client: Client):
    SiteSettings.objects.all().delete()
    response = admin_client.get("/admin/content/sitesettings/")
    add = response.headers["Location"]
    typed = {"site_name": "Us", "notice_en": "<p>None</p>", "safety_words_en": "<p>Careful</p>"}
    admin_client.post(add, filled_in(admin_client, add, **typed))
    assert list(SiteSettings.objects.values_list("pk", "site_name")) == [(1, "Us")]


def test_a_new_notice_stands_on_the_course_page_at_once(admin_client: Client):
    data = filled_in(admin_client, SETTINGS, notice_en="<p>The next class is in spring.</p>")
    response = admin_client.post(SETTINGS, data)
    assert response.status_code == 302
    assert "<p>The next class is in spring.</p>" in Client().get("/").text


def test_the_safety_words_wait_for_approval_until_somebody_signs(admin_client: Client):
    assert "These words wait for approval." in admin_client.get(SETTINGS).text
    typed = {"safety_approved_by": "Dr. Ana Ruiz", "safety_review_on": "2027-06-01"}
    admin_client.post(SETTINGS, filled_in(admin_client, SETTINGS, **typed))
    page = admin_client.get(SETTINGS).text
    assert "Approved by Dr. Ana Ruiz. To be read again on Tuesday, June 1, 2027." in page
    assert "These words wait for approval." not in page


def test_changed_safety_words_wait_for_approval_again(admin_client: Client):
    approved = {"safety_approved_by": "Dr. Ana Ruiz", "safety_review_on": "2027-06-01"}
    admin_client.post(SETTINGS, filled_in(admin_client, SETTINGS, **approved))
    admin_client.post(SETTINGS, filled_in(admin_client, SETTINGS, site_name="The same words"))
    assert SiteSettings.objects.get().safety_approved_by == "Dr. Ana Ruiz"
    changed = {"safety_words_en": "<p>Talk to the person who prescribes it.</p>"}
    admin_client.post(SETTINGS, filled_in(admin_client, SETTINGS, **changed))
    now = SiteSettings.objects.get()
    assert (now.safety_approved_by, now.safety_review_on) == ("", None)
    assert "These words wait for approval." in admin_client.get(SETTINGS).text


# Pages.


def test_staff_change_a_section_and_the_page_shows_it(admin_client: Client):
    path = page_path()
    typed = {
        "sections-3-heading_en": "Where it comes from",
        "sections-3-body_en": "<p>From peers.</p>",
    }
    assert admin_client.post(path, filled_in(admin_client, path, **typed)).status_code == 302
    page = Client().get("/").text
    assert "Where it comes from</h2>" in page
    assert "<p>From peers.</p>" in page
    assert "Origins of the course" not in page


def test_what_staff_paste_into_a_section_is_cleaned(admin_client: Client):
    path = page_path()
    typed = {"sections-3-body_en": '<p style="color:red">Hi</p><script>x()</script></section>'}
    admin_client.post(path, filled_in(admin_client, path, **typed))
    section = Page.objects.get(slug="course").sections.get(heading_en="Origins of the course")
    assert section.body == "<p>Hi</p>"


def test_two_sections_with_one_heading_are_refused_with_a_sentence(admin_client: Client):
    path = page_path()
    data = filled_in(admin_client, path, **{"sections-3-heading_en": "Course details"})
    response = admin_client.post(path, data)
    assert response.status_code == 200
    assert "This page has a section with this heading already." in response.text


@pytest.mark.parametrize("slug", ["course", "privacy", "accessibility"])
def test_a_page_that_the_site_leads_to_stays_at_its_address(admin_client: Client, slug: str):
    path = page_path(slug)
    assert admin_client.post(path.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert 'name="slug"' not in admin_client.get(path).text
    admin_client.post(path, filled_in(admin_client, path, slug="elsewhere"))
    assert Page.objects.filter(slug=slug).exists()


def test_a_page_of_the_staff_s_own_is_made_and_deleted(admin_client: Client):
    add = "/admin/content/page/add/"
    admin_client.post(add, filled_in(admin_client, add, slug="board", title_en="For boards"))
    assert "For boards" in Client().get("/board/").text
    admin_client.post(page_path("board").replace("change", "delete"), {"post": "yes"})
    assert Client().get("/board/").status_code == 404


# The editor.


def test_the_policy_lets_exactly_the_editor_s_import_map_run(admin_client: Client):
    response = admin_client.get(page_path())
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", response.text, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in inline]
    policy = response.headers["Content-Security-Policy"]
    assert re.findall(r"'sha256-([^']+)'", policy) == hashes
    assert len(hashes) == 1
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_the_editor_offers_what_the_site_keeps_and_nothing_else(admin_client: Client):
    page = admin_client.get(page_path()).text
    config = re.search(r'name="announcement_en"[^>]*configurable="([^"]*)"', page)
    assert config
    for name in ["Bold", "Italic", "BulletList", "OrderedList", "Link"]:
        assert f"&quot;{name}&quot;" in config[1]
    for name in ["Heading", "Image", "Table", "HTML", "Strike"]:
        assert f"&quot;{name}&quot;" not in config[1]
