"""Numbers that people look at: true, fixed in cost, and still there when people are erased."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from courses.models import ScheduledClass
from registrations import charts, numbers
from registrations.models import Registration, RegistrationEvent
from registrations.retention import erase_what_is_due
from registrations.services import details, interest, seats
from registrations.services.seats import PERSON
from tests.content.test_history import heard
from tests.factories import DENVER, NOW, make_answers, make_class
from tests.registrations.people import join, register

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_counted_yet() -> None:
    """Keys of rows come again in the next test."""
    cache.clear()


DAY = dt.timedelta(days=1)
OVER_ALL = "/admin/registrations/registration/numbers/"


def path(scheduled_class: ScheduledClass) -> str:
    return f"/admin/courses/scheduledclass/{scheduled_class.pk}/numbers/"


def table(client: Client, address: str, name: str) -> dict[str, list[str]]:
    """The rows of the section's table: name of the row, and its cells."""
    text = client.get(address).text
    section = text.split(f'aria-labelledby="{name}"', 1)[1].split("</section>")[0]
    body = section.split("<tbody>")[1].split("</tbody>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>")]
    return {heard(row[0]): [heard(cell) for cell in row[1:]] for row in rows if row}


def a_class_that_fills() -> ScheduledClass:
    """2 seats. 2 people on the first day, 1 in line on the third, when 1 gives up."""
    scheduled_class = make_class(capacity=2)
    first = join(scheduled_class, 1)
    join(scheduled_class, 2)
    third = join(scheduled_class, 3, NOW + 2 * DAY)
    register(scheduled_class, 4, NOW + 2 * DAY)
    seats.leave(registration=first, actor=PERSON, now=NOW + 2 * DAY)
    seats.answer(registration=third, now=NOW + 2 * DAY)
    Registration.objects.filter(pk=third.pk).update(role="provider")
    state = {"full_name": "Person 2", "state": "colorado "}
    details.change_details(
        registration=Registration.objects.get(email="person-2@peers.test"),
        details=state,
        actor=PERSON,
        now=NOW,
    )
    return scheduled_class


def test_a_class_tells_how_it_filled(admin_client: Client):
    scheduled_class = a_class_that_fills()
    address = path(scheduled_class)
    page = heard(admin_client.get(address).text)
    assert "All 2 seats were taken 0 days after the first registration." in page
    assert "4 registrations. The most: 2 (Nov 24, 2026)." in page
    assert "In the end 2 seats were taken or held, and 1 people in line." in page
    assert table(admin_client, address, "registered") == {
        "Nov 24, 2026": ["2", "0"],
        "Nov 26, 2026": ["2", "1"],
    }
    assert table(admin_client, address, "seats") == {
        "Nov 24, 2026": ["2", "0"],
        "Nov 26, 2026": ["2", "1"],
    }


def test_a_class_tells_how_far_people_came_and_who_they_are(admin_client: Client):
    address = path(a_class_that_fills())
    way = {name: cells[0] for name, cells in table(admin_client, address, "way").items()}
    assert way == {
        "Registered": "4",
        "Stood in line": "2",
        "Were offered a seat": "3",
        "Answered the mail": "3",
        "Had a seat": "3",
        "Gave up a seat, or lost it with the class": "1",
        "Did not answer in time": "0",
    }
    roles = table(admin_client, address, "roles")
    assert [cells[0] for cells in roles.values()] == ["3", "1"]
    states = table(admin_client, address, "states")
    assert {name: cells[0] for name, cells in states.items()} == {
        "Colorado": "1",
        "Not given, or erased": "3",
    }


def test_the_numbers_of_one_class_leave_out_the_people_of_another(admin_client: Client):
    join(make_class(), "elsewhere")
    address = path(a_class_that_fills())
    assert table(admin_client, address, "way")["Registered"][0] == "4"


def test_numbers_outlive_the_people(admin_client: Client):
    address = path(a_class_that_fills())
    names = ["registered", "seats", "way", "roles"]
    before = [table(admin_client, address, name) for name in names]
    erase_what_is_due(NOW.replace(year=2040))
    assert not Registration.objects.exclude(full_name="").exists()
    assert [table(admin_client, address, name) for name in names] == before


def test_a_day_is_a_day_of_the_class_s_own_zone(admin_client: Client):
    scheduled_class = make_class(time_zone="Pacific/Honolulu")
    register(scheduled_class, 1, dt.datetime(2026, 11, 25, 1, tzinfo=DENVER))
    assert [*table(admin_client, path(scheduled_class), "registered")] == ["Nov 24, 2026"]


