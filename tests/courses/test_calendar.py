"""The public calendar files: one class, and the feed of all."""

import datetime as dt
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from courses.calendars import Entry, Method, calendar_file, time_zone
from courses.models import ClassSession, ScheduledClass
from courses.services import bump_revisions
from courses.zones import Zone
from registrations.models import RegistrationEvent
from registrations.services import scheduling, seats
from tests.calendars import Event, components, parsed
from tests.factories import DENVER, NOW, make_class, make_meeting, seat_someone

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SPRING = [dt.date(2027, 3, 13), dt.date(2027, 3, 14)]
AUTUMN = [dt.date(2027, 11, 6), dt.date(2027, 11, 7)]


def class_file(client: Client, scheduled_class: ScheduledClass) -> list[Event]:
    return parsed(client.get(f"{scheduled_class.get_absolute_url()}calendar.ics").content)[1]


def feed(client: Client) -> list[Event]:
    return parsed(client.get("/classes.ics").content)[1]


def on_days(days: list[dt.date]) -> ScheduledClass:
    scheduled_class = make_class()
    scheduled_class.class_sessions.all().delete()
    for day in days:
        make_meeting(scheduled_class, day)
    return ScheduledClass.objects.get(pk=scheduled_class.pk)


def test_the_file_of_a_class_has_its_sessions_and_says_that_it_registers_nobody(client: Client):
    scheduled_class = make_class()
    response = client.get(f"{scheduled_class.get_absolute_url()}calendar.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="january-2027-1.ics"'
    calendar, events = parsed(response.content)
    assert (calendar["method"], calendar["version"]) == ("PUBLISH", "2.0")
    assert [str(event["summary"]) for event in events] == [
        "Recovering from Benzodiazepines for Peer Specialists, Day 1",
        "Recovering from Benzodiazepines for Peer Specialists, Day 2",
    ]
    for event in events:
        assert event["description"] == (
            "Saving this date registers nobody. "
            "Register here: http://testserver/classes/january-2027-1/"
        )
        assert (event["location"], event["status"], event["sequence"]) == ("Online", "CONFIRMED", 0)
        assert event["organizer"] == "mailto:training@peers.test"
        assert "attendee" not in event
    assert [event["dtstart"].dt for event in events] == [
        dt.datetime(2027, 1, 16, 9, tzinfo=DENVER),
        dt.datetime(2027, 1, 23, 9, tzinfo=DENVER),
    ]


def test_the_only_day_of_a_class_has_no_number(client: Client):
    events = class_file(client, on_days(SPRING[:1]))
    assert [event["summary"] for event in events] == [
        "Recovering from Benzodiazepines for Peer Specialists"
    ]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"delivery": "online"}, "Online"),
        ({"delivery": "in_person"}, "In person"),
        ({"delivery": "in_person", "town": "Denver, Colorado"}, "Denver, Colorado"),
        (
            {"delivery": "in_person", "address": "The Hall\r\n1 Main St", "town": "Denver"},
            "The Hall, 1 Main St, Denver",
        ),
        (
            {"delivery": "both", "address": "1 Main St, Denver", "town": "Denver"},
            "1 Main St, Denver. Online",
        ),
    ],
)
def test_the_place_stands_in_one_line(client: Client, fields: dict[str, Any], place: str):
    assert {str(event["location"]) for event in class_file(client, make_class(**fields))} == {place}


@pytest.mark.parametrize(
    ("days", "starts", "offsets"),
    [
        (SPRING, ["2027-03-13T16:00+00:00", "2027-03-14T15:00+00:00"], [-7, -6]),
        (AUTUMN, ["2027-11-06T15:00+00:00", "2027-11-07T16:00+00:00"], [-6, -7]),
    ],
)
def test_nine_in_denver_is_nine_on_both_sides_of_a_clock_change(
    client: Client, days: list[dt.date], starts: list[str], offsets: list[int]
):
    scheduled_class = on_days(days)
    response = client.get(f"{scheduled_class.get_absolute_url()}calendar.ics")
    calendar, events = parsed(response.content)
    assert b"DTSTART;TZID=America/Denver:%sT090000" % days[0].strftime("%Y%m%d").encode() in (
        response.content
    )
    utc = [event["dtstart"].dt.astimezone(dt.UTC) for event in events]
    assert [moment.isoformat(timespec="minutes") for moment in utc] == starts
    # A reader that knows no zones by name goes by the rules in the file itself.
    [rules] = components(calendar, "VTIMEZONE")
    zone = rules.to_tz(lookup_tzid=False)
    for event, offset in zip(events, offsets, strict=True):
        for moment in (event["dtstart"].dt, event["dtend"].dt):
            local = moment.replace(tzinfo=zone)
            assert local.utcoffset() == dt.timedelta(hours=offset)


@pytest.mark.parametrize("zone", Zone)
def test_the_rules_in_the_file_agree_with_the_zone_at_every_hour_of_two_years(zone: Zone):
    rules: Any = time_zone(zone, 2027, 2028)
    # Each begins at a time of the clock before it: that clock's offset makes it UTC.
    changes = sorted(
        (
            (part["dtstart"].dt - part["tzoffsetfrom"].td).replace(tzinfo=dt.UTC),
            part["tzoffsetto"].td,
            part["tzname"],
        )
        for part in rules.subcomponents
    )
    moment = dt.datetime(2027, 1, 2, tzinfo=dt.UTC)
    while moment.year < 2029:
        local = moment.astimezone(ZoneInfo(zone.value))
        _, offset, name = [change for change in changes if change[0] <= moment][-1]
        assert (offset, name) == (local.utcoffset(), local.tzname()), moment
        moment += dt.timedelta(hours=1)


