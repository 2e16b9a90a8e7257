"""What a class is to its readers, moment by moment."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from courses.listing import Listing
from courses.models import ClassSession, Instructor, ScheduledClass
from registrations.services import scheduling
from registrations.services.seats import SITE
from tests.factories import DAYS, DENVER, NOW, make_class, make_meeting
from tests.registrations.people import register

NO_BREAK = "\N{NO-BREAK SPACE}"
OPENS = dt.datetime(2027, 1, 4, 9, tzinfo=DENVER)
CLOSES = dt.datetime(2027, 1, 14, 17, tzinfo=DENVER)
BEGINS = dt.datetime(2027, 1, 16, 9, tzinfo=DENVER)
ENDS = dt.datetime(2027, 1, 23, 17, tzinfo=DENVER)
SECOND = dt.timedelta(seconds=1)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def read(path: str) -> str:
    """The words of a page, each run of white space one space."""
    page = re.sub(r"</?(b|span|wbr)\b[^>]*>", "", Client().get(path).text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def words(scheduled_class: ScheduledClass, now: dt.datetime) -> str:
    return Listing(scheduled_class, now).words


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            OPENS - SECOND,
            f"Registration opens Monday, January 4, 2027, 9:00{NO_BREAK}am Mountain Time",
        ),
        (OPENS, "Seats free"),
        (CLOSES - SECOND, "Seats free"),
        (CLOSES, "Registration has closed"),
        (ENDS - SECOND, "Registration has closed"),
        (ENDS, "This class is over"),
    ],
)
def test_the_window_of_registration_opens_and_closes_to_the_second(now: dt.datetime, said: str):
    window = {"registration_opens_at": OPENS, "registration_closes_at": CLOSES}
    assert words(make_class(**window), now) == said


@pytest.mark.parametrize(
    ("now", "said"), [(BEGINS - SECOND, "Seats free"), (BEGINS, "Registration has closed")]
)
def test_without_a_closing_date_registration_closes_when_the_class_begins(
    now: dt.datetime, said: str
):
    assert words(make_class(), now) == said


@pytest.mark.parametrize(
    ("capacity", "taken", "line_size", "said"),
    [
        (5, 1, 20, "Seats free"),
        (5, 2, 20, "A few seats left"),
        (5, 4, 20, "A few seats left"),
        (5, 5, 20, "Full. You can join the line"),
        (5, 5, 0, "Full, and the line is full"),
    ],
)
def test_seats_are_said_in_bands(capacity: int, taken: int, line_size: int, said: str):
    scheduled_class = make_class(capacity=capacity, taken=taken, line_size=line_size)
    assert words(scheduled_class, NOW) == said


def test_the_line_is_full_when_as_many_wait_as_it_holds():
    scheduled_class = make_class(capacity=1, taken=1, line_size=2)
    register(scheduled_class, 1)
    assert words(ScheduledClass.objects.get(), NOW) == "Full. You can join the line"
    register(scheduled_class, 2)
    assert words(ScheduledClass.objects.get(), NOW) == "Full, and the line is full"


def test_a_draft_is_nowhere(client: Client):
    draft = make_class(status="draft")
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert draft.slug not in client.get("/classes/").text


def test_a_class_page_says_all_that_people_have_to_know(time_machine: Any):
    time_machine.move_to(NOW)
    scheduled_class = make_class(
        delivery="both",
        town="Denver, Colorado",
        address="Hall of Peers\n12 First Street",
        about_days="Bring lunch.",
        cost="25 dollars",
    )
    scheduled_class.instructors.add(Instructor.objects.create(name="Ada", credentials="CPFS"))
    page = read(scheduled_class.get_absolute_url())
    hours = f"9:00{NO_BREAK}am to 5:00{NO_BREAK}pm Mountain Time".replace(NO_BREAK, " ")
    for said in [
        "January 16 and 23, 2027, in person and online",
        f"Day 1 Saturday, January 16, 2027 {hours}",
        f"Day 2 Saturday, January 23, 2027 {hours}",
        "11:00 am to 7:00 pm Eastern Time",
        "Hall of Peers 12 First Street Denver, Colorado",
        "Ada, CPFS",
        "Bring lunch.",
        "25 dollars",
        "12 CE credits for 12 hours of training",
        "Be there for the whole class.",
        "You can cancel on your own page.",
        "Taught in English",
        "Seats free",
        "Registration closes on Saturday, January 16, 2027, 9:00 am Mountain Time.",
    ]:
        assert said in page


def test_the_join_link_is_on_no_public_page():
    scheduled_class = make_class(join_link="https://meet.example.org/only-for-seats")
    for path in ["/", "/classes/", scheduled_class.get_absolute_url()]:
        assert "only-for-seats" not in Client().get(path).text


def test_no_public_page_says_how_many_seats_are_taken():
    scheduled_class = make_class(capacity=83, taken=11)
    for path in ["/classes/", scheduled_class.get_absolute_url()]:
        page = read(path)
        assert not re.search(r"\b(83|11|72)\b(?!:00)", page)


def test_a_cancelled_class_says_so_at_its_address_and_offers_no_form(time_machine: Any):
    time_machine.move_to(NOW)
    scheduled_class = make_class()
    scheduling.cancel_class(scheduled_class=scheduled_class, actor=SITE, now=NOW)
    page = read(scheduled_class.get_absolute_url())
    assert "Cancelled on November 24, 2026" in page
    assert "This class will not take place." in page
    assert "Register for this class" not in page
    assert "Cancelled on November 24, 2026" in read("/classes/")


def test_a_past_class_is_listed_as_past_and_offers_no_form(time_machine: Any):
    scheduled_class = make_class()
    time_machine.move_to(ENDS)
    page = read("/classes/")
    assert page.index("Past classes") < page.index("January 16 and 23, 2027")
    page = read(scheduled_class.get_absolute_url())
    assert "This class is over" in page
    assert "Register for this class" not in page


def test_classes_stand_in_the_order_in_which_they_begin(time_machine: Any):
    time_machine.move_to(NOW)
    make_class(slug="second")
    first = make_class(slug="first")
    make_meeting(first, DAYS[0] - dt.timedelta(days=7))
    page = Client().get("/classes/").text
    assert page.index("/classes/first/") < page.index("/classes/second/")


def test_a_session_that_ends_on_the_next_day_names_that_day():
    scheduled_class = make_class()
    late = scheduled_class.meetings[0]
    late.ends_at = late.starts_at + dt.timedelta(hours=16)
    assert late.hours == (
        f"9:00{NO_BREAK}am to Sunday, January 17, 2027, 1:00{NO_BREAK}am Mountain Time"
    )


def test_the_next_class_is_one_that_has_not_begun(client: Client) -> None:
    call_command("load_content", verbosity=0)
    begun, to_come = make_class(), make_class()
    ClassSession.objects.filter(scheduled_class=begun).update(
        starts_at=NOW - dt.timedelta(hours=1), ends_at=NOW + dt.timedelta(hours=1)
    )
    page = client.get("/").text
    assert f'Next class: <a href="{to_come.get_absolute_url()}">' in page
    assert begun.get_absolute_url() in page
