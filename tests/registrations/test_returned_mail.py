"""A mail that comes back is seen: by a report in a folder, or from a provider."""

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.management import call_command
from django.test import Client

from registrations.letters.compose import headers
from registrations.models import Letter, Registration
from registrations.retention import erase_what_is_due
from registrations.services import details, returned_mail
from registrations.services.delivery import deliver_due
from registrations.services.returned_mail import NotAReport, report_in_json, report_in_mail
from registrations.services.seats import PERSON, SITE
from tests.factories import NOW, make_class
from tests.registrations.people import join, person_in, register
from tests.registrations.test_own_page import tables

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)
NO_SUCH_USER = "smtp; 550 5.1.1 <person-1@peers.test>: No such user here"


def report(
    letter: Letter,
    *,
    to: str = "person-1@peers.test",
    action: str = "failed",
    status: str = "5.1.1",
    words: str = NO_SUCH_USER,
    original: str = "message/rfc822",
) -> str:
    """A delivery report as a mail server writes it (RFC 3464)."""
    return f"""\
From: Mail Delivery System <MAILER-DAEMON@mail.example.org>
To: training@peers.test
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Tue, 24 Nov 2026 12:00:00 -0700 (MST)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: {words}

--part
Content-Type: {original}

Return-Path: <training@peers.test>
From: Peer Support Training <training@peers.test>
To: {to}
Subject: Please answer by Friday
Message-ID: {headers(letter)["Message-ID"]}

Hello.
--part--
"""


def told(letter: Letter, **other: Any) -> dict[str, Any]:
    """The same as a provider tells it."""
    return {
        "message_id": headers(letter)["Message-ID"],
        "address": "person-1@peers.test",
        "status": "5.1.1",
        "description": "550 5.1.1 No such user here",
    } | other


@pytest.fixture
def letter() -> Letter:
    """The letter that went to somebody who has just registered."""
    register(make_class(), 1)
    deliver_due(clock=lambda: NOW)
    return Letter.objects.get()


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.RETURNED_MAIL_DIR = tmp_path
    return tmp_path


def problem() -> tuple[str, dt.datetime | None]:
    registration = Registration.objects.get()
    return registration.mail_problem, registration.mail_problem_at


def take_in(text: str, now: dt.datetime = LATER) -> bool:
    return returned_mail.take_in(report=report_in_mail(text.encode()), now=now)


# What a report says.


@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_marks_the_person_with_the_words_of_the_other_server(
    letter: Letter, original: str
) -> None:
    assert take_in(report(letter, original=original))
    assert problem() == (f"5.1.1 {NO_SUCH_USER}", LATER)


def test_the_history_says_that_mail_came_back(letter: Letter) -> None:
    take_in(report(letter))
    event = Registration.objects.get().events.latest("pk")
    assert (event.by, event.why, event.to_status) == ("site", "mail came back", "offered")


def test_the_message_id_of_the_mail_that_went_out_is_the_one_that_is_looked_for(
    letter: Letter,
) -> None:
    sent = mail.outbox[0].message()["Message-ID"]
    assert sent == headers(letter)["Message-ID"]
    assert returned_mail.MESSAGE_ID.fullmatch(sent)


@pytest.mark.parametrize(
    ("action", "status", "words", "marks"),
    [
        ("failed", "5.1.1", "", True),
        ("failed", "5.2.2", "smtp; 552 5.2.2 Mailbox full", True),
        ("failed", "", "smtp; 550 User unknown", True),
        ("failed", "", "smtp; 550 5.1.1 User unknown", True),
        ("delayed", "4.4.1", "smtp; connection timed out", False),
        ("failed", "4.4.7", "delivery time expired", False),
        ("delivered", "2.0.0", "", False),
        ("relayed", "2.1.9", "", False),
        ("failed", "", "", False),
    ],
)
def test_only_a_permanent_failure_marks(
    letter: Letter, action: str, status: str, words: str, *, marks: bool
) -> None:
    assert take_in(report(letter, action=action, status=status, words=words)) is marks
    assert bool(problem()[0]) is marks


