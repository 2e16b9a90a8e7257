import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from courses.models import ScheduledClass
from registrations.services.ledger import check_seats
from tests.admin_forms import ADD, change, edit, errors, filled_in, pressed, session, stored
from tests.factories import DENVER
from tests.registrations.people import join, register, statuses

MakeClass = Callable[..., ScheduledClass]

pytestmark = pytest.mark.django_db

ONLINE = {
    "slug": "january-2027-online",
    "status": "published",
    "delivery": "online",
    "capacity": "24",
    "cost_en": "Free",
    "cancellation_en": "You can cancel on your own page.",
}
TWO_DAYS = session(0, "2027-01-16", "09:00", "17:00") | session(1, "2027-01-23", "09:00", "17:00")


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def schedule(client: Client, **typed: str) -> Any:
    data = filled_in(client, ADD, **ONLINE | TWO_DAYS | typed)
    return pressed(client, ADD, client.post(ADD, data))


# Scheduling.


def test_a_class_that_staff_publish_is_on_the_site_with_its_days_and_seats(
    admin_client: Client,
) -> None:
    response = schedule(admin_client)
    assert errors(response) == {}
    scheduled_class = ScheduledClass.objects.get()
    assert scheduled_class.dates == "January 16 and 23, 2027"
    assert scheduled_class.seats.capacity == scheduled_class.seats.open == 24
    page = Client().get("/classes/january-2027-online/").text
    assert "Seats free" in page
    assert "9:00\N{NO-BREAK SPACE}am to 5:00\N{NO-BREAK SPACE}pm Mountain Time" in page


def test_the_message_after_saving_names_the_days(admin_client: Client) -> None:
    data = filled_in(admin_client, ADD, **ONLINE | TWO_DAYS)
    response = pressed(admin_client, ADD, admin_client.post(ADD, data), follow=True)
    messages = [str(message) for message in response.context["messages"]]
    assert len(messages) == 1
    assert "January 16 and 23, 2027, Online" in messages[0]


def test_a_draft_needs_neither_days_nor_seats_and_is_not_on_the_site(
    admin_client: Client,
) -> None:
    typed = {"slug": "later", "delivery": "online"}
    response = admin_client.post(ADD, filled_in(admin_client, ADD, **typed))
    assert errors(response) == {}
    assert ScheduledClass.objects.get().status == "draft"
    assert Client().get("/classes/later/").status_code == 404


def test_times_are_typed_in_the_zone_of_the_class(admin_client: Client) -> None:
    schedule(
        admin_client,
        time_zone="America/Los_Angeles",
        registration_closes_at_0="2027-01-15",
        registration_closes_at_1="17:00",
    )
    scheduled_class = ScheduledClass.objects.get()
    utc = dt.UTC
    assert scheduled_class.starts_at == dt.datetime(2027, 1, 16, 17, tzinfo=utc)
    assert scheduled_class.registration_closes_at == dt.datetime(2027, 1, 16, 1, tzinfo=utc)


