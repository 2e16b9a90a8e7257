"""Tell me when a class is scheduled: asking, confirming, leaving."""

import datetime as dt
import re
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registrations import links
from registrations.models import InterestSignup, Letter
from registrations.services import interest, jobs
from registrations.services.delivery import deliver_due
from tests.factories import NOW
from tests.registrations.at_once import at_once
from tests.registrations.test_own_page import tables

pytestmark = pytest.mark.django_db

MARIA = "Maria.Lopez@peers.test"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def mail_program() -> Client:
    """It keeps no cookies, sends no token, and its posts come from nowhere."""
    return Client(enforce_csrf_checks=True, headers={"origin": "null"})


def sign_up(email: str = MARIA, now: dt.datetime = NOW) -> InterestSignup:
    interest.sign_up(email=email, language="en", now=now)
    return InterestSignup.objects.get(email_key=email.casefold())


def on_the_list(email: str = MARIA, now: dt.datetime = NOW) -> InterestSignup:
    """Somebody who pressed the button in the mail; the mail itself is long gone."""
    signup = sign_up(email, now)
    interest.confirm(signup=signup, now=now)
    signup.letters.update(state=Letter.State.SENT, sent_at=now)
    signup.refresh_from_db()
    return signup


def delivered(now: dt.datetime = NOW) -> list[EmailMultiAlternatives]:
    """What goes out at that moment."""
    before = len(mail.outbox)
    deliver_due(clock=lambda: now)
    return mail.outbox[before:]  # type: ignore[return-value]  # all mail here has two parts


def link_in(message: EmailMultiAlternatives, purpose: str) -> str:
    found = re.search(rf"http://testserver(/interest/{purpose}/\S+)", str(message.body))
    assert found
    return found[1]


def leave_path(signup: InterestSignup) -> str:
    return urlsplit(links.interest_leave_link(signup)).path


def heading(response: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)
    assert found
    return found[1]


# Asking.


def test_somebody_asks_confirms_by_the_mail_and_is_on_the_list(mail_program: Client):
    response = mail_program.post("/interest/", {"email": MARIA})
    assert (response.status_code, response["Location"]) == (HTTPStatus.FOUND, "/interest/sent/")
    for _ in range(2):  # it survives a reload
        assert heading(mail_program.get("/interest/sent/")) == "Now look in your mail."
    (message,) = delivered(NOW + MINUTE)
    assert message.to == [MARIA]
    assert message.subject == "Do you want mail about new dates?"
    assert InterestSignup.objects.get().confirmed_at is None
    link = link_in(message, "confirm")
    assert heading(mail_program.get(link)) == "One step left: do you want the mail?"
    response = mail_program.post(link, follow=True)
    assert heading(response) == "You are on the list"
    confirmed_at = InterestSignup.objects.get().confirmed_at
    assert confirmed_at is not None
    mail_program.post(link)
    assert InterestSignup.objects.get().confirmed_at == confirmed_at


def known_unconfirmed() -> None:
    sign_up(now=NOW - 3 * MINUTE)


def known_just_written_to() -> None:
    sign_up(now=NOW - MINUTE)


def known_confirmed() -> None:
    on_the_list(now=NOW - 3 * MINUTE)


def known_and_owed_news() -> None:
    signup = on_the_list(now=NOW - 3 * MINUTE)
    signup.letters.create(
        kind="interest_news", about="1", turn=1, created_at=NOW, next_try_at=NOW + MINUTE
    )


KNOWN = [known_unconfirmed, known_just_written_to, known_confirmed, known_and_owed_news]


def answer(client: Client) -> tuple[Any, ...]:
    """All that a stranger can see of the answer, and how many statements it took."""
    with CaptureQueriesContext(connection) as queries:
        response = client.post("/interest/", {"email": MARIA})
    followed = client.get(response["Location"])
    statements = [query["sql"].split(" ")[0] for query in queries]
    for page in (response, followed):
        del page.headers["X-Request-ID"]  # Another one each time, by chance.
    seen = [(page.status_code, page.content, dict(page.headers)) for page in (response, followed)]
    return seen, response.cookies.output(), statements


@pytest.mark.parametrize("known", KNOWN)
def test_a_known_address_gets_the_answer_of_an_unknown_one(
    client: Client, known: Callable[[], None]
):
    unknown = answer(client)
    InterestSignup.objects.all().delete()
    known()
    assert answer(client) == unknown


