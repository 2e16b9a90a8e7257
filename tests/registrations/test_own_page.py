"""The page that the link in the mail opens."""

import datetime as dt
import io
import logging
import re
from email import message_from_bytes, policy
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import LazySettings, settings
from django.core import mail
from django.core.management import call_command
from django.test import Client

from bawg_site.logs import LineFormatter
from courses.models import ScheduledClass
from registrations.links import link_to, token_for
from registrations.models import Registration, RegistrationEvent
from registrations.services import seats
from registrations.services.delivery import deliver_due
from tests.factories import NOW, make_class
from tests.registrations.people import join, person_in, register, statuses
from tests.registrations.test_registering import text_of

pytestmark = pytest.mark.django_db


def page_of(registration: Registration, step: str = "") -> str:
    return f"{urlsplit(link_to(registration)).path}{step}"


def tables() -> str:
    """Every row of every table, as text."""
    dump = io.StringIO()
    call_command("dumpdata", all=True, stdout=dump)
    return dump.getvalue()


def registered(scheduled_class: ScheduledClass) -> Registration:
    register(scheduled_class, 1)
    return person_in(scheduled_class, 1)


def test_the_mails_button_shows_by_get_and_acts_by_post(client: Client) -> None:
    scheduled_class = make_class(capacity=1)
    registered(scheduled_class)
    deliver_due(clock=lambda: NOW)
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link
    before = tables()
    for _ in range(2):
        page = text_of(client.get(link[1]))
    assert tables() == before, "a mail scanner that opens the link changes nothing"
    assert "One step left: take your seat" in page
    assert "We hold it until Friday, November 27, 2026, 6:00 pm Mountain Time." in page
    response = client.post(f"{link[1]}take/", follow=True)
    assert "You have a seat" in text_of(response)
    assert statuses(scheduled_class) == {"person-1": "confirmed"}


def test_every_button_refuses_get_or_asks_first(client: Client) -> None:
    person = registered(make_class())
    before = tables()
    for step in ("take/", "pass/", "rejoin/"):
        response = client.get(page_of(person, step))
        assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    for step in ("leave/", "cancel/"):
        assert client.get(page_of(person, step)).status_code == HTTPStatus.OK
    assert tables() == before


def test_what_to_bring_is_shown_to_confirmed_people_only(client: Client) -> None:
    scheduled_class = make_class(capacity=1, what_to_bring="A pen.\nA quiet & dark room.")
    seated, waits = join(scheduled_class, "seated"), join(scheduled_class, "waits")
    page = client.get(page_of(seated))
    assert "What to bring or have ready A pen. A quiet &amp; dark room." in text_of(page)
    assert "A pen." not in text_of(client.get(page_of(waits)))


def test_a_class_without_words_about_what_to_bring_says_nothing_of_it(client: Client) -> None:
    seated = join(make_class(), 1)
    assert "What to bring" not in text_of(client.get(page_of(seated)))


def test_the_join_link_is_shown_to_confirmed_people_only(client: Client) -> None:
    scheduled_class = make_class(capacity=1, join_link="https://meet.example.org/secret-room")
    seated, waits = join(scheduled_class, "seated"), join(scheduled_class, "waits")
    register(scheduled_class, "unproved")
    assert b"secret-room" in client.get(page_of(seated)).content
    for person in (waits, person_in(scheduled_class, "unproved")):
        assert b"secret-room" not in client.get(page_of(person)).content
    assert b"secret-room" not in client.get(scheduled_class.get_absolute_url()).content
    seats.leave(registration=seated, actor=seats.PERSON, now=NOW)
    assert b"secret-room" not in client.get(page_of(seated)).content


def test_a_person_sees_where_they_stand_in_line(client: Client) -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    people = [join(scheduled_class, n) for n in (1, 2, 3)]
    assert "You are in line: 3rd" in text_of(client.get(page_of(people[2])))
    seats.leave(registration=people[0], actor=seats.PERSON, now=NOW)
    assert "You are in line: 2nd" in text_of(client.get(page_of(people[2])))


def test_leaving_asks_once_more_and_then_does_it(client: Client) -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    person = join(scheduled_class, 1)
    assert "Leave the line for this class?" in text_of(client.get(page_of(person, "leave/")))
    page = client.post(page_of(person, "leave/"), follow=True)
    assert "You are not in line any more" in text_of(page)


def test_what_is_asked_once_more_is_what_is_given_up(client: Client) -> None:
    scheduled_class = make_class(capacity=1)
    held = registered(scheduled_class)
    waits = join(scheduled_class, 2)
    for person, words in ((held, "Give up this seat?"), (waits, "Leave the line for this class?")):
        for step in ("leave/", "cancel/"):
            assert words in text_of(client.get(page_of(person, step)))
    client.post(page_of(waits, "leave/"))
    gone = client.get(page_of(waits, "leave/"), follow=True)
    assert "You left the line." in text_of(gone), (
        "nothing is asked when there is nothing to give up"
    )