def test_many_days_are_told_in_weeks(admin_client: Client):
    scheduled_class = make_class()
    for number in (0, 1, 60, 100):
        register(scheduled_class, number, NOW - number * DAY)
    labels = [*table(admin_client, path(scheduled_class), "registered")]
    assert labels[-1] == "Week of Nov 23, 2026"
    assert len(labels) == 3


def test_over_all_tells_months_news_and_the_last_classes(admin_client: Client):
    scheduled_class = a_class_that_fills()
    register(make_class(), "before", NOW - 60 * DAY)
    interest.sign_up(email="news@peers.test", language="en", now=NOW)
    page = heard(admin_client.get(OVER_ALL).text)
    assert "1 has not confirmed the address." in page
    assert table(admin_client, OVER_ALL, "registered") == {
        "September 2026": ["1", "0"],
        "November 2026": ["4", "1"],
    }
    classes = admin_client.get(OVER_ALL).context["classes"]
    [row] = [one for one in classes if one.scheduled_class == scheduled_class]
    assert (row.registered, row.cancelled, row.days_to_fill) == (4, 1, 0)


def test_what_happens_is_in_the_numbers_over_all_at_once(admin_client: Client):
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    gave_up = "Gave up a seat, or lost it with the class"
    assert table(admin_client, OVER_ALL, "way")[gave_up][0] == "0"
    seats.leave(registration=person, actor=PERSON, now=NOW)
    assert table(admin_client, OVER_ALL, "way")[gave_up][0] == "1"


def test_nothing_to_count_is_said_plainly(admin_client: Client):
    assert "Nobody has registered yet." in admin_client.get(path(make_class())).text
    ScheduledClass.objects.all().delete()
    assert admin_client.get(OVER_ALL).status_code == 200


def crowd(scheduled_class: ScheduledClass, size: int) -> None:
    """Rows alone, each with a turn: what the numbers read."""
    answers = make_answers()
    people = Registration.objects.bulk_create(
        Registration(
            scheduled_class=scheduled_class,
            full_name=answers.full_name,
            email=f"{number}@peers.test",
            email_key=f"{number}@peers.test",
            role="peer",
            status="confirmed",
            proved_at=NOW,
            created_at=NOW - (number % 50) * DAY,
        )
        for number in range(size)
    )
    RegistrationEvent.objects.bulk_create(
        RegistrationEvent(registration=person, at=NOW, to_status="confirmed", by="site")
        for person in people
    )


@pytest.mark.parametrize("size", [10, 2000])
def test_numbers_cost_the_same_however_many_people(
    admin_client: Client, django_assert_max_num_queries: Any, size: int
):
    scheduled_class = make_class()
    crowd(scheduled_class, size)
    with django_assert_max_num_queries(14):
        admin_client.get(path(scheduled_class))
    with django_assert_max_num_queries(20):
        admin_client.get(OVER_ALL)


def test_the_pictures_say_in_words_what_they_show(admin_client: Client):
    text = admin_client.get(path(a_class_that_fills())).text
    for picture in re.findall(r"<svg[^>]*role=\"img\"[^>]*>", text):
        for words in re.findall(r'aria-(?:labelled|described)by="([\w-]+)"', picture):
            assert f'id="{words}"' in text
    assert " style=" not in text.split('id="content-main"')[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("values", "path"),
    [([], ""), ([1], "M0,80.0V80.0H720.0"), ([0, 2], "M0,160.0V160.0H360.0V0.0H720.0")],
)
def test_a_line_stays_at_each_value_until_the_next(values: list[int], path: str):
    assert charts.steps(values, 2) == path


def test_bars_stand_on_the_ground_and_the_highest_fills_the_chart():
    low, high = charts.bars([1, 4], 4)
    assert (low.y, low.height) == ("120.0", "40.0")
    assert (high.y, high.height) == ("0.0", "160.0")
    assert charts.bars([0], 0)[0].height == "0.0"


def test_days_to_fill_go_by_what_is_taken_at_the_end_of_a_day():
    days = {
        NOW.date(): numbers.Turns(registered=1, seats=1),
        NOW.date() + 5 * DAY: numbers.Turns(registered=1, seats=1),
    }
    assert numbers.days_to_fill(days, 2) == 5
    assert numbers.days_to_fill(days, 3) is None
