"""What somebody who types other people's addresses can see: nothing."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import ScheduledClass
from registrations.letters.compose import compose
from registrations.letters.words import WORDS
from registrations.models import InterestSignup, Letter
from registrations.services import interest
from registrations.services.delivery import deliver_due
from tests.factories import NOW, make_class
from tests.registrations.people import join
from tests.registrations.test_own_page import tables
from tests.registrations.test_registering import check, path, signed_in, text_of

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "person-known@peers.test", "person-other@peers.test"

View = tuple[int, dict[str, str], str, int]


@pytest.fixture(autouse=True)
def standing_clock(clock: time_machine.Traveller) -> Iterator[None]:
    """What an answer says of the time is not what a stranger learns by."""
    with time_machine.travel(NOW, tick=False):
        yield


def seen(client: Client, email: str, ask: Callable[[], Any]) -> View:
    """Status, headers, words and number of queries of one answer, the address taken out."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = ask()
    # The number of a request is another one each time, by chance.
    by_chance = {"Content-Length", "X-Request-ID"}
    headers = {name: value for name, value in response.headers.items() if name not in by_chance}
    words = text_of(response).replace(email.replace("@", "@ "), "ADDRESS").replace(email, "ADDRESS")
    return response.status_code, headers, words, len(queries)


def registering(scheduled_class: ScheduledClass, email: str) -> list[View]:
    client = Client()
    signed = signed_in(check(client, scheduled_class, email=email))
    sent = path(scheduled_class, "sent/")
    return [
        seen(client, email, lambda: check(client, scheduled_class, email=email)),
        seen(client, email, lambda: client.post(sent, {"answers": signed})),
        seen(client, email, lambda: client.get(sent)),
    ]


def asking(where: str, email: str) -> list[View]:
    client = Client()
    return [seen(client, email, lambda: client.post(where, {"email": email}, follow=True))]


@pytest.fixture
def long_known() -> ScheduledClass:
    """A class in which an address is registered since yesterday, which also waits for news."""
    yesterday = NOW - dt.timedelta(days=1)
    scheduled_class = make_class(capacity=10, now=yesterday)
    join(scheduled_class, "known", yesterday)
    interest.sign_up(email=KNOWN, language="en", now=yesterday)
    InterestSignup.objects.update(confirmed_at=yesterday)
    return scheduled_class


def test_registering_gives_a_known_and_an_unknown_address_the_same(
    long_known: ScheduledClass,
) -> None:
    assert registering(long_known, KNOWN) == registering(long_known, UNKNOWN)


@pytest.mark.parametrize("where", ["/registrations/link/", "/interest/"])
def test_asking_gives_a_known_and_an_unknown_address_the_same(
    long_known: ScheduledClass, where: str
) -> None:
    # What every page shows of the site's words is remembered from here on.
    Client().get(where)
    assert asking(where, KNOWN) == asking(where, UNKNOWN)


def test_public_pages_do_not_change_by_what_a_stranger_sends(long_known: ScheduledClass) -> None:
    pages = ["/", "/classes/", long_known.get_absolute_url(), "/classes.ics"]
    before = [Client().get(page).content for page in pages]
    for email in (KNOWN, UNKNOWN):
        registering(long_known, email)
        asking("/registrations/link/", email)
        asking("/interest/", email)
    assert [Client().get(page).content for page in pages] == before


def test_no_link_in_any_letter_changes_anything_when_it_is_opened_twice(
    long_known: ScheduledClass,
) -> None:
    person = long_known.registrations.get()
    person.new_email = "new@peers.test"
    person.save()
    signup = InterestSignup.objects.get()
    about_the_class = {"turn": 900, "created_at": NOW, "next_try_at": NOW}
    for kind in WORDS:
        owed_to = {"interest": signup} if kind.startswith("interest") else {"registration": person}
        address = "new@peers.test" if kind == Letter.Kind.NEW_ADDRESS else ""
        Letter.objects.create(
            kind=kind,
            about=str(long_known.pk) if kind == Letter.Kind.INTEREST_NEWS else "",
            address=address,
            **owed_to,
            **about_the_class,
        )
    links: set[str] = set()
    for letter in Letter.objects.all():
        message = compose(letter)
        html = str(message.alternatives[0][0])
        links |= set(re.findall(r"http://testserver([^\s\"<>]+)", f"{message.body} {html}"))
        links |= set(re.findall(r"<http://testserver([^>]+)>", str(message.extra_headers)))
    assert len(links) >= 5
    before = tables()
    client = Client()
    for link in sorted(links) * 2:
        assert client.get(link).status_code == 200, link
    assert tables() == before


def test_no_letter_goes_to_an_address_that_a_stranger_typed_more_than_once_in_two_minutes(
    long_known: ScheduledClass,
) -> None:
    deliver_due()
    mail.outbox.clear()
    for _ in range(5):
        registering(long_known, UNKNOWN)
        asking("/interest/", UNKNOWN)
    now = timezone.now()
    deliver_due(clock=lambda: now)
    assert sorted(message.to[0] for message in mail.outbox) == [UNKNOWN, UNKNOWN]
    assert len({message.subject for message in mail.outbox}) == 2