def test_each_zone_of_a_feed_comes_once(client: Client):
    for zone in (Zone.MOUNTAIN, Zone.EASTERN, Zone.MOUNTAIN):
        make_class(time_zone=zone)
    calendar, events = parsed(client.get("/classes.ics").content)
    zones = [str(part["tzid"]) for part in components(calendar, "VTIMEZONE")]
    assert zones == ["America/Denver", "America/New_York"]
    assert {event["dtstart"].params["TZID"] for event in events} == set(zones)


def test_a_session_keeps_its_uid_in_both_files_when_it_moves_and_its_sequence_rises(
    client: Client, clock: Any
):
    # Each file says when it was made, to the second.
    clock.move_to(NOW, tick=False)
    scheduled_class = make_class()
    before = class_file(client, scheduled_class)
    assert feed(client) == before
    assert len({event["uid"] for event in before}) == 2
    scheduled_class.class_sessions.filter(pk=scheduled_class.meetings[0].pk).update(
        starts_at=dt.datetime(2027, 1, 16, 10, tzinfo=DENVER)
    )
    bump_revisions(scheduled_class)
    after = class_file(client, scheduled_class)
    assert [event["uid"] for event in after] == [event["uid"] for event in before]
    assert [event["sequence"] for event in after] == [1, 1]
    assert after[0]["dtstart"].dt == dt.datetime(2027, 1, 16, 10, tzinfo=DENVER)


def test_a_cancelled_class_is_cancelled_in_both_files(client: Client):
    scheduled_class = make_class()
    actor = seats.Actor(RegistrationEvent.By.STAFF)
    scheduling.cancel_class(scheduled_class=scheduled_class, actor=actor, now=NOW)
    for events in (class_file(client, scheduled_class), feed(client)):
        assert [(event["status"], event["sequence"]) for event in events] == [("CANCELLED", 1)] * 2
        assert "will not take place" in events[0]["description"]


def test_a_draft_has_no_file_and_is_in_no_feed(client: Client):
    draft = make_class(status="draft")
    response = client.get(f"{draft.get_absolute_url()}calendar.ics")
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert feed(client) == []


def test_the_feed_has_what_is_to_come_and_the_file_of_a_past_class_stays(client: Client):
    past, coming = on_days([dt.date(2026, 11, 1)]), make_class()
    assert len(class_file(client, past)) == 1
    assert {str(event["url"]) for event in feed(client)} == {
        f"http://testserver{coming.get_absolute_url()}"
    }


def test_no_public_file_holds_the_link_to_join(client: Client):
    scheduled_class = make_class(join_link="https://meet.example.org/secret-room")
    for path in (f"{scheduled_class.get_absolute_url()}calendar.ics", "/classes.ics"):
        content = client.get(path).content.replace(b"\r\n ", b"")
        assert b"BEGIN:VEVENT" in content
        assert b"secret-room" not in content
        assert b"/registrations/" not in content


def test_the_files_cost_the_same_however_many_people_and_classes_there_are(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
):
    scheduled_class = make_class()
    path = f"{scheduled_class.get_absolute_url()}calendar.ics"
    for people in (range(5), range(5, 10)):
        with django_assert_num_queries(2):
            client.get(path)
        with django_assert_num_queries(3):
            client.get("/classes.ics")
        for person in people:
            seat_someone(scheduled_class, person, NOW)
        make_class()


def test_the_pages_lead_to_the_files_and_say_that_they_register_nobody(client: Client):
    scheduled_class = make_class()
    page = client.get(scheduled_class.get_absolute_url()).content.decode()
    assert f'href="{scheduled_class.get_absolute_url()}calendar.ics"' in page
    assert "Save the dates in my calendar." in page
    assert "This does not register you." in page
    page = client.get("/classes/").content.decode()
    assert 'href="/classes.ics"' in page
    assert "This does not register you." in page


@pytest.mark.parametrize("name", ["Zoë's; training, \\ “peer”", "研修 🌿" * 20])
def test_text_of_any_kind_comes_back_whole(name: str):
    entry = Entry(
        uid="1",
        sequence=0,
        stamp=NOW,
        starts_at=NOW,
        ends_at=NOW + dt.timedelta(hours=1),
        zone=Zone.MOUNTAIN,
        summary=name,
        description=name,
        place=name,
    )
    content = calendar_file(Method.PUBLISH, [entry])
    [event] = parsed(content)[1]
    assert {str(event[key]) for key in ("summary", "description", "location")} == {name}
    assert max(len(line) for line in content.split(b"\r\n")) <= 75, "RFC 5545, 3.1"


def test_only_get_and_head_are_answered(client: Client):
    scheduled_class = make_class()
    for path in (f"{scheduled_class.get_absolute_url()}calendar.ics", "/classes.ics"):
        assert client.post(path).status_code == HTTPStatus.METHOD_NOT_ALLOWED
        assert client.head(path).status_code == HTTPStatus.OK


def test_the_revision_of_another_class_does_not_rise():
    scheduled_class, other = make_class(), make_class()
    bump_revisions(scheduled_class)
    revisions = ClassSession.objects.filter(scheduled_class=other).values_list(
        "revision", flat=True
    )
    assert list(revisions) == [0, 0]