def test_the_same_report_twice_marks_once(letter: Letter) -> None:
    take_in(report(letter))
    before = tables()
    assert not take_in(report(letter), LATER + dt.timedelta(days=1))
    assert tables() == before


def test_a_late_report_about_an_address_that_was_corrected_marks_nothing(letter: Letter) -> None:
    details.take_new_address(
        registration=Registration.objects.get(), address="new@peers.test", actor=SITE, now=NOW
    )
    assert not take_in(report(letter))
    assert problem() == ("", None)


def test_a_new_address_that_does_not_work_does_not_mark_the_one_that_does() -> None:
    person = join(make_class(), 1)
    details.ask_new_address(registration=person, address="new@peers.test", now=NOW)
    asked = Letter.objects.get(kind="new_address")
    assert not take_in(report(asked, to="new@peers.test"))
    assert problem() == ("", None)


@pytest.mark.parametrize("change", ["pk", "kind", "turn", "domain"])
def test_a_report_about_a_letter_that_never_was_marks_nothing(letter: Letter, change: str) -> None:
    changed = {
        "pk": (f"letter-{letter.pk}-", "letter-999999-"),
        "kind": ("-held-", "-offered-"),
        "turn": (f"-{letter.turn}@", "-77@"),
        "domain": ("letter-", "note-"),
    }
    text = report(letter).replace(*changed[change])
    try:
        assert not take_in(text)
    except NotAReport:
        assert change == "domain"
    assert problem() == ("", None)


NONSENSE = [
    b"",
    b"Subject: hello\n\nIs there still a seat?",
    b"\xff\xfe\x00",
    b"Content-Type: multipart/report; boundary=x\n\nno parts",
    b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n--x--\n",
]


NESTED = b"".join(
    b'Content-Type: multipart/report; boundary="%d"\n\n--%d\n' % (depth, depth)
    for depth in range(5000)
)


@pytest.mark.parametrize("raw", [*NONSENSE, NESTED])
def test_what_is_no_report_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(NotAReport):
        report_in_mail(raw)


def test_a_report_without_the_part_that_says_what_happened_is_refused(letter: Letter) -> None:
    text = report(letter).replace("message/delivery-status", "text/plain")
    with pytest.raises(NotAReport, match="what happened"):
        report_in_mail(text.encode())


# The folder.


def drop(folder: Path, text: str, name: str = "report.eml") -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


@pytest.mark.parametrize("name", ["report.eml", "new/1.M1.host", "cur/1.M1.host:2,S"])
def test_the_worker_reads_a_report_in_the_folder_once_and_keeps_nothing_of_it(
    letter: Letter, folder: Path, name: str
) -> None:
    drop(folder, report(letter), name)
    call_command("work", once=True)
    assert problem()[0].startswith("5.1.1")
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert returned_mail.read_folder(LATER) == 0


