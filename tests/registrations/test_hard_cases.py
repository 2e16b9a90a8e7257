"""Things that go wrong at the worst moment: each was possible once."""

import datetime as dt
import logging
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import timezone

from bawg_site.logs import LineFormatter
from courses.models import ClassSession, ScheduledClass
from registrations.addresses import email_key
from registrations.links import link_to, new_address_link
from registrations.models import InterestSignup, Letter, LinkRequest, Registration
from registrations.services import announcing, details, erasing, interest, reminders, seats
from registrations.services.class_changes import Snapshot, tell_changes
from registrations.services.delivery import deliver_due, postpone
from registrations.services.jobs import end_offers
from registrations.services.ledger import Erased, check_seats
from registrations.services.returned_mail import read_folder
from tests.factories import DENVER, NOW, make_answers, make_class
from tests.registrations.mail_server import mail_server
from tests.registrations.people import join, letters_to, numbers, person_in, register, statuses
from tests.registrations.test_delivery import use
from tests.registrations.test_own_page import page_of
from tests.registrations.test_registering import check, path, send, signed_in, text_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def move(person: Registration, to: ScheduledClass) -> None:
    seats.move(registration=person, scheduled_class_id=to.pk, actor=seats.PERSON, now=NOW)


# A row that was read before something happened to it.


def test_who_moved_a_moment_ago_leaves_the_class_they_are_in_now() -> None:
    january, february = make_class(capacity=2), make_class(capacity=2)
    person = join(january, 1)
    stale = Registration.objects.get(pk=person.pk)
    move(person, february)
    seats.leave(registration=stale, actor=seats.PERSON, now=NOW)
    assert check_seats() == []
    assert (numbers(january), numbers(february)) == ((0, 2, 0), (0, 2, 0))


def test_who_moved_a_moment_ago_is_erased_from_the_class_they_are_in_now() -> None:
    january, february = make_class(capacity=2), make_class(capacity=2)
    person = join(january, 1)
    stale = Registration.objects.get(pk=person.pk)
    move(person, february)
    erasing.erase(registration=stale, actor=seats.PERSON, now=NOW)
    assert check_seats() == []
    assert (numbers(january), numbers(february)) == ((0, 2, 0), (0, 2, 0))


def test_nothing_is_written_to_a_row_that_was_erased_a_moment_ago() -> None:
    person = join(make_class(), 1)
    stale = [Registration.objects.get(pk=person.pk) for _ in range(4)]
    erasing.erase(registration=person, actor=seats.PERSON, now=NOW)
    with pytest.raises(Erased):
        details.change_details(
            registration=stale[0], details={"full_name": "Back"}, actor=seats.PERSON, now=NOW
        )
    with pytest.raises(Erased):
        details.ask_new_address(registration=stale[1], address="back@peers.test", now=NOW)
    with pytest.raises(Erased):
        seats.add_sharing(registration=stale[2], full_name="Second", role="peer", now=NOW)
    with pytest.raises(Erased):
        seats.rejoin(registration=stale[3], now=NOW)
    row = Registration.objects.get()
    assert (row.full_name, row.email, row.new_email) == ("", "", "")


# The outbox.


def test_a_letter_that_cannot_be_made_holds_up_no_other() -> None:
    interest.sign_up(email="waits@peers.test", language="en", now=NOW - DAY)
    InterestSignup.objects.update(confirmed_at=NOW - DAY)
    Letter.objects.all().delete()
    gone = make_class()
    announcing.announce(scheduled_class=gone, actor=seats.SITE, now=NOW)
    announcing.write_news(NOW)
    gone.delete()
    broken = Letter.objects.create(
        registration=join(make_class(), "broken"),
        kind=Letter.Kind.INTEREST_NEWS,
        turn=99,
        about="not a number",
        created_at=NOW,
        next_try_at=NOW - DAY,
    )
    register(make_class(), "later")
    deliver_due(clock=lambda: NOW)
    assert ["person-later@peers.test"] in [message.to for message in mail.outbox]
    broken.refresh_from_db()
    assert (broken.state, broken.attempts, broken.claimed_until) == ("owed", 1, None)
    assert Letter.objects.get(interest__isnull=False).state == "superseded"


def test_two_changes_are_both_told_though_the_first_could_not_go_out_before() -> None:
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    deliver_due(clock=lambda: NOW)
    mail.outbox.clear()
    before = Snapshot.of(scheduled_class)
    first = scheduled_class.class_sessions.earliest("starts_at")
    ClassSession.objects.filter(pk=first.pk).update(starts_at=NOW + 40 * DAY)
    tell_changes(scheduled_class=scheduled_class, before=before, now=NOW)
    before = Snapshot.of(scheduled_class)
    ScheduledClass.objects.update(join_link="https://meet.example.org/x")
    tell_changes(scheduled_class=scheduled_class, before=before, now=NOW)
    deliver_due(clock=lambda: NOW)
    words = " ".join(str(message.body) for message in mail.outbox)
    assert "The time of Day 1 has changed" in words
    assert "The link to join has changed" in words
    assert letters_to(person).count("changed") == 2


