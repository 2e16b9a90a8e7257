"""What search engines are told: the same as readers, in schema.org's words."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from content.models import SiteSettings
from courses.models import Course, ScheduledClass
from courses.structured_data import duration, price
from registrations.services import scheduling
from registrations.services.class_changes import Snapshot, tell_changes
from registrations.services.seats import SITE
from tests.factories import DAYS, NOW, make_class, make_meeting
from tests.registrations.people import join

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d")
TWO_WEEKS = dt.timedelta(weeks=2)


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def data(path: str = "/") -> dict[str, Any]:
    """What stands in the page's one element of data."""
    (text,) = SCRIPT.findall(Client().get(path).text)
    found: dict[str, Any] = json.loads(text)
    check(found)
    return found


def one(scheduled_class: ScheduledClass) -> dict[str, Any]:
    """The class on its own page, which says the same as the first page does."""
    (instance,) = data(scheduled_class.get_absolute_url())["hasCourseInstance"]
    assert instance in data("/")["hasCourseInstance"]
    found: dict[str, Any] = instance
    return found


def check(course: dict[str, Any]) -> None:
    """What Google asks for of Course and CourseInstance, and dates that cannot be misread."""
    assert course["@context"] == "https://schema.org"
    assert course["@type"] == "Course"
    assert all(course[name] for name in ("name", "description", "provider", "offers"))
    assert all(course["provider"][name] for name in ("@type", "name", "url"))
    assert all(offer["category"] for offer in course["offers"])
    for row in course["hasCourseInstance"]:
        assert row["@type"] == "CourseInstance"
        assert row["courseMode"] in {"Online", "Onsite", "Blended"}
        assert row["courseWorkload"] == "PT12H"
        assert all(
            schedule[name]
            for schedule in row["courseSchedule"]
            for name in ("repeatCount", "repeatFrequency", "duration", "scheduleTimezone")
        )
        assert row["eventStatus"].startswith("https://schema.org/Event")
        assert row["offers"]["category"] in {"Free", "Paid", "Partially Free"}
        assert re.match("http://testserver(/es)?/classes/", row["url"])
        dates = [row["startDate"], row["endDate"], row.get("previousStartDate", row["startDate"])]
        assert all(WITH_OFFSET.fullmatch(date) for date in dates)


def test_a_class_is_told_whole():
    scheduled_class = make_class(course=Course.objects.get())
    assert one(scheduled_class) == {
        "@type": "CourseInstance",
        "name": "January 16 and 23, 2027, online",
        "url": "http://testserver/classes/january-2027-1/",
        "courseMode": "Online",
        "courseWorkload": "PT12H",
        "courseSchedule": [
            {
                "@type": "Schedule",
                "startDate": "2027-01-16",
                "endDate": "2027-01-23",
                "startTime": "09:00:00",
                "endTime": "17:00:00",
                "scheduleTimezone": "America/Denver",
                "repeatFrequency": "Weekly",
                "repeatCount": 2,
                "duration": "PT8H",
            }
        ],
        "startDate": "2027-01-16T09:00-07:00",
        "endDate": "2027-01-23T17:00-07:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {
            "@type": "VirtualLocation",
            "url": "http://testserver/classes/january-2027-1/",
        },
        "inLanguage": "en",
        "offers": {
            "@type": "Offer",
            "url": "http://testserver/classes/january-2027-1/",
            "category": "Free",
            "price": "0",
            "priceCurrency": "USD",
            "availability": "https://schema.org/InStock",
        },
    }


def test_the_join_link_and_the_numbers_of_seats_are_in_no_page():
    scheduled_class = make_class(capacity=17, taken=3)
    text = json.dumps(one(scheduled_class))
    assert "meet.example.org" not in text
    assert "17" not in text.replace("17:00", "")


PLACE = {"town": "Denver", "address": "Community Center\n100 Example Street"}


def test_a_class_in_person_has_a_place():
    row = one(make_class(delivery="in_person", **PLACE))
    assert row["courseMode"] == "Onsite"
    assert row["location"] == {
        "@type": "Place",
        "name": "Denver",
        "address": "Community Center, 100 Example Street, Denver",
    }


def test_a_class_in_both_ways_has_both_places():
    row = one(make_class(delivery="both", language="es", **PLACE))
    assert row["courseMode"] == "Blended"
    assert [place["@type"] for place in row["location"]] == ["Place", "VirtualLocation"]
    assert row["inLanguage"] == "es"


def test_a_cancelled_class_keeps_its_dates():
    scheduled_class = make_class()
    scheduling.cancel_class(scheduled_class=scheduled_class, actor=SITE, now=NOW)
    row = one(scheduled_class)
    assert row["eventStatus"] == "https://schema.org/EventCancelled"
    assert row["startDate"] == "2027-01-16T09:00-07:00"
    assert "availability" not in row["offers"]