def test_times_are_shown_in_the_zone_of_the_class(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(time_zone="America/New_York")
    page = admin_client.get(change(scheduled_class.pk)).text
    assert 'name="class_sessions-0-starts_at_1" value="11:00"' in page


def test_another_zone_keeps_the_hours_on_the_clock(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class()
    edit(admin_client, scheduled_class, time_zone="America/New_York")
    assert stored(scheduled_class).starts_at == dt.datetime(2027, 1, 16, 14, tzinfo=dt.UTC)


def test_the_hours_stay_the_same_on_both_sides_of_a_change_of_the_clock(
    admin_client: Client,
) -> None:
    days = session(0, "2027-03-13", "09:00", "17:00") | session(1, "2027-03-14", "09:00", "17:00")
    schedule(admin_client, **days)
    starts = [meeting.starts_at for meeting in ScheduledClass.objects.get().meetings]
    assert starts == [
        dt.datetime(2027, 3, 13, 16, tzinfo=dt.UTC),
        dt.datetime(2027, 3, 14, 15, tzinfo=dt.UTC),
    ]


def test_an_hour_that_the_clock_leaps_over_is_refused(admin_client: Client) -> None:
    response = schedule(admin_client, **session(1, "2027-03-14", "02:30", "11:00"))
    sentence = "On that day the clocks change, and this hour is not there or comes twice."
    assert errors(response) == {"1-starts_at": [sentence]}


# Impossible classes.

NO_BREAK = "\N{NO-BREAK SPACE}"
FIRST_DAY = "Saturday, January 16, 2027"
BEGINS = f"{FIRST_DAY}, 9:00{NO_BREAK}am Mountain Time"

REFUSED: dict[str, tuple[dict[str, str], dict[str, list[str]]]] = {
    "a session that ends before it starts": (
        session(1, "2027-01-23", "17:00", "09:00"),
        {"1-ends_at": ["A session ends after it starts."]},
    ),
    "a session that ends when it starts": (
        session(1, "2027-01-23", "09:00", "09:00"),
        {"1-ends_at": ["A session ends after it starts."]},
    ),
    "more credit than time": (
        session(1, "2027-01-23", "09:00", "14:59"),
        {"1-credit_minutes": ["The session is shorter than that."]},
    ),
    "sessions that overlap": (
        session(1, "2027-01-16", "16:59", "23:00"),
        {
            "1-starts_at": [
                f"The session before it ends later: {FIRST_DAY}, 5:00{NO_BREAK}pm Mountain Time."
            ]
        },
    ),
    "a window that closes after the class begins": (
        {"registration_closes_at_0": "2027-01-16", "registration_closes_at_1": "09:01"},
        {"registration_closes_at": [f"Registration closes before the class begins: {BEGINS}."]},
    ),
    "a window that opens when the class begins": (
        {"registration_opens_at_0": "2027-01-16", "registration_opens_at_1": "09:00"},
        {"registration_opens_at": [f"Registration opens before the class begins: {BEGINS}."]},
    ),
    "a window that closes when it opens": (
        {
            "registration_opens_at_0": "2027-01-04",
            "registration_opens_at_1": "09:00",
            "registration_closes_at_0": "2027-01-04",
            "registration_closes_at_1": "09:00",
        },
        {"registration_closes_at": ["Registration closes after it opens."]},
    ),
    "publishing without a cost": (
        {"cost_en": ""},
        {"cost_en": ["Say what it costs before you publish, even when it is: Free"]},
    ),
    "publishing without a way to give up a seat": (
        {"cancellation_en": " "},
        {"cancellation_en": ["Say how to give up a seat before you publish."]},
    ),
    "publishing without a seat": (
        {"capacity": "0"},
        {"capacity": ["A published class has at least 1 seat."]},
    ),
    "publishing in person without a place": (
        {"delivery": "in_person"},
        {"address": ["Say where the class is held before you publish."]},
    ),
    "publishing in person and online without a place": (
        {"delivery": "both"},
        {"address": ["Say where the class is held before you publish."]},
    ),
}


@pytest.mark.parametrize(("typed", "sentences"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_with_a_sentence_at_the_field(
    admin_client: Client, typed: dict[str, str], sentences: dict[str, list[str]]
) -> None:
    response = schedule(admin_client, **typed)
    assert errors(response) == sentences
    for (sentence,) in sentences.values():
        assert sentence in response.text
    assert not ScheduledClass.objects.exists()


def test_publishing_without_a_session_is_refused(admin_client: Client) -> None:
    response = admin_client.post(ADD, filled_in(admin_client, ADD, **ONLINE))
    assert errors(response) == {"sessions": ["A published class has at least one session."]}
    assert not ScheduledClass.objects.exists()


def test_the_last_session_of_a_published_class_cannot_be_taken_out(
    admin_client: Client, make_class: MakeClass
) -> None:
    gone = {"class_sessions-0-DELETE": "on", "class_sessions-1-DELETE": "on"}
    scheduled_class = make_class()
    response = edit(admin_client, scheduled_class, **gone)
    assert errors(response) == {"sessions": ["A published class has at least one session."]}
    assert stored(scheduled_class).class_sessions.count() == 2


def test_an_address_in_use_is_refused(admin_client: Client, make_class: MakeClass) -> None:
    make_class(slug="january-2027-online")
    sentence = "Another class has this address. Choose a different one."
    assert errors(schedule(admin_client)) == {"slug": [sentence]}


@pytest.mark.parametrize("closes", ["08:59", "09:00"])
def test_a_window_may_close_up_to_the_moment_the_class_begins(
    admin_client: Client, closes: str
) -> None:
    typed = {"registration_closes_at_0": "2027-01-16", "registration_closes_at_1": closes}
    assert errors(schedule(admin_client, **typed)) == {}


def test_a_session_may_begin_when_the_one_before_it_ends(admin_client: Client) -> None:
    response = schedule(admin_client, **session(1, "2027-01-16", "17:00", "23:00"))
    assert errors(response) == {}


def test_a_session_moved_before_the_closing_of_registration_is_refused(
    admin_client: Client, make_class: MakeClass
) -> None:
    closes = dt.datetime(2027, 1, 15, 17, tzinfo=DENVER)
    scheduled_class = make_class(registration_closes_at=closes)
    typed = session(0, "2027-01-09", "09:00", "17:00")
    response = edit(admin_client, scheduled_class, **typed)
    assert list(errors(response)) == ["registration_closes_at"]
    assert stored(scheduled_class).dates == "January 16 and 23, 2027"


# Seats.


def test_fewer_seats_than_are_taken_are_refused_with_their_number(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(capacity=5, taken=3)
    response = edit(admin_client, scheduled_class, capacity="2")
    assert errors(response) == {"capacity": ["3 seats are taken. Choose that number or more."]}
    assert stored(scheduled_class).seats.capacity == 5


def test_as_many_seats_as_are_taken_are_allowed(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(capacity=5, taken=3)
    assert errors(edit(admin_client, scheduled_class, capacity="3")) == {}
    assert stored(scheduled_class).seats.capacity == 3


def test_a_new_seat_is_offered_to_the_first_in_line(
    admin_client: Client, make_class: MakeClass, time_machine: Any, now: dt.datetime
) -> None:
    time_machine.move_to(now)
    scheduled_class = make_class(capacity=1, taken=1)
    join(scheduled_class, 1)
    join(scheduled_class, 2)
    edit(admin_client, scheduled_class, capacity="2")
    assert statuses(scheduled_class) == {
        "person-seated-1": "confirmed",
        "person-1": "offered",
        "person-2": "waitlisted",
    }
    assert check_seats() == []


def test_an_edited_title_writes_no_number_of_seats(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(capacity=3)
    path = change(scheduled_class.pk)
    page = filled_in(admin_client, path, cost_en="10 dollars")
    register(scheduled_class, 1)
    admin_client.post(path, page)
    after = stored(scheduled_class)
    assert (after.cost, after.seats.taken, after.seats.open) == ("10 dollars", 1, 2)
    assert check_seats() == []
