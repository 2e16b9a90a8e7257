"""Words as the public will read them, before they are saved."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from content import kept
from content.history.models import Change
from content.models import Page, SiteSettings
from tests.admin_forms import filled_in
from tests.content.test_history import SETTINGS, page_path

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def words() -> None:
    call_command("load_content", verbosity=0)


def preview(client: Client, path: str, **typed: str) -> Any:
    data = filled_in(client, path, **typed) | {"_public": "1"}
    return client.post(path, data)


def frames(response: Any) -> dict[str, str]:
    """The pages by title and language."""
    return {f"{page.title}, {page.language}": page.html for page in response.context["pages"]}


def test_a_page_is_seen_in_both_languages_and_nothing_is_stored(admin_client: Client):
    path = f"{page_path()}change/"
    before = Change.objects.count()
    typed = {"title_en": "Brand new title", "sections-0-body_es": "<p>Palabras nuevas</p>"}
    response = preview(admin_client, path, **typed)
    assert "This is a preview. Nothing is saved" in response.text
    english, spanish = frames(response).values()
    assert "<h1>Brand new title</h1>" in english
    assert "Palabras nuevas" in spanish
    assert "Palabras nuevas" not in english
    assert '<html lang="en"' in english
    assert '<html lang="es"' in spanish
    assert Page.objects.get(slug="privacy").title != "Brand new title"
    assert Change.objects.count() == before
    assert "Brand new title" not in admin_client.get("/privacy/").text


def test_the_notice_is_seen_though_a_class_is_scheduled(admin_client: Client, make_class: Any):
    make_class()
    response = preview(admin_client, f"{SETTINGS}change/", notice_en="<p>A quiet winter.</p>")
    shown = frames(response)
    assert "A quiet winter." in shown["The notice, while no class is scheduled, English"]
    assert "A quiet winter." not in shown["The course page, as it is now, English"]
    assert "A quiet winter." not in SiteSettings.objects.get().notice


def test_the_safety_words_are_seen_at_the_foot_of_the_page(admin_client: Client):
    response = preview(admin_client, f"{SETTINGS}change/", safety_words_en="<p>Go slowly.</p>")
    assert "Go slowly." in frames(response)["The course page, as it is now, English"]


def test_a_process_that_remembers_the_words_shows_the_new_ones(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
):
    admin_client.get("/privacy/")
    monkeypatch.setattr(kept, "BETWEEN_LOOKS", 60)
    response = preview(admin_client, f"{SETTINGS}change/", safety_words_en="<p>Go slowly.</p>")
    assert "Go slowly." in frames(response)["The course page, as it is now, English"]
    assert "Go slowly." not in admin_client.get("/no-such-page/").text


def test_a_page_that_is_not_there_yet_is_seen(admin_client: Client):
    typed = {"title_en": "Prices", "slug": "prices", "announcement_en": "<p>All free.</p>"}
    response = preview(admin_client, "/admin/content/page/add/", **typed)
    assert "All free." in frames(response)["Prices, English"]
    assert not Page.objects.filter(slug="prices").exists()


def test_a_form_with_a_mistake_says_so_and_loses_nothing(admin_client: Client):
    response = preview(admin_client, f"{SETTINGS}change/", site_name="", notice_en="<p>Typed</p>")
    assert "This field is required." in response.text
    assert "Typed" in response.text


def test_what_staff_paste_is_cleaned_in_a_preview_too(admin_client: Client):
    typed = {"sections-0-body_en": "<p>Hi<script>alert(1)</script></p>"}
    shown = frames(preview(admin_client, f"{page_path()}change/", **typed))
    assert all("<script" not in page for page in shown.values())


def test_a_preview_says_nothing_on_the_next_page_and_shows_no_visitor(admin_client: Client):
    response = preview(admin_client, f"{SETTINGS}change/")
    assert "no-store" in response.headers["Cache-Control"]
    assert 'name="robots" content="NONE' in response.text
    assert all("csrfmiddlewaretoken" not in page for page in frames(response).values())
    assert "was changed" not in admin_client.get("/admin/").text


def test_only_who_may_change_the_words_sees_them_in_advance(django_user_model: Any):
    client = Client()
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert client.post(f"{SETTINGS}change/", {"_public": "1"}).status_code == 403