def move(scheduled_class: ScheduledClass) -> None:
    before = Snapshot.of(scheduled_class)
    for meeting in scheduled_class.class_sessions.all():
        meeting.starts_at += TWO_WEEKS
        meeting.ends_at += TWO_WEEKS
        meeting.save()
    tell_changes(scheduled_class=scheduled_class, before=before, now=timezone.now())


def test_a_class_that_was_moved_says_from_when():
    scheduled_class = make_class()
    move(scheduled_class)
    row = one(scheduled_class)
    assert row["eventStatus"] == "https://schema.org/EventRescheduled"
    assert row["previousStartDate"] == "2027-01-16T09:00-07:00"
    assert row["startDate"] == "2027-01-30T09:00-07:00"


def test_a_draft_that_was_moved_was_never_promised_for_another_day():
    scheduled_class = make_class(status="draft")
    move(scheduled_class)
    ScheduledClass.objects.update(status="published")
    assert one(scheduled_class)["eventStatus"] == "https://schema.org/EventScheduled"


def test_another_hour_of_the_last_day_moves_no_beginning():
    scheduled_class = make_class()
    before = Snapshot.of(scheduled_class)
    last = scheduled_class.class_sessions.last()
    assert last is not None
    last.ends_at += dt.timedelta(hours=1)
    last.save()
    tell_changes(scheduled_class=scheduled_class, before=before, now=NOW)
    row = one(scheduled_class)
    assert row["eventStatus"] == "https://schema.org/EventScheduled"
    # Days with different hours are told one by one.
    assert [part["endTime"] for part in row["courseSchedule"]] == ["17:00:00", "18:00:00"]
    assert [part["repeatCount"] for part in row["courseSchedule"]] == [1, 1]


def test_days_in_a_row_are_daily_and_one_day_is_one():
    scheduled_class = make_class()
    scheduled_class.class_sessions.all()[1].delete()
    (only,) = one(scheduled_class)["courseSchedule"]
    assert (only["repeatFrequency"], only["repeatCount"]) == ("Daily", 1)
    make_meeting(scheduled_class, DAYS[0] + dt.timedelta(days=1))
    (both,) = one(scheduled_class)["courseSchedule"]
    assert (both["repeatFrequency"], both["repeatCount"]) == ("Daily", 2)


@pytest.mark.parametrize(
    ("people", "word"), [(0, "LimitedAvailability"), (1, "SoldOut")], ids=["free", "full"]
)
def test_seats_are_told_in_bands(people: int, word: str):
    scheduled_class = make_class(capacity=1)
    for person in range(people):
        join(scheduled_class, person)
    assert one(scheduled_class)["offers"]["availability"] == f"https://schema.org/{word}"


def test_a_class_that_is_not_open_yet_says_from_when():
    opens = NOW + TWO_WEEKS
    offers = one(make_class(registration_opens_at=opens))["offers"]
    assert offers["validFrom"] == "2026-12-08T12:00-07:00"
    assert "availability" not in offers


@pytest.mark.parametrize("path", ["/", "/classes/", "/privacy/"])
def test_without_a_public_class_nothing_is_told(path: str):
    make_class(status="draft")
    assert "<script" not in Client().get(path).text


def test_a_class_that_is_over_is_not_told_any_more(clock: Any):
    scheduled_class = make_class()
    clock.move_to(NOW + dt.timedelta(days=90))
    assert "<script" not in Client().get(scheduled_class.get_absolute_url()).text


def test_staff_cannot_end_the_element_by_what_they_write():
    SiteSettings.objects.update(site_name="</script><script>alert(1)</script> & <!--")
    make_class()
    page = Client().get("/").text
    assert page.count("<script") == 1
    assert data("/")["provider"]["name"] == "</script><script>alert(1)</script> & <!--"


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        ("Free", {"category": "Free", "price": "0", "priceCurrency": "USD"}),
        ("Gratis.", {"category": "Free", "price": "0", "priceCurrency": "USD"}),
        ("$120", {"category": "Paid", "price": "120", "priceCurrency": "USD"}),
        ("$1,200.50", {"category": "Paid", "price": "1200.50", "priceCurrency": "USD"}),
        (
            "Free for peers, $50 for others",
            {"category": "Partially Free", "description": "Free for peers, $50 for others"},
        ),
        ("$50 or $20", {"category": "Paid", "description": "$50 or $20"}),
    ],
)
def test_a_price_is_told_only_where_the_words_are_nothing_else(cost: str, said: dict[str, str]):
    assert price(cost) == said


@pytest.mark.parametrize(("minutes", "said"), [(720, "PT12H"), (90, "PT1H30M"), (45, "PT45M")])
def test_durations(minutes: int, said: str):
    assert duration(dt.timedelta(minutes=minutes)) == said


def test_the_spanish_page_tells_it_in_spanish():
    make_class(course=Course.objects.get(), cost_es="Gratis")
    course = data("/es/")
    assert course["hasCourseInstance"][0]["url"].endswith("/classes/january-2027-1/")
    assert "enero" in course["hasCourseInstance"][0]["name"]