def test_every_old_address_is_told_that_it_was_changed() -> None:
    person = join(make_class(), 1)
    Letter.objects.all().delete()
    for address in ("second@peers.test", "third@peers.test"):
        details.take_new_address(registration=person, address=address, actor=seats.PERSON, now=NOW)
    deliver_due(clock=lambda: NOW)
    told = {message.to[0] for message in mail.outbox if "another address" in str(message.body)}
    assert told == {"person-1@peers.test", "second@peers.test"}


def test_a_seat_is_held_from_the_moment_its_letter_could_go_out(settings: LazySettings) -> None:
    scheduled_class = make_class(capacity=1)
    register(scheduled_class, 1)
    with mail_server() as (server, port):
        use(port, settings)
        server.drops = True
        deliver_due(clock=lambda: NOW)
        much_later = NOW + 4 * DAY
        end_offers(much_later)
        assert statuses(scheduled_class) == {"person-1": "offered"}, "nobody has asked yet"
        server.drops = False
        deliver_due(clock=lambda: much_later)
    person = person_in(scheduled_class, 1)
    assert person.answer_by == dt.datetime(2026, 12, 1, 18, tzinfo=DENVER)
    words = server.mails[0].get_payload(0).get_payload(decode=True)  # type: ignore[union-attr]
    assert b"Tuesday, December 1, 2026" in words
    end_offers(person.answer_by)
    assert statuses(scheduled_class) == {"person-1": "lapsed"}


def test_an_address_that_the_server_refuses_for_good_is_a_mail_that_came_back(
    settings: LazySettings,
) -> None:
    scheduled_class = make_class()
    register(scheduled_class, 1)
    person = person_in(scheduled_class, 1)
    with mail_server() as (server, port):
        use(port, settings)
        server.answer = lambda point: (
            f"550 We do not like {link_to(person)}" if point == "RCPT" else None
        )
        deliver_due(clock=lambda: NOW)
    person.refresh_from_db()
    assert person.mail_problem.startswith("(550")
    for words in (person.mail_problem, Letter.objects.get().last_error):
        assert "/registrations/[link]" in words
    seats.answer(registration=person, now=NOW)
    person.refresh_from_db()
    assert person.mail_problem == "", "who answers has read the mail"


def test_an_erased_persons_letter_does_not_come_back() -> None:
    person = join(make_class(), 1)

    letter = Letter.objects.get(kind="confirmed")
    stale = Letter.objects.get(pk=letter.pk)
    erasing.erase(registration=person, actor=seats.PERSON, now=NOW)
    postpone(stale, "550 person-1@peers.test unknown", NOW)
    letter.refresh_from_db()
    assert (letter.state, letter.last_error) == ("superseded", "")


# The class changes, the person moves.


def test_no_seat_is_taken_after_the_class_is_over() -> None:
    scheduled_class = make_class()
    register(scheduled_class, 1)
    before = Snapshot.of(scheduled_class)
    start = NOW + DAY
    ClassSession.objects.update(starts_at=start, ends_at=start + dt.timedelta(hours=6))
    tell_changes(scheduled_class=scheduled_class, before=before, now=NOW)
    person = person_in(scheduled_class, 1)
    assert person.answer_by == start
    seats.answer(registration=person, now=start + dt.timedelta(hours=7))
    assert statuses(scheduled_class) == {"person-1": "offered"}


def test_no_letter_about_the_old_class_goes_out_after_a_move() -> None:
    january, later = make_class(), make_class(join_link="https://meet.example.org/other")
    person = join(january, 1)
    morning = dt.datetime(2027, 1, 16, 7, tzinfo=DENVER)
    ClassSession.objects.filter(scheduled_class=later).update(
        starts_at=morning + 60 * DAY, ends_at=morning + 61 * DAY
    )
    reminders.owe_reminders(morning)
    move(person, later)
    deliver_due(clock=lambda: morning)
    sent = Letter.objects.filter(state="sent").values_list("kind", flat=True)
    assert sorted(sent) == ["confirmed", "moved"]
    assert not any("meet.example.org/other" in str(message.body) for message in mail.outbox)


# Addresses.


def test_a_slip_in_the_new_address_can_be_put_right_at_once() -> None:
    person = join(make_class(), 1)
    for address in ("tyop@peers.test", "right@peers.test"):
        details.ask_new_address(registration=person, address=address, now=NOW)
    asked = Letter.objects.filter(kind="new_address").order_by("pk")
    assert list(asked.values_list("address", flat=True)) == ["tyop@peers.test", "right@peers.test"]


