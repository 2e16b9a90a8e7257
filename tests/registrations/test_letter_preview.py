"""How a letter will read before it is saved or sent: no row changes, no link opens anything."""

import html
import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from registrations.models import Registration
from tests.factories import make_class
from tests.registrations.people import join
from tests.registrations.test_letter_texts import (
    KINDS,
    LIST,
    change,
    deliver,
    preview,
    text_of,
    typed,
)
from tests.registrations.test_own_page import tables

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_reads_whole_in_its_preview_and_holds_no_key(admin_client: Client, kind: str):
    call_command("load_content", verbosity=0)
    make_class(what_to_bring="A pen.")
    before = tables()
    response = admin_client.get(preview(kind))
    context = response.context
    assert tables() == before
    assert mail.outbox == []
    for shown in (context["subject"], context["text"], context["html"]):
        assert shown
        assert "{" not in re.sub(r"<style>.*?</style>", "", shown, flags=re.DOTALL)
    assert not re.search(r"(?<!admin)/(registrations|interest)/", response.text)
    assert "meet.example.org" not in response.text


def test_the_preview_is_of_the_class_that_was_chosen(admin_client: Client):
    make_class(what_to_bring="A pen.")
    other = make_class(delivery="in_person", address="The old mill", what_to_bring="Warm socks.")
    page = admin_client.get(preview("confirmed"), {"class": other.pk})
    assert "Warm socks." in page.context["text"]
    assert "The old mill" in page.context["html"]
    assert "Name on your certificate: Maria de la Cruz" in page.context["text"]


def test_the_preview_shows_words_before_they_are_saved(admin_client: Client):
    make_class()
    before = tables()
    response = admin_client.post(preview("held"), typed("held", body="New words for {dates}."))
    assert response.context["text"].startswith("New words for January 16 and 23, 2027.")
    assert "New words for {dates}." in response.text
    assert tables() == before


def test_the_preview_holds_the_whole_mail_as_text_in_a_frame_that_runs_nothing(
    admin_client: Client,
):
    make_class()
    nasty = '</iframe></pre></textarea><script>alert("x")</script>'
    response = admin_client.post(preview("held"), typed("held", body=nasty))
    assert "<script>alert" not in response.text
    [srcdoc] = re.findall(r'<iframe[^>]* sandbox srcdoc="([^"]*)"', response.text)
    assert html.unescape(srcdoc) == response.context["html"]
    assert srcdoc.startswith("&lt;!doctype html&gt;")


def test_the_preview_of_changed_words_works_for_a_letter_that_is_changed_already(
    admin_client: Client,
):
    make_class()
    change(admin_client, body="Saved words.")
    assert admin_client.get(preview("confirmed")).context["text"].startswith("Saved words.")
    shown = admin_client.post(preview("confirmed"), typed(body="Newer words."))
    assert shown.context["text"].startswith("Newer words.")


def test_the_preview_says_what_saving_would_refuse(admin_client: Client):
    make_class()
    response = admin_client.post(preview("held"), typed("held", body="{nosuch}", subject="BIND"))
    assert response.context["problems"] == [
        "Subject: “BIND” tells others what the course is about. Name the dates instead.",
        "Words: There is no placeholder {nosuch}. The list shows all there are.",
    ]
    assert "html" not in response.context


def test_the_preview_equals_what_then_goes_out(admin_client: Client):
    scheduled_class = make_class()
    join(scheduled_class, "a")
    Registration.objects.update(full_name="Maria de la Cruz")
    sent = deliver()
    shown = text_of(admin_client.get(preview("confirmed")).context["text"])
    assert re.sub(r"http\S+", "", sent).strip() == re.sub(r"http\S+", "", shown).strip()


def test_the_preview_of_news_shows_the_way_off_the_list_and_opens_nothing(admin_client: Client):
    make_class()
    text = admin_client.get(preview("interest_news")).context["text"]
    assert "Take me off the list:\nhttps://example.invalid/" in text
    assert "Take me off the list" not in admin_client.get(preview("held")).context["text"]


def test_without_a_class_with_dates_there_is_nothing_to_show_it_on(admin_client: Client):
    make_class().class_sessions.all().delete()
    response = admin_client.get(preview("held"))
    assert "no class has any yet" in response.text


@pytest.mark.parametrize("path", [preview("nosuch"), f"{LIST}preview/held/xx/"])
def test_a_letter_that_is_not_there_has_no_preview(admin_client: Client, path: str):
    assert admin_client.get(path).status_code == 404