def test_the_address_stands_in_no_address_of_a_page_and_no_cookie(client: Client):
    response = client.post("/interest/", {"email": MARIA}, follow=True)
    assert [path for path, _ in response.redirect_chain] == ["/interest/sent/"]
    assert not client.cookies
    assert "maria" not in response.content.decode().lower()


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "Enter your email address"),
        ("maria", "Enter a whole email address, like name@example.com"),
        ("maria@people.invalid", "Enter a whole email address, like name@example.com"),
    ],
)
def test_what_is_wrong_stands_first_and_what_was_typed_stays(
    client: Client, typed: str, problem: str
):
    response = client.post("/interest/", {"email": typed})
    page = response.content.decode()
    assert "<title>Error: Tell me when a class is scheduled" in page
    assert f'<li><a href="#id_email">{problem}</a></li>' in page
    assert page.index("There is a problem") < page.index("<h1>")
    assert (f'value="{typed}"' in page) == bool(typed)
    assert not InterestSignup.objects.exists()


@pytest.mark.parametrize(
    ("after", "letters"),
    [(0 * MINUTE, 1), (dt.timedelta(seconds=119), 1), (2 * MINUTE, 2)],
)
def test_an_address_is_written_to_once_in_two_minutes(after: dt.timedelta, letters: int):
    sign_up()
    sign_up(now=NOW + after)
    assert Letter.objects.count() == letters


def test_who_confirms_and_asks_again_within_two_minutes_gets_no_second_mail():
    interest.confirm(signup=sign_up(), now=NOW + MINUTE / 2)
    sign_up(now=NOW + MINUTE)
    assert list(Letter.objects.values_list("kind", flat=True)) == ["interest_confirm"]


def test_after_five_mails_an_address_is_written_to_once_a_day():
    """Anybody can type anybody's address, again and again."""
    for minutes in range(0, 60, 2):
        sign_up(now=NOW + minutes * MINUTE)
    assert Letter.objects.count() == 5
    sign_up(now=NOW + dt.timedelta(days=1, minutes=8))
    assert Letter.objects.count() == 6


def test_of_two_mails_that_wait_for_the_mail_server_only_the_newer_goes_out():
    sign_up()
    sign_up(now=NOW + 2 * MINUTE)
    assert len(delivered(NOW + 3 * MINUTE)) == 1


def test_the_same_address_in_other_letters_is_one_row():
    sign_up("maria@peers.test")
    sign_up("MARIA@Peers.TEST")
    assert InterestSignup.objects.get().email == "maria@peers.test"


def test_who_is_on_the_list_is_told_so_by_mail_alone_and_stays_on_it():
    confirmed_at = on_the_list().confirmed_at
    sign_up(now=NOW + dt.timedelta(hours=1))
    (message,) = delivered(NOW + dt.timedelta(hours=1))
    assert message.subject == "You are on the list for new dates"
    assert "You are on the list already." in str(message.body)
    assert InterestSignup.objects.get().confirmed_at == confirmed_at


@pytest.mark.django_db(transaction=True)
def test_the_same_new_address_eight_times_at_once_is_one_row_and_one_letter():
    problems = at_once(partial(sign_up, MARIA) for _ in range(8))
    assert problems == []
    assert (InterestSignup.objects.count(), Letter.objects.count()) == (1, 1)


# The links.


def test_every_link_shows_by_get_and_changes_nothing(client: Client):
    sign_up()
    (asking,) = delivered()
    on_the_list("other@peers.test")
    sign_up("other@peers.test", NOW + 3 * MINUTE)
    (already,) = delivered(NOW + 3 * MINUTE)
    before = tables()
    for link in (link_in(asking, "confirm"), link_in(already, "leave")):
        for _ in range(2):
            assert client.get(link).status_code == HTTPStatus.OK
            assert client.head(link).status_code == HTTPStatus.OK
    assert tables() == before


def test_a_page_that_a_link_opens_is_kept_by_nobody(client: Client):
    signup = on_the_list()
    confirm = links.interest_link(Letter(kind="interest_confirm", interest=signup))
    for path in (urlsplit(confirm).path, leave_path(signup)):
        response = client.get(path)
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies


def test_a_link_made_for_one_purpose_serves_no_other(client: Client):
    sign_up()
    (message,) = delivered()
    token = link_in(message, "confirm").removeprefix("/interest/confirm/")
    assert client.post(f"/interest/leave/{token}").status_code == HTTPStatus.NOT_FOUND
    assert client.post("/interest/confirm/1.made-up/").status_code == HTTPStatus.NOT_FOUND
    signup = InterestSignup.objects.get()
    assert client.post(leave_path(signup).replace("leave", "confirm")).status_code == 404
    assert InterestSignup.objects.get().confirmed_at is None


def test_a_confirming_link_of_a_forgotten_address_says_so_and_offers_the_form(client: Client):
    sign_up()
    (message,) = delivered()
    InterestSignup.objects.all().delete()
    for method in (client.get, client.post):
        response = method(link_in(message, "confirm"))
        assert (response.status_code, heading(response)) == (410, "This link has ended")
        assert b'action="/interest/"' in response.content


def one_click(client: Client, path: str) -> Any:
    """The post of RFC 8058, as a mail program makes it."""
    body = "List-Unsubscribe=One-Click"
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


def test_one_click_leaves_at_once_and_a_second_time_is_as_good(mail_program: Client):
    signup = on_the_list()
    path = leave_path(signup)
    for _ in range(2):
        response = one_click(mail_program, path)
        assert response.status_code == HTTPStatus.OK
        assert heading(response) == "You are off the list"
        assert not response.cookies
    assert not InterestSignup.objects.exists()
    assert not Letter.objects.exists(), "nothing is kept of somebody who left"


def test_leaving_by_the_button_on_the_page_is_the_same_press(mail_program: Client):
    path = leave_path(on_the_list())
    assert heading(mail_program.get(path)) == "Leave the list?"
    assert heading(mail_program.post(path)) == "You are off the list"
    assert heading(mail_program.get(path)) == "You are off the list"
    assert not InterestSignup.objects.exists()


def test_who_left_and_comes_back_is_not_taken_off_by_an_old_link(client: Client):
    path = leave_path(on_the_list())
    client.post(path)
    on_the_list()
    client.post(path)
    assert InterestSignup.objects.count() == 1


def test_a_letter_in_flight_while_the_person_leaves_is_no_error():
    signup = on_the_list()
    sign_up(now=NOW + 3 * MINUTE)
    letter = Letter.objects.get(kind="interest_already")

    def clock() -> dt.datetime:
        """The last look at the clock is when the mail has gone."""
        if mail.outbox:
            interest.leave(signup=signup)
        return NOW + 3 * MINUTE

    deliver_due(clock=clock)
    assert len(mail.outbox) == 1
    assert not Letter.objects.filter(pk=letter.pk).exists()


def test_no_table_holds_a_link_that_works():
    sign_up()
    on_the_list("other@peers.test")
    sign_up("other@peers.test", NOW + 3 * MINUTE)
    messages = delivered(NOW + 3 * MINUTE)
    tokens = {
        match
        for message in messages
        for match in re.findall(r"/interest/\w+/([^/\s]+)/", str(message.body))
    }
    assert len(tokens) == 2
    dump = tables()
    assert not any(token in dump or token.partition(".")[2] in dump for token in tokens)


# Forgetting.


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        (dt.timedelta(days=7) - dt.timedelta(seconds=1), True),
        (dt.timedelta(days=7), False),
    ],
)
def test_an_address_that_does_not_answer_is_forgotten_after_7_days_and_not_before(
    after: dt.timedelta, kept: bool
):
    sign_up()
    on_the_list("confirmed@peers.test")
    interest.forget_unconfirmed(NOW + after)
    assert InterestSignup.objects.filter(email=MARIA).exists() == kept
    assert Letter.objects.filter(interest__email=MARIA).exists() == kept
    assert InterestSignup.objects.filter(email="confirmed@peers.test").exists()


def test_who_asks_again_has_7_days_from_then():
    sign_up()
    sign_up(now=NOW + dt.timedelta(days=6))
    interest.forget_unconfirmed(NOW + dt.timedelta(days=12))
    assert InterestSignup.objects.exists()
    interest.forget_unconfirmed(NOW + dt.timedelta(days=13))
    assert not InterestSignup.objects.exists()


def test_the_worker_forgets_by_itself():
    sign_up(now=NOW - dt.timedelta(days=8))
    call_command("work", once=True)
    assert not InterestSignup.objects.exists()
    assert "unanswered sign-ups" in {job.name for job in jobs.JOBS}