@pytest.mark.parametrize(
    "address",
    [
        f"a@{'.'.join(['ﬃ' * 21] * 11)}.org",
        "=?utf-8?q?victim?=@peers.test",
        '"victim"@peers.test',
        '"v\\ictim"@peers.test',
    ],
)
@pytest.mark.parametrize("where", ["/registrations/link/", "/interest/"])
def test_an_address_with_many_spellings_is_refused_with_a_sentence(
    client: Client, where: str, address: str
) -> None:
    response = client.post(where, {"email": address})
    assert "Enter a whole email address, like name@example.com" in text_of(response)
    assert not LinkRequest.objects.exists()
    assert not InterestSignup.objects.exists()


def test_one_domain_in_two_spellings_is_one_address() -> None:
    assert email_key("maria@bücher.example") == email_key("Maria@xn--bcher-kva.example")


def test_an_address_takes_one_more_seat_and_only_after_it_has_answered(client: Client) -> None:
    scheduled_class = make_class(capacity=10)
    register(scheduled_class, 1)
    person = person_in(scheduled_class, 1)
    form = {"full_name": "Another", "role": "peer"}
    page = client.post(page_of(person, "share/"), form)
    assert "Answer for yourself first: press the button on your page." in text_of(page)
    seats.answer(registration=person, now=NOW)
    for _ in range(3):
        page = client.post(page_of(person, "share/"), form)
    assert "A second person shares this address already." in text_of(page)
    assert numbers(scheduled_class) == (2, 8, 0)


def test_the_owner_of_a_shared_address_comes_back_and_moves_though_the_other_stays() -> None:
    january, february = make_class(), make_class()
    owner = join(january, 1)
    seats.add_sharing(registration=owner, full_name="Second", role="peer", now=NOW)
    seats.leave(registration=owner, actor=seats.PERSON, now=NOW)
    seats.rejoin(registration=owner, now=NOW)
    move(owner, february)
    assert numbers(january)[0] == numbers(february)[0] == 1


def test_a_strangers_tries_with_an_address_never_bury_its_own_link() -> None:
    real = join(make_class(), "known")
    for _ in range(6):
        register(make_class(), "known")
    LinkRequest.objects.create(email_key=real.email_key, asked_at=NOW)
    details.answer_link_requests(NOW)
    assert real.letters.filter(kind="link").count() == 1


# What a stranger learns and breaks.


def test_only_who_registered_an_address_can_have_its_mail_sent_again() -> None:
    scheduled_class = make_class()
    join(scheduled_class, "known", NOW - DAY)
    stranger = Client()
    signed = signed_in(check(stranger, scheduled_class, email=make_answers("known").email))
    page = stranger.post(path(scheduled_class, "sent/"), {"answers": signed, "resend": "1"})
    assert "Your answers did not come back as you saw them." in text_of(page)
    assert Letter.objects.count() == 2


def test_what_was_typed_is_kept_when_the_class_is_taken_off_the_site(client: Client) -> None:
    scheduled_class = make_class(was_published=True)
    signed = signed_in(check(client, scheduled_class))
    ScheduledClass.objects.update(status="draft")
    page = client.post(path(scheduled_class, "sent/"), {"answers": signed})
    assert page.status_code == HTTPStatus.OK
    assert "Maria de la Cruz" in page.content.decode()
    assert Registration.objects.count() == 0


def test_the_browser_forgets_the_answers_of_who_is_erased(client: Client) -> None:
    scheduled_class = make_class()
    send(client, scheduled_class)
    client.post(page_of(Registration.objects.get(), "data/erase/"))
    response = client.get(path(scheduled_class, "sent/"))
    assert response.status_code == HTTPStatus.FOUND


def test_no_key_stands_in_the_log_whatever_page_it_opens(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    person = join(make_class(), 1)
    with caplog.at_level(logging.DEBUG):
        client.put(new_address_link(person, "new@peers.test").removeprefix("http://testserver"))
    line = LineFormatter().format(caplog.records[-1])
    assert "method=PUT route=/registrations/address/<str:token>/ status=405" in line


@pytest.mark.parametrize("page", ["/admin/login/", "/", "/classes/"])
def test_a_cookie_of_nonsense_breaks_no_page(client: Client, page: str) -> None:
    client.cookies["sessionid"] = "\0abcdefgh"
    assert client.get(page).status_code in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}


def test_a_forged_report_of_returned_mail_holds_up_no_other(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.RETURNED_MAIL_DIR = tmp_path
    report = (
        "Content-Type: multipart/report; boundary=b\n\n--b\n"
        "Content-Type: message/delivery-status\n\n\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; {words}\nFinal-Recipient: rfc822; person-1@peers.test\n\n--b\n"
        "Content-Type: text/rfc822-headers\n\nMessage-ID: <letter-{pk}-held-{turn}@x>\n"
        "To: person-1@peers.test\n\n--b--\n"
    )
    register(make_class(), 1)
    pk = Letter.objects.get().pk
    (tmp_path / "1").write_text(report.format(pk=pk, turn="9" * 5000, words="no"))
    (tmp_path / "2").write_text(report.format(pk=pk, turn=1, words="no\0body"))
    read_folder(timezone.now())
    assert Registration.objects.get().mail_problem.startswith("5.1.1")
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == []
