"""The reader's choice of light and text."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client

from courses.models import ScheduledClass

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
    page = client.get("/classes/?a=1&b=2").content.decode()
    assert '<input type="hidden" name="next" value="/classes/?a=1&amp;b=2">' in page
    answer = client.post("/display/", {"light": "dim", "next": "/classes/?a=1&b=2"})
    assert (answer.status_code, answer["Location"]) == (302, "/classes/?a=1&b=2")


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.test/", "//elsewhere.test/", "javascript:1"]
)
def test_no_link_leads_elsewhere_over_the_choice(client: Client, elsewhere: str):
    assert client.post("/display/", {"light": "dim", "next": elsewhere})["Location"] == "/"


def test_a_choice_on_the_check_page_loses_no_answer(
    client: Client, make_class: Callable[..., ScheduledClass]
):
    form = f"{make_class().get_absolute_url()}register/"
    signed = client.post(f"{form}check/", ANSWERS).context["signed"]
    choice = {"light": "dim", "next": form, "answers": signed}
    page = client.post("/display/", choice, follow=True).content.decode()
    assert 'data-theme="dim"' in page
    assert all(f'value="{answer}"' in page for answer in ANSWERS.values())