def test_other_mail_is_put_aside_with_a_line_in_the_log_that_holds_none_of_its_words(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    drop(folder, "Subject: A private question\n\nfrom maria@example.org")
    assert returned_mail.read_folder(LATER) == 1
    assert [odd.name for odd in (folder / "odd").iterdir()] == ["report.eml"]
    assert "Returned mail report.eml was put aside. It is not a delivery report." in caplog.text
    assert "maria" not in caplog.text
    assert "private" not in caplog.text


def test_what_is_still_being_written_is_left_alone(letter: Letter, folder: Path) -> None:
    for name in ("tmp/1.M1.host", ".hidden"):
        drop(folder, report(letter), name)
    assert returned_mail.read_folder(LATER) == 0
    assert problem() == ("", None)


def test_no_folder_is_no_trouble(folder: Path, settings: LazySettings) -> None:
    settings.RETURNED_MAIL_DIR = folder / "nowhere"
    assert returned_mail.read_folder(LATER) == 0
    assert not (folder / "nowhere").exists()


def test_what_was_put_aside_is_deleted_a_week_later(folder: Path) -> None:
    drop(folder, "nonsense", "odd.eml")
    returned_mail.read_folder(LATER)
    [file] = returned_mail.odd_files()
    os.utime(file, (NOW.timestamp(), NOW.timestamp()))
    week = dt.timedelta(days=7)
    erase_what_is_due(NOW + week - dt.timedelta(seconds=1))
    assert returned_mail.odd_files() == [file]
    erase_what_is_due(NOW + week)
    assert returned_mail.odd_files() == []


# The provider.

PATH = "/mail/returned/"
SECRET = "a-long-secret"
Tell = Callable[..., Any]


@pytest.fixture
def tell(settings: LazySettings) -> Tell:
    settings.RETURNED_MAIL_SECRET = SECRET
    client = Client(enforce_csrf_checks=True)

    def post(body: Any, secret: str = SECRET) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post(
            PATH, data, "application/json", headers={"Authorization": f"Bearer {secret}"}
        )

    return post


def test_a_provider_tells_of_mail_that_came_back(letter: Letter, tell: Tell) -> None:
    response = tell(told(letter))
    assert (response.status_code, response.content, response.cookies) == (204, b"", {})
    assert problem()[0] == "5.1.1 550 5.1.1 No such user here"


def test_a_message_id_may_come_without_its_brackets(letter: Letter, tell: Tell) -> None:
    tell(told(letter, message_id=headers(letter)["Message-ID"].strip("<>")))
    assert problem()[0].startswith("5.1.1")


def test_a_temporary_failure_and_a_letter_that_is_not_known_answer_alike(
    letter: Letter, tell: Tell
) -> None:
    before = tables()
    unknown = told(letter, message_id="<letter-99-held-1@peers.test>")
    for body in (told(letter, status="4.4.1"), unknown):
        assert tell(body).status_code == 204
    assert tables() == before


def test_without_a_secret_there_is_no_such_address(letter: Letter, client: Client) -> None:
    for authorization in ("Bearer ", "Bearer None", ""):
        response = client.post(
            PATH, told(letter), "application/json", headers={"Authorization": authorization}
        )
        assert response.status_code == 404
    assert problem() == ("", None)


@pytest.mark.parametrize("secret", ["", "a-long-secre", "a-long-secret-", "ä"])
def test_a_wrong_secret_changes_nothing(letter: Letter, tell: Tell, secret: str) -> None:
    assert tell(told(letter), secret).status_code == 403
    assert problem() == ("", None)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "It is not JSON."),
        (b"\xff", "It is not JSON."),
        ([1], "It is not one JSON object."),
        ({"message_id": "<letter-1-held-1@peers.test>"}, "It needs message_id, address and status"),
        ({"message_id": 1, "address": [], "status": {}}, "It needs message_id, address and status"),
        ({"message_id": "<x@y>", "address": "a@b", "status": "5"}, "It names no letter"),
    ],
)
def test_nonsense_is_answered_with_what_is_missing(tell: Tell, body: Any, sentence: str) -> None:
    response = tell(body)
    assert response.status_code == 400
    assert response.text.startswith(sentence)


def test_a_body_without_end_is_not_read(tell: Tell) -> None:
    assert tell(b"[" * 64_001).status_code == 413


def test_brackets_without_end_are_not_json() -> None:
    with pytest.raises(NotAReport):
        report_in_json(b"[" * 64_000)


def test_the_address_takes_nothing_but_post(client: Client, settings: LazySettings) -> None:
    settings.RETURNED_MAIL_SECRET = SECRET
    assert client.get(PATH).status_code == 405


# An address that never answered.


def test_a_corrected_address_that_never_answered_is_told_nothing() -> None:
    scheduled_class = make_class()
    register(scheduled_class, 1)
    person = person_in(scheduled_class, 1)
    details.take_new_address(
        registration=person, address="right@peers.test", actor=PERSON, now=LATER
    )
    kinds = person.letters.values_list("kind", "address")
    assert list(kinds.order_by("pk")) == [("held", ""), ("link", "")]