def test_cancelling_and_coming_back(client: Client) -> None:
    scheduled_class = make_class(capacity=1)
    person = join(scheduled_class, 1)
    page = client.post(page_of(person, "cancel/"), follow=True)
    assert "You cancelled on November 24, 2026." in text_of(page)
    page = client.post(page_of(person, "rejoin/"), follow=True)
    assert "You have a seat" in text_of(page)


def test_coming_back_when_the_class_takes_nobody_is_a_sentence(
    client: Client, clock: time_machine.Traveller
) -> None:
    scheduled_class = make_class(capacity=1, registration_closes_at=NOW + dt.timedelta(hours=1))
    person = join(scheduled_class, 1)
    client.post(page_of(person, "cancel/"))
    clock.shift(7200)
    page = client.post(page_of(person, "rejoin/"), follow=True)
    assert "The class takes nobody now. Nothing has changed." in text_of(page)
    assert person_in(scheduled_class, 1).status == "cancelled"


def test_a_press_after_the_end_says_that_the_offer_has_ended(
    client: Client, clock: time_machine.Traveller
) -> None:
    person = registered(make_class())
    clock.shift(4 * 24 * 3600)
    page = client.post(page_of(person, "take/"), follow=True)
    assert "The offer has ended" in text_of(page)


def test_staff_who_cancel_give_the_reason(client: Client) -> None:
    person = join(make_class(), 1)
    actor = seats.Actor(RegistrationEvent.By.STAFF)
    seats.leave(registration=person, actor=actor, now=NOW, why="You asked us by phone")
    assert "Staff cancelled it on November 24, 2026: “You asked us by phone”." in text_of(
        client.get(page_of(person))
    )


def test_a_cancelled_class_says_so_on_everybodys_page(client: Client) -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    ScheduledClass.objects.update(status="cancelled", cancelled_at=NOW)
    assert "This class is cancelled" in text_of(client.get(page_of(person)))


def test_the_page_is_not_kept_not_indexed_and_not_told_on(client: Client) -> None:
    response = client.get(page_of(registered(make_class())))
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_a_token_that_was_changed_opens_nothing(client: Client) -> None:
    scheduled_class = make_class()
    person, other = registered(scheduled_class), join(scheduled_class, 2)
    token = token_for(person)
    mine, theirs = token.split("."), token_for(other).split(".")
    for forged in (token[:-1], f"{theirs[0]}.{mine[1]}", "1-1", "nonsense", "%00", "x" * 3000):
        for step in ("", "take/", "cancel/"):
            response = client.post(f"/registrations/{forged}/{step}")
            assert response.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
    assert statuses(scheduled_class) == {"person-1": "offered", "person-2": "confirmed"}


def test_an_old_link_is_told_apart_and_opens_nothing(client: Client) -> None:
    person = registered(make_class())
    old = page_of(person)
    Registration.objects.update(link_version=2)
    response = client.get(old)
    assert response.status_code == HTTPStatus.GONE
    assert "This link is no longer the newest." in text_of(response)
    assert "Person 1" not in text_of(response)
    client.post(f"{old}take/")
    assert person_in(person.scheduled_class, 1).status == "offered"


def test_no_table_log_line_or_stored_letter_holds_a_usable_link(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    scheduled_class = make_class(capacity=1)
    with caplog.at_level(logging.DEBUG):
        person = join(scheduled_class, 1)
        register(scheduled_class, 2)
        deliver_due(clock=lambda: NOW)
        client.get(page_of(person))
        client.get(page_of(person, "nowhere/"))
    tokens = [token_for(row) for row in Registration.objects.all()]
    assert len(tokens) == 2
    formatter = LineFormatter()
    lines = "\n".join(formatter.format(record) for record in caplog.records)
    stored = tables()
    assert "Person 1" in stored, "the dump is a real one"
    for token in tokens:
        assert token not in stored
        assert token.split(".")[1] not in stored
        assert token not in lines
    assert "method=GET route=[no page] status=404" in lines


def test_names_in_every_script_stay_whole_in_the_mail_file_and_the_page(
    client: Client, settings: LazySettings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "bawg_site.mail_files.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    name = "محمد 李小龍 🌿"
    person = join(make_class(), 1)
    Registration.objects.update(full_name=name)
    deliver_due(clock=lambda: NOW)
    assert name in client.get(page_of(person)).content.decode()
    mime = message_from_bytes(next(tmp_path.glob("*.eml")).read_bytes(), policy=policy.default)
    for kind in ("plain", "html"):
        part = mime.get_body((kind,))
        assert part is not None
        assert name in part.get_content()


@pytest.mark.parametrize("word", ["benzo", "bind", "recover", "withdrawal", "mental", "drug"])
def test_no_subject_or_sender_tells_what_the_class_is_about(word: str) -> None:
    from registrations.letters.words import WORDS

    for words in WORDS.values():
        assert word not in str(words.subject).lower()
    assert word not in settings.DEFAULT_FROM_EMAIL.lower()
