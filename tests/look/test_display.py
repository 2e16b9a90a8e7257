"""The reader's choice of light and text."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client

from courses.models import ScheduledClass
from registrations.links import token_for
from registrations.views.of_the_link import own
from tests.registrations.people import join

ANSWERS = {"full_name": "Maria de la Cruz", "email": "maria@peers.test", "role": "peer"}


@pytest.fixture(autouse=True)
def content(db: None):
    call_command("load_content", verbosity=0)


@pytest.mark.parametrize("light", ["light", "dim", "dark"])
def test_a_chosen_light_stands_on_the_page_from_the_first_byte(client: Client, light: str):
    client.post("/display/", {"light": light, "next": "/"})
    page = client.get("/").content.decode()
    assert f'<html lang="en" data-theme="{light}">' in page
    assert f'<button name="light" value="{light}" aria-pressed="true">' in page
    assert page.count('aria-pressed="true"') == 2


def test_as_my_device_leaves_the_light_to_the_device(client: Client):
    client.post("/display/", {"light": "dark", "next": "/"})
    client.post("/display/", {"light": "device", "next": "/"})
    assert '<html lang="en">' in client.get("/").content.decode()


def test_one_choice_keeps_the_other(client: Client):
    client.post("/display/", {"light": "dim", "next": "/"})
    client.post("/display/", {"text": "larger", "next": "/"})
    page = client.get("/").content.decode()
    assert '<html lang="en" data-theme="dim" data-text="larger">' in page


def test_the_reader_comes_back_to_the_same_page(client: Client):
    page = client.get("/interest/?a=1&b=2").content.decode()
    assert '<input type="hidden" name="next" value="/interest/?a=1&amp;b=2">' in page
    answer = client.post("/display/", {"light": "dim", "next": "/interest/?a=1&b=2"})
    assert (answer.status_code, answer["Location"]) == (302, "/interest/?a=1&b=2")


def test_a_page_that_no_query_changes_leads_back_without_one(client: Client):
    page = client.get("/classes/?from=a-letter").content.decode()
    assert '<input type="hidden" name="next" value="/classes/">' in page


@pytest.mark.parametrize("light", ["light", "dim", "dark"])
def test_the_same_choice_rules_the_desk_and_its_sign_in(
    client: Client, admin_client: Client, light: str
):
    for visitor, path in [(client, "/admin/login/"), (admin_client, "/admin/")]:
        before = visitor.get(path).text
        assert "light-device" in body_classes(before)
        assert f'<input type="hidden" name="next" value="{path}">' in before
        answer = visitor.post("/display/", {"light": light, "next": path}, follow=True)
        assert f"light-{light}" in body_classes(answer.text)
        assert f'<button name="light" value="{light}" aria-pressed="true">' in answer.text


def test_no_other_switch_of_light_is_on_the_desk(admin_client: Client):
    page = admin_client.get("/admin/").text
    assert page.count("<summary>Display</summary>") == 1
    assert not any(words in page for words in ["theme-toggle", "theme.js", "dark_mode.css"])


def body_classes(page: str) -> list[str]:
    return page.partition('<body class="')[2].partition('"')[0].split()


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.test/", "//elsewhere.test/", "javascript:1"]
)
def test_no_link_leads_elsewhere_over_the_choice(client: Client, elsewhere: str):
    assert client.post("/display/", {"light": "dim", "next": elsewhere})["Location"] == "/"


def test_a_choice_over_a_half_filled_form_loses_nothing_that_was_typed(
    client: Client, make_class: Callable[..., ScheduledClass]
):
    form = f"{make_class().get_absolute_url()}register/"
    half = {"full_name": "Maria", "email": "maria@", "access_needs": "Captions.", "light": "dim"}
    token = {"csrfmiddlewaretoken": "of the form"}
    page = client.post("/display/", half | token | {"next": form}, follow=True).content.decode()
    assert 'data-theme="dim"' in page
    assert 'value="Maria"' in page
    assert 'value="maria@"' in page
    assert "Captions." in page
    assert "There is a problem" not in page


def test_a_choice_on_the_check_page_loses_no_answer(
    client: Client, make_class: Callable[..., ScheduledClass]
):
    form = f"{make_class().get_absolute_url()}register/"
    signed = client.post(f"{form}check/", ANSWERS).context["signed"]
    token = {"csrfmiddlewaretoken": "of the form"}
    choice = {"light": "dim", "next": form, "answers": signed} | token
    page = client.post("/display/", choice, follow=True).content.decode()
    assert 'data-theme="dim"' in page
    assert all(f'value="{answer}"' in page for answer in ANSWERS.values())


@pytest.mark.parametrize("page", ["details", "change_address", "share"])
def test_a_choice_over_a_form_of_the_own_page_keeps_what_was_typed(
    client: Client, make_class: Callable[..., ScheduledClass], page: str
):
    person = join(make_class(), 1)
    path = own(page, token_for(person))
    form = client.get(path).text
    assert f'<input type="hidden" name="next" value="{path}" form="answers">' in form
    half = {"full_name": "Mari", "email": "maria@", "light": "dim", "next": path}
    seen = client.post("/display/", half, follow=True).text
    assert 'data-theme="dim"' in seen
    assert f'value="{half["email" if page == "change_address" else "full_name"]}"' in seen
    assert "There is a problem" not in seen
    before = person.full_name
    person.refresh_from_db()
    assert person.full_name == before
