"""While the database cannot be reached: people go on reading, and nobody loses what they typed."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from content.models import Page
from registrations.models import Registration
from tests.admin_forms import carried_by
from tests.factories import NOW, make_class

pytestmark = pytest.mark.django_db

CANNOT = "We cannot take registrations at this moment."
LINE = f"{CANNOT} This page is from 12:00 pm Mountain Time."
ANSWERS = {
    "full_name": "Nguyễn Thị Hoa",
    "email": "hoa@peers.test",
    "role": "caregiver",
    "access_needs": "More breaks\nand captions",
    "phone": "303 555 0100",
}


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


@contextmanager
def database_away(error: type[Exception] = OperationalError) -> Iterator[None]:
    def fail(*_: object) -> None:
        raise error("the connection is gone")

    with connection.execute_wrapper(fail):
        yield


@pytest.fixture
def visitor() -> Client:
    """Who gets the answer of the site and not the exception behind it."""
    return Client(raise_request_exception=False)


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\xa0", " ").split())


@pytest.mark.parametrize("path", ["/", "/classes/", "/privacy/", "class"])
def test_public_pages_go_on_with_their_last_copy_and_say_so(visitor: Client, path: str):
    path = make_class().get_absolute_url() if path == "class" else path
    before = visitor.get(path)
    with database_away():
        meanwhile = visitor.get(path)
        assert meanwhile.status_code == 200
        assert LINE in words(meanwhile.text)
        assert words(before.text) == words(meanwhile.text.replace("\n", " ")).replace(
            f" {LINE}", ""
        )
    after = visitor.get(path)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])


def test_the_copy_has_a_tag_of_its_own_and_comes_compressed(visitor: Client):
    before = visitor.get("/", headers={"accept-encoding": "br"})
    with database_away():
        copy = visitor.get("/", headers={"accept-encoding": "br"})
        assert LINE in words(brotli.decompress(copy.content).decode())
        headers = {"accept-encoding": "br", "if-none-match": before["ETag"]}
        assert visitor.get("/", headers=headers).status_code == 200
        headers["if-none-match"] = copy["ETag"]
        assert visitor.get("/", headers=headers).status_code == 304
        assert visitor.head("/")["Content-Length"] == str(len(visitor.get("/").content))


def test_a_copy_of_another_day_says_the_day(visitor: Client, clock: Any):
    visitor.get("/")
    clock.move_to(NOW.replace(day=25, hour=8))
    with database_away():
        page = words(visitor.get("/").text)
    assert "This page is from Tuesday, November 24, 2026, 12:00 pm Mountain Time." in page


def test_a_process_that_never_made_the_page_has_the_copy_as_well(visitor: Client):
    Client().get("/")
    with database_away():
        assert LINE in words(visitor.get("/").text)


def test_the_copy_is_in_the_light_that_the_reader_chose(visitor: Client):
    visitor.post("/display/", {"light": "dark"})
    visitor.get("/")
    with database_away():
        assert 'data-theme="dark"' in visitor.get("/").text


def test_a_class_that_was_taken_off_has_no_copy(visitor: Client):
    scheduled_class = make_class()
    path = scheduled_class.get_absolute_url()
    visitor.get(path)
    scheduled_class.status = "draft"
    scheduled_class.save()
    assert visitor.get(path).status_code == 404
    with database_away():
        assert visitor.get(path).status_code == 503


@pytest.mark.parametrize("language", ["", "/es"])
def test_a_class_that_staff_take_off_has_no_copy_though_nobody_asked_since(
    visitor: Client, admin_client: Client, language: str
):
    gone, stays = make_class(), make_class()
    paths = [language + one.get_absolute_url() for one in (gone, stays)]
    visitor.post("/display/", {"light": "dark"})
    for path in paths:
        visitor.get(path)
        Client().get(path)
    page = f"/admin/courses/scheduledclass/{gone.pk}/take-off/"
    admin_client.post(page, carried_by(admin_client.get(page)))
    with database_away():
        for reader in [visitor, Client(raise_request_exception=False)]:
            assert [reader.get(path).status_code for path in paths] == [503, 200]


def test_a_copy_that_cannot_be_written_or_read_stops_nobody(
    visitor: Client, settings: Any, tmp_path: Path
):
    settings.LAST_COPIES_DIR = tmp_path / "a file" / "copies"
    (tmp_path / "a file").write_text("")
    assert visitor.get("/").status_code == 200
    with database_away():
        assert visitor.get("/").status_code == 503


# The last is what psycopg2 says of a server that ends while it answers.
AWAY = pytest.mark.parametrize("error", [OperationalError, InterfaceError, DatabaseError])


@AWAY
@pytest.mark.parametrize("path", ["/classes.ics", "/nothing/here/", "/registrations/x/", "form"])
def test_other_pages_say_calmly_what_is_the_matter(
    visitor: Client, path: str, error: type[Exception]
):
    path = f"{make_class().get_absolute_url()}register/" if path == "form" else path
    visitor.cookies["display"] = "dim.larger"
    with database_away(error):
        response = visitor.get(path)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    page = words(response.text)
    assert 'data-theme="dim" data-text="larger"' in response.text
    assert "911" in page
    assert "988" in page
    assert "This page cannot be shown now." in page


@pytest.mark.parametrize("error", [ZeroDivisionError, ProgrammingError])
def test_another_fault_is_not_taken_for_it(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
):
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Page.objects.__class__, "get_queryset", fail)
    visitor.cookies["display"] = "dim.normal"
    response = visitor.get("/")
    assert response.status_code == 500
    assert 'data-theme="dim"' in response.text
    assert "Something here does not work." in words(response.text)


# Registering.


def typed(page: str) -> bool:
    """Whether every answer stands in the form."""
    text = html.unescape(page)
    return (
        all(f'value="{ANSWERS[name]}"' in text for name in ("full_name", "email", "phone"))
        and ANSWERS["access_needs"] in text
        and re.search(r'value="caregiver"[^>]* checked', text) is not None
    )


def test_what_was_typed_comes_back_with_the_form(visitor: Client):
    form = f"{make_class().get_absolute_url()}register/"
    with database_away():
        response = visitor.post(f"{form}check/", ANSWERS)
    assert response.status_code == 503
    assert f"{CANNOT} Your answers are kept below." in words(response.text)
    assert typed(response.text)
    # The button below them works as soon as the database does.
    assert f'action="{form}check/"' in response.text
    assert visitor.post(f"{form}check/", ANSWERS).status_code == 200


@AWAY
def test_what_was_checked_comes_back_with_the_form_and_nobody_is_registered(
    visitor: Client, error: type[Exception]
):
    form = f"{make_class().get_absolute_url()}register/"
    signed = visitor.post(f"{form}check/", ANSWERS).context["signed"]
    with database_away(error):
        response = visitor.post(f"{form}sent/", {"answers": signed})
        assert response.status_code == 503
        assert typed(response.text)
        again = visitor.post(form, {"answers": signed})
        assert again.status_code == 503
        assert typed(again.text)
    assert not Registration.objects.exists()
    assert visitor.post(f"{form}sent/", {"answers": signed}).status_code == 302
    assert Registration.objects.count() == 1


def test_nonsense_meets_an_empty_form(visitor: Client):
    form = f"{make_class().get_absolute_url()}register/"
    with database_away():
        response = visitor.post(f"{form}sent/", {"answers": "changed"})
    assert response.status_code == 503
