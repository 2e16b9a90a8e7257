"""A person's calendar follows what happens to them: parts in mail, and the file on their page."""

import datetime as dt
import importlib
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from courses.models import ClassSession, ScheduledClass
from registrations.links import token_for
from registrations.models import CalendarEntry, Letter, Registration, RegistrationEvent
from registrations.services import calendars, erasing, scheduling, seats
from registrations.services.class_changes import Snapshot, tell_changes
from registrations.services.delivery import deliver_due
from tests.calendars import Event, components, parsed
from tests.factories import DENVER, NOW, make_class, make_meeting, seat_someone
from tests.registrations.people import join, letters_to, person_in, register
from tests.registrations.test_own_page import page_of
from tests.registrations.test_registering import text_of

pytestmark = pytest.mark.django_db

STAFF = seats.Actor(RegistrationEvent.By.STAFF)
A_WEEK = dt.timedelta(days=7)
AN_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Part:
    """A calendar part of a mail: what its header says, and the one event in it."""

    method: str
    calendar: Any
    event: Event

    @property
    def uid(self) -> str:
        return str(self.event["uid"])

    @property
    def sequence(self) -> int:
        return int(self.event["sequence"])

    @property
    def starts_at(self) -> dt.datetime:
        start = self.event["dtstart"].dt
        assert isinstance(start, dt.datetime)
        return start


def as_received(message: mail.EmailMessage) -> EmailMessage:
    received = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    assert isinstance(received, EmailMessage)
    return received


def parts_of(message: mail.EmailMessage) -> list[Part]:
    return [
        read_part(part)
        for part in as_received(message).walk()
        if part.get_content_type() == "text/calendar"
    ]


def read_part(part: EmailMessage) -> Part:
    calendar, [event] = parsed(part.get_content())
    method = part.get_param("method")
    assert calendar["method"] == method, "RFC 6047, 2.4: the header names the method of the part"
    return Part(str(method), calendar, event)


def delivered(now: dt.datetime = NOW) -> list[Part]:
    """The calendar parts of all mail that goes out now."""
    mail.outbox.clear()
    deliver_due(clock=lambda: now)
    return [part for message in mail.outbox for part in parts_of(message)]


def short(parts: list[Part]) -> list[tuple[str, int, str]]:
    return [(part.method, part.sequence, f"{part.starts_at:%B %-d}") for part in parts]


def change(scheduled_class: ScheduledClass, now: dt.datetime = NOW, **fields: str) -> None:
    """Staff change the class itself, and people are told."""
    before = Snapshot.of(scheduled_class)
    ScheduledClass.objects.filter(pk=scheduled_class.pk).update(**fields)
    tell_changes(scheduled_class=scheduled_class, before=before, now=now)


def move_last_day(
    scheduled_class: ScheduledClass, by: dt.timedelta = A_WEEK, now: dt.datetime = NOW
) -> None:
    before = Snapshot.of(scheduled_class)
    last = ClassSession.objects.filter(scheduled_class=scheduled_class).latest("starts_at")
    last.starts_at, last.ends_at = last.starts_at + by, last.ends_at + by
    last.save()
    tell_changes(scheduled_class=scheduled_class, before=before, now=now)


def sequences(registration: Registration) -> list[tuple[int, bool]]:
    """(sequence, withdrawn) of each entry, in order of time."""
    entries = registration.calendar_entries.order_by("starts_at")
    return list(entries.values_list("sequence", "is_withdrawn"))


def file_of(client: Client, registration: Registration) -> list[Event]:
    response = client.get(page_of(registration, "calendar.ics"))
    assert response.status_code == HTTPStatus.OK
    calendar, events = parsed(response.content)
    assert calendar["method"] == "PUBLISH"
    return events


# What a mail carries.


def test_the_mail_about_a_seat_carries_a_request_for_each_day():
    join(make_class(), 1)
    first, second = delivered()
    assert short([first, second]) == [("REQUEST", 0, "January 16"), ("REQUEST", 0, "January 23")]
    assert first.uid != second.uid
    event = first.event
    assert event["summary"] == "Peer Support Training, Day 1"
    assert event["location"] == "Online: the link is on your page"
    assert (event["status"], event["class"]) == ("CONFIRMED", "PRIVATE")
    assert event["organizer"] == "mailto:training@peers.test"
    assert event["organizer"].params["CN"] == "Peer Support Training"
    assert event["attendee"] == "mailto:person-1@peers.test"
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert event["attendee"].params["PARTSTAT"] == "ACCEPTED"
    assert first.starts_at == dt.datetime(2027, 1, 16, 9, tzinfo=DENVER)
    assert event["dtstart"].params["TZID"] == "America/Denver"
    assert event["dtend"].dt == dt.datetime(2027, 1, 16, 17, tzinfo=DENVER)


def test_the_parts_are_alternatives_after_text_and_html():
    join(make_class(), 1)
    deliver_due(clock=lambda: NOW)
    received = as_received(mail.outbox[0])
    assert received.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in received.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "text/calendar"]
    for part in list(received.iter_parts())[2:]:
        assert dict(part["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}


def test_mail_files_hold_the_parts_and_still_open(settings: LazySettings, tmp_path: Path):
    settings.EMAIL_BACKEND = "bawg_site.mail_files.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    join(make_class(delivery="in_person", address="Café Ñandú\r\n1 Main St"), 1)
    deliver_due(clock=lambda: NOW)
    [path] = tmp_path.glob("*confirmed*.eml")
    received = message_from_bytes(path.read_bytes(), policy=policy.default)
    parts = [part for part in received.walk() if part.get_content_type() == "text/calendar"]
    assert [read_part(part).event["location"] for part in parts] == ["Café Ñandú, 1 Main St"] * 2
    assert "You have a seat" in path.with_suffix(".html").read_text()


def test_a_place_in_line_a_held_seat_and_news_of_other_things_carry_no_calendar():
    scheduled_class = make_class(capacity=1, taken=1)
    join(scheduled_class, "waits")
    register(make_class(), "held")
    assert delivered() == []
    assert CalendarEntry.objects.filter(registration__status="waitlisted").count() == 0


def test_nothing_in_a_calendar_tells_what_the_class_is_about_or_holds_a_link(client: Client):
    scheduled_class = make_class(join_link="https://meet.example.org/secret-room")
    person = join(scheduled_class, 1)
    deliver_due(clock=lambda: NOW)
    seats.leave(registration=person, actor=seats.PERSON, now=NOW)
    seats.rejoin(registration=person, now=NOW)
    deliver_due(clock=lambda: NOW)
    contents = [part.calendar.to_ical() for message in mail.outbox for part in parts_of(message)]
    contents.append(client.get(page_of(person, "calendar.ics")).content)
    assert len(contents) == 5
    for content in contents:
        text = content.replace(b"\r\n ", b"").decode().lower()
        assert "://" not in text
        for word in ("secret-room", token_for(person).lower(), "benzo", "recover", "person 1"):
            assert word not in text


@pytest.mark.parametrize(
    ("days", "utc_hours"),
    [
        ([dt.date(2027, 3, 13), dt.date(2027, 3, 14)], [16, 15]),
        ([dt.date(2027, 11, 6), dt.date(2027, 11, 7)], [15, 16]),
    ],
)
def test_nine_in_denver_stays_nine_on_both_sides_of_a_clock_change(
    client: Client, days: list[dt.date], utc_hours: list[int]
):
    scheduled_class = make_class()
    scheduled_class.class_sessions.all().delete()
    for day in days:
        make_meeting(scheduled_class, day)
    person = join(scheduled_class, 1)
    parts = delivered()
    assert [part.starts_at.astimezone(dt.UTC).hour for part in parts] == utc_hours
    assert [part.starts_at.hour for part in parts] == [9, 9]
    for part, utc_hour in zip(parts, utc_hours, strict=True):
        [rules] = components(part.calendar, "VTIMEZONE")
        local = part.starts_at.replace(tzinfo=rules.to_tz(lookup_tzid=False))
        assert local.utcoffset() == dt.timedelta(hours=9 - utc_hour)
    assert [event["dtstart"].dt for event in file_of(client, person)] == [
        part.starts_at for part in parts
    ]


def test_the_entry_speaks_the_persons_language():
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    with translation.override("es"):
        calendars.bring_class_up_to_date(scheduled_class, NOW + AN_HOUR)
    assert sequences(person) == [(0, False), (0, False)], "staff's own language changes nothing"


# A life: same UID, SEQUENCE rising each time.


def test_taking_moving_a_day_cancelling_coming_back_and_the_end_of_the_class_in_one_calendar():
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    taken = delivered()
    uids = [part.uid for part in taken]

    move_last_day(scheduled_class, now=NOW + AN_HOUR)
    moved = delivered(NOW + AN_HOUR)
    assert short(moved) == [("REQUEST", 1, "January 30")], "the day that did not move is not sent"
    assert moved[0].uid == uids[1]

    seats.leave(registration=person, actor=seats.PERSON, now=NOW + 2 * AN_HOUR)
    left = delivered(NOW + 2 * AN_HOUR)
    assert short(left) == [("CANCEL", 1, "January 16"), ("CANCEL", 2, "January 30")]
    assert [part.event["status"] for part in left] == ["CANCELLED", "CANCELLED"]
    assert [part.uid for part in left] == uids

    seats.rejoin(registration=person, now=NOW + 3 * AN_HOUR)
    back = delivered(NOW + 3 * AN_HOUR)
    assert short(back) == [("REQUEST", 2, "January 16"), ("REQUEST", 3, "January 30")]
    assert [part.uid for part in back] == uids

    scheduling.cancel_class(scheduled_class=scheduled_class, actor=STAFF, now=NOW + 4 * AN_HOUR)
    ended = delivered(NOW + 4 * AN_HOUR)
    assert short(ended) == [("CANCEL", 3, "January 16"), ("CANCEL", 4, "January 30")]
    assert [part.uid for part in ended] == uids
    assert letters_to(person)[-1] == "class_cancelled"


def test_each_stamp_is_the_moment_of_the_change_so_that_it_rises_with_the_sequence():
    scheduled_class = make_class()
    join(scheduled_class, 1)
    [first, _] = delivered(NOW + A_WEEK)
    move_last_day(scheduled_class, now=NOW + A_WEEK + AN_HOUR)
    [moved] = delivered(NOW + 2 * A_WEEK)
    assert first.event["dtstamp"].dt == NOW
    assert moved.event["dtstamp"].dt == NOW + A_WEEK + AN_HOUR


def test_a_new_place_is_a_request_for_every_day():
    scheduled_class = make_class(delivery="in_person", address="Old Hall")
    join(scheduled_class, 1)
    delivered()
    change(scheduled_class, NOW + AN_HOUR, address="New Hall")
    parts = delivered(NOW + AN_HOUR)
    assert short(parts) == [("REQUEST", 1, "January 16"), ("REQUEST", 1, "January 23")]
    assert {str(part.event["location"]) for part in parts} == {"New Hall"}


def test_a_new_link_to_join_changes_no_calendar():
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    delivered()
    change(scheduled_class, NOW + AN_HOUR, join_link="https://meet.example.org/new")
    assert delivered(NOW + AN_HOUR) == []
    assert letters_to(person)[-1] == "changed"
    assert sequences(person) == [(0, False), (0, False)]


def test_a_day_that_is_dropped_is_withdrawn_and_one_that_is_added_is_new():
    scheduled_class = make_class()
    join(scheduled_class, 1)
    first, _ = delivered()
    before = Snapshot.of(scheduled_class)
    ClassSession.objects.earliest("starts_at").delete()
    make_meeting(scheduled_class, dt.date(2027, 1, 30))
    tell_changes(scheduled_class=scheduled_class, before=before, now=NOW + AN_HOUR)
    parts = delivered(NOW + AN_HOUR)
    assert short(parts) == [
        ("CANCEL", 1, "January 16"),
        ("REQUEST", 1, "January 23"),
        ("REQUEST", 0, "January 30"),
    ]
    assert parts[0].uid == first.uid
    assert [str(part.event["summary"])[-5:] for part in parts] == ["Day 1", "Day 1", "Day 2"]


def test_moving_to_another_class_withdraws_the_old_days_and_moving_back_brings_them_back():
    january = make_class()
    march = make_class(time_zone="America/New_York")
    march.class_sessions.all().delete()
    for day in (6, 13):
        make_meeting(march, dt.date(2027, 3, day))
    person = join(january, 1)
    old = delivered()
    seats.move(
        registration=person, scheduled_class_id=march.pk, actor=seats.PERSON, now=NOW + AN_HOUR
    )
    parts = delivered(NOW + AN_HOUR)
    assert short(parts) == [
        ("CANCEL", 1, "January 16"),
        ("CANCEL", 1, "January 23"),
        ("REQUEST", 0, "March 6"),
        ("REQUEST", 0, "March 13"),
    ]
    assert parts[2].event["dtstart"].params["TZID"] == "America/New_York"
    assert parts[0].event["dtstart"].params["TZID"] == "America/Denver"
    seats.move(
        registration=person, scheduled_class_id=january.pk, actor=seats.PERSON, now=NOW + A_WEEK
    )
    back = delivered(NOW + A_WEEK)
    assert short(back) == [
        ("CANCEL", 1, "March 6"),
        ("CANCEL", 1, "March 13"),
        ("REQUEST", 2, "January 16"),
        ("REQUEST", 2, "January 23"),
    ]
    assert [part.uid for part in back[2:]] == [part.uid for part in old]


def test_somebody_staff_added_and_somebody_who_takes_an_offer_get_their_days():
    scheduled_class = make_class(capacity=1)
    first, waits = join(scheduled_class, 1), join(scheduled_class, 2)
    seats.leave(registration=first, actor=seats.PERSON, now=NOW)
    seats.answer(registration=waits, now=NOW)
    seat_someone(make_class(), 3, NOW)
    added = Registration.objects.get(email="person-seated-3@peers.test")
    assert sequences(waits) == sequences(added) == [(0, False), (0, False)]


def test_two_people_who_share_an_address_have_entries_of_their_own():
    first = join(make_class(), 1)
    second = seats.add_sharing(registration=first, full_name="B", role="peer", now=NOW)
    uids = {part.uid for part in delivered()}
    assert len(uids) == 4
    seats.leave(registration=second, actor=seats.PERSON, now=NOW + AN_HOUR)
    assert len(delivered(NOW + AN_HOUR)) == 2
    assert sequences(first) == [(0, False), (0, False)]


# Mail that goes astray.


def test_what_a_letter_did_not_get_to_tell_the_next_one_tells():
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    delivered()
    move_last_day(scheduled_class, now=NOW + AN_HOUR)
    Letter.objects.filter(kind="changed").update(state=Letter.State.GIVEN_UP)
    change(scheduled_class, NOW + A_WEEK, delivery="both", address="The Hall")
    assert short(delivered(NOW + A_WEEK)) == [
        ("REQUEST", 1, "January 16"),
        ("REQUEST", 2, "January 30"),
    ]
    assert sequences(person) == [(1, False), (2, False)]


def test_a_move_that_was_overtaken_by_a_cancelling_still_withdraws_the_older_days():
    january, february = make_class(), make_class()
    person = join(january, 1)
    delivered()
    seats.move(
        registration=person, scheduled_class_id=february.pk, actor=seats.PERSON, now=NOW + AN_HOUR
    )
    seats.leave(registration=person, actor=seats.PERSON, now=NOW + 2 * AN_HOUR)
    parts = delivered(NOW + 2 * AN_HOUR)
    assert [(part.method, part.sequence) for part in parts] == [("CANCEL", 1)] * 4


def test_a_letter_that_waited_carries_what_is_so_when_it_goes_out():
    scheduled_class = make_class()
    join(scheduled_class, 1)
    move_last_day(scheduled_class, now=NOW + AN_HOUR)
    parts = delivered(NOW + 2 * AN_HOUR)
    assert [message.subject for message in mail.outbox] == [
        "Your class on January 16 and 30, 2027",
        "Changed: your class on January 16 and 30, 2027",
    ]
    assert short(parts) == [
        ("REQUEST", 0, "January 16"),
        ("REQUEST", 1, "January 30"),
        ("REQUEST", 1, "January 30"),
    ]


def test_an_erased_person_keeps_no_live_entry_and_gets_no_mail():
    person = join(make_class(), 1)
    delivered()
    erasing.erase(registration=person, actor=seats.PERSON, now=NOW + AN_HOUR)
    assert sequences(person) == [(1, True), (1, True)]
    assert delivered(NOW + AN_HOUR) == []


# The file on a person's page.


def test_the_file_has_the_same_uids_and_sequences_as_the_mail(client: Client):
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    taken = delivered()
    assert [event["uid"] for event in file_of(client, person)] == [part.uid for part in taken]
    move_last_day(scheduled_class)
    events = file_of(client, person)
    assert [event["sequence"] for event in events] == [0, 1]
    assert [event["uid"] for event in events] == [part.uid for part in taken]
    assert all("attendee" not in event for event in events)
    response = client.get(page_of(person, "calendar.ics"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="training.ics"'
    assert response["Cache-Control"] == "no-store, private"


def test_the_page_of_someone_with_a_seat_leads_to_the_file(client: Client):
    person = join(make_class(), 1)
    page = client.get(page_of(person))
    assert "Add both days to my calendar" in text_of(page)
    assert f'href="{page_of(person, "calendar.ics")}"' in page.content.decode()


def test_only_someone_with_a_seat_has_a_file(client: Client):
    scheduled_class = make_class(capacity=1)
    seated, waits = join(scheduled_class, "seated"), join(scheduled_class, "waits")
    register(make_class(), "held")
    held = Registration.objects.get(email="person-held@peers.test")
    for person in (waits, held):
        response = client.get(page_of(person, "calendar.ics"))
        assert response.status_code == HTTPStatus.NOT_FOUND
        assert response["Cache-Control"] == "no-store, private"
        assert "calendar" not in text_of(client.get(page_of(person)))
    seats.leave(registration=seated, actor=seats.PERSON, now=NOW)
    assert client.get(page_of(seated, "calendar.ics")).status_code == HTTPStatus.NOT_FOUND
    assert client.get("/registrations/nonsense/calendar.ics").status_code == HTTPStatus.NOT_FOUND


def test_the_link_of_the_file_ends_with_the_link_of_the_page(client: Client):
    person = join(make_class(), 1)
    old = page_of(person, "calendar.ics")
    Registration.objects.update(link_version=2)
    assert client.get(old).status_code == HTTPStatus.GONE


# What it costs, and how it began.


def test_a_change_for_a_whole_class_costs_the_same_for_two_people_and_for_ten(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    scheduled_class = make_class()
    for people in (range(2), range(2, 10)):
        for person in people:
            seat_someone(scheduled_class, person, NOW)
        last = ClassSession.objects.latest("starts_at")
        last.starts_at -= AN_HOUR / 6
        last.save()
        with django_assert_num_queries(5):
            calendars.bring_class_up_to_date(scheduled_class, NOW)
    assert CalendarEntry.objects.filter(starts_at=last.starts_at).count() == 10


def test_an_end_for_one_person_costs_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    person = join(make_class(), 1)
    person.status = Registration.Status.CANCELLED
    with django_assert_num_queries(1):
        calendars.bring_up_to_date(person, NOW)


def test_bringing_up_to_date_twice_changes_nothing_more():
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    before = list(CalendarEntry.objects.values())
    calendars.bring_up_to_date(person, NOW + AN_HOUR)
    calendars.bring_class_up_to_date(scheduled_class, NOW + AN_HOUR)
    assert list(CalendarEntry.objects.values()) == before


@pytest.mark.parametrize("fields", [{}, {"delivery": "in_person", "town": "Denver"}])
def test_people_who_had_a_seat_before_there_were_calendars_find_their_days(
    client: Client, fields: dict[str, Any]
):
    scheduled_class = make_class(**fields)
    person = join(scheduled_class, 1)
    CalendarEntry.objects.all().delete()
    name = "registrations.migrations.0006_entries_for_people_with_a_seat"
    importlib.import_module(name).write_entries(apps, None)
    assert len(file_of(client, person_in(scheduled_class, 1))) == 2
    calendars.bring_class_up_to_date(scheduled_class, NOW)
    assert sequences(person) == [(0, False), (0, False)], "written as the services write them"
