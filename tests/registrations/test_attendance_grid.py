"""Taking attendance in the admin: one form, read again when it cannot be saved."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import Course, Instructor, ScheduledClass
from registrations.models import AttendanceChange, Registration
from registrations.services import attendance, seats
from registrations.services.attendance import Entry
from registrations.services.ledger import check_seats
from tests.admin_forms import acted, filled_in, pressed
from tests.factories import DENVER, NOW, make_class, make_meeting
from tests.registrations.people import join, register
from tests.registrations.test_attendance import recorded, write
from tests.registrations.test_own_classes import robin as robin  # noqa: PLC0414  # for pytest

pytestmark = pytest.mark.django_db

AFTER_DAY_2 = dt.datetime(2027, 1, 23, 18, tzinfo=DENVER)
AFTER_DAY_1 = dt.datetime(2027, 1, 16, 18, tzinfo=DENVER)


@pytest.fixture(autouse=True)
def after_day_1(clock: time_machine.Traveller) -> None:
    clock.move_to(AFTER_DAY_1)


@pytest.fixture
def scheduled_class() -> ScheduledClass:
    return make_class()


@pytest.fixture
def maria(scheduled_class: ScheduledClass) -> Registration:
    return join(scheduled_class, 1)


@pytest.fixture
def dan(scheduled_class: ScheduledClass, maria: Registration) -> Registration:
    return join(scheduled_class, 2)


def path(scheduled_class: ScheduledClass) -> str:
    return f"/admin/courses/scheduledclass/{scheduled_class.pk}/attendance/"


def form(client: Client, scheduled_class: ScheduledClass) -> dict[str, str]:
    """All that the page would send when nothing is typed."""
    text = client.get(path(scheduled_class)).text
    return sent_by(text)


def sent_by(text: str) -> dict[str, str]:
    hidden = re.findall(r'<input type="hidden" name="(seen)" value="(\d+)"', text)
    chosen = re.findall(
        r'<select name="(p-[\d-]+)".*?<option value="(\w*)" selected>', text, re.DOTALL
    )
    minutes = re.findall(r'<input name="(m-[\d-]+)" id="[^"]*" value="(\w*)"', text)
    return dict(hidden + chosen + minutes)


def field(person: Registration, day: int = 1) -> str:
    meetings = ScheduledClass.objects.get(pk=person.scheduled_class_id).meetings
    return f"{person.pk}-{meetings[day - 1].pk}"


def day_1(scheduled_class: ScheduledClass) -> str:
    return str(ScheduledClass.objects.get(pk=scheduled_class.pk).meetings[0].pk)


def test_all_present_and_then_the_exceptions(
    admin_client: Client, maria: Registration, dan: Registration
):
    here = maria.scheduled_class
    data = form(admin_client, here) | {"all_present": day_1(here)}
    response = admin_client.post(path(here), data, follow=True)
    assert "Saved: 2 entries." in response.text
    assert (recorded(maria), recorded(dan)) == ([("present", 0)], [("present", 0)])
    assert AttendanceChange.objects.earliest("pk").by_user == User.objects.get(username="admin")


def test_what_was_typed_first_is_no_less_true_after_all_present(
    admin_client: Client, maria: Registration, dan: Registration
):
    here = maria.scheduled_class
    typed = {f"p-{field(maria)}": "partly", f"m-{field(maria)}": " 25 ", "all_present": day_1(here)}
    admin_client.post(path(here), form(admin_client, here) | typed)
    assert (recorded(maria), recorded(dan)) == ([("partly", 25)], [("present", 0)])


def test_what_is_left_open_stays_not_recorded(
    admin_client: Client, maria: Registration, dan: Registration
):
    here = maria.scheduled_class
    admin_client.post(path(here), form(admin_client, here) | {f"p-{field(dan)}": "excused"})
    assert (recorded(maria), recorded(dan)) == ([], [("excused", 0)])


@pytest.mark.parametrize(
    ("minutes", "error"),
    [
        ("", "Enter how many minutes Person 1 missed of Day 1."),
        ("half", "Enter how many minutes Person 1 missed of Day 1."),
        ("0", "Enter how many minutes Person 1 missed of Day 1."),
        ("-5", "Enter how many minutes Person 1 missed of Day 1."),
        ("481", "Day 1 is 480 minutes long. Enter fewer."),
    ],
)
def test_minutes_that_cannot_be_lose_nothing_that_was_typed(
    admin_client: Client, maria: Registration, dan: Registration, minutes: str, error: str
):
    here = maria.scheduled_class
    typed = {f"p-{field(maria)}": "partly", f"m-{field(maria)}": minutes}
    typed |= {f"p-{field(dan)}": "absent"}
    response = admin_client.post(path(here), form(admin_client, here) | typed)
    assert response.text.count(error) == 2
    assert f'href="#m-{field(maria)}"' in response.text
    assert "<title>Error: " in response.text
    again = sent_by(response.text)
    assert again[f"p-{field(dan)}"] == "absent"
    assert AttendanceChange.objects.count() == 0


def test_a_correction_asks_the_reason_and_keeps_what_was_typed(
    admin_client: Client, maria: Registration, dan: Registration
):
    here = maria.scheduled_class
    write(maria, 1, "present", now=AFTER_DAY_1)
    typed = {f"p-{field(maria)}": "absent", f"p-{field(dan)}": "present"}
    response = admin_client.post(path(here), form(admin_client, here) | typed)
    assert "Person 1, Day 1: Absent. Now: Present." in response.text
    assert recorded(maria) == [("present", 0)]
    assert recorded(dan) == []
    again = sent_by(response.text)
    assert {name: again[name] for name in typed} == typed
    response = admin_client.post(path(here), again | {"why": "It was another Maria"}, follow=True)
    assert "Saved: 2 entries." in response.text
    assert recorded(maria) == [("absent", 0)]
    page = admin_client.get(f"/admin/registrations/registration/{maria.pk}/change/").text
    assert "corrected January 16, 2027 for Person 1: Absent, not Present" in page
    assert "It was another Maria" in page
    page = admin_client.get(f"/admin/courses/scheduledclass/{here.pk}/").text
    assert "corrected January 16, 2027 for Person 1: Absent, not Present" in page


def test_the_second_of_two_is_told_and_the_rest_stays_theirs(
    admin_client: Client, maria: Registration, dan: Registration
):
    here = maria.scheduled_class
    opened = form(admin_client, here)
    write(maria, 1, "present", now=AFTER_DAY_1)
    write(dan, 1, "present", now=AFTER_DAY_1)
    response = admin_client.post(path(here), opened | {f"p-{field(maria)}": "absent"})
    assert "The site recorded January 16, 2027 for Person 1: Present" in response.text
    assert (recorded(maria), recorded(dan)) == ([("present", 0)], [("present", 0)])
    again = sent_by(response.text)
    assert again[f"p-{field(maria)}"] == "absent"
    assert again[f"p-{field(dan)}"] == "present"
    admin_client.post(path(here), again | {"why": "I saw the room"})
    assert (recorded(maria), recorded(dan)) == ([("absent", 0)], [("present", 0)])


def test_a_session_to_come_has_no_fields(
    admin_client: Client, maria: Registration, clock: time_machine.Traveller
):
    here = maria.scheduled_class
    data = form(admin_client, here)
    assert f"p-{field(maria, 2)}" not in data
    admin_client.post(path(here), data | {f"p-{field(maria, 2)}": "present"})
    assert recorded(maria) == []
    clock.move_to(NOW)
    text = admin_client.get(path(here)).text
    assert "There is nothing to record yet." in text
    assert "<select" not in text


def test_only_people_with_a_seat_stand_in_it(admin_client: Client, maria: Registration):
    here = maria.scheduled_class
    register(here, "silent")
    gone = join(here, "gone")
    seats.leave(registration=gone, actor=seats.SITE, now=NOW)
    left = join(here, "left")
    write(left, 1, "present", now=AFTER_DAY_1)
    seats.leave(registration=left, actor=seats.SITE, now=AFTER_DAY_1)
    text = admin_client.get(path(here)).text
    assert "Person 1" in text
    assert "Person left" in text
    assert "silent" not in text
    assert "Person gone" not in text


def test_the_page_costs_the_same_for_one_and_for_many(admin_client: Client, maria: Registration):
    here = maria.scheduled_class
    admin_client.get(path(here))

    def cost(**typed: str) -> int:
        data = form(admin_client, here) | typed
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(path(here))
            if typed:
                admin_client.post(path(here), data)
        return len(queries)

    cost(all_present=day_1(here))
    join(here, 2)
    looked, saved = cost(), cost(all_present=day_1(here))
    for person in range(3, 6):
        join(here, person)
    assert cost() == looked
    assert cost(all_present=day_1(here)) == saved


def test_500_people_are_recorded_at_once(admin_client: Client, clock: time_machine.Traveller):
    here = make_class(capacity=600)
    first = join(here, 1)
    Registration.objects.bulk_create(
        Registration(
            scheduled_class=here,
            full_name=f"Person {number}",
            email=f"many-{number}@peers.test",
            email_key=f"many-{number}@peers.test",
            role="peer",
            status="confirmed",
            proved_at=NOW,
            created_at=NOW,
        )
        for number in range(499)
    )
    clock.move_to(AFTER_DAY_2)
    admin_client.force_login(User.objects.get(username="admin"))
    data = form(admin_client, here)
    assert len(data) == 2001
    response = admin_client.post(path(here), data | {"all_present": day_1(here)}, follow=True)
    assert "Saved: 500 entries." in response.text
    assert recorded(first) == [("present", 0)]


# Instructors.


def test_an_instructor_takes_attendance_in_their_own_class_and_sees_no_more(
    robin: Instructor, scheduled_class: ScheduledClass, maria: Registration
):
    client = Client()
    assert robin.user
    client.force_login(robin.user)
    mine = f"/admin/registrations/registration/mine/{scheduled_class.pk}/attendance/"
    assert client.get(mine).status_code == 404
    scheduled_class.instructors.add(robin)
    Registration.objects.update(access_needs="Large print", phone="303 555 0123")
    text = client.get(mine).text
    assert "Large print" in text
    for private in ["303 555", maria.email, f"registration/{maria.pk}"]:
        assert private not in text
    assert mine in client.get(f"/admin/registrations/registration/mine/{scheduled_class.pk}/").text
    response = client.post(mine, sent_by(text) | {f"p-{field(maria)}": "present"}, follow=True)
    assert "Saved: 1 entry." in response.text
    assert AttendanceChange.objects.get().by_user == robin.user
    assert client.get(path(scheduled_class)).status_code == 403


# The desk.


def test_what_was_not_taken_is_something_to_do(admin_client: Client, dan: Registration):
    here = dan.scheduled_class
    missing = "Attendance for January 16, 2027 is not taken."
    for page in ["/admin/", f"/admin/courses/scheduledclass/{here.pk}/"]:
        text = admin_client.get(page).text
        assert missing in text
        assert path(here) in text
    write(dan, 1, "absent", now=AFTER_DAY_1)
    assert (
        "Attendance for January 16, 2027 is not recorded of 1 person."
        in admin_client.get("/admin/").text
    )
    attendance.record(
        scheduled_class_id=here.pk,
        entries=[
            Entry(person.pk, int(day_1(here)), "present")
            for person in here.registrations.exclude(pk=dan.pk)
        ],
        actor=seats.SITE,
        now=AFTER_DAY_1,
    )
    assert "Attendance for January 16, 2027" not in admin_client.get("/admin/").text


def test_the_page_of_a_class_says_who_is_complete_and_why_the_others_are_not(
    admin_client: Client, maria: Registration, dan: Registration, clock: time_machine.Traveller
):
    here = maria.scheduled_class
    clock.move_to(AFTER_DAY_2)
    admin_client.force_login(User.objects.get(username="admin"))
    for day in [1, 2]:
        write(maria, day, "present", now=AFTER_DAY_2)
    write(dan, 1, "present", now=AFTER_DAY_2)
    write(dan, 2, "partly", 50, now=AFTER_DAY_2)
    text = admin_client.get(f"/admin/courses/scheduledclass/{here.pk}/").text
    assert "1 of 2 people have completed the class." in text
    assert "Not complete. Missing: 50 minutes of Day 2." in text
    assert "The site added the attendance “January 16, 2027: 1 recorded”" in text


# Whoever came without a seat.


def test_a_walk_in_gets_a_seat_under_the_same_rules_and_stands_in_the_grid(
    admin_client: Client, maria: Registration
):
    here = maria.scheduled_class
    adding = f"/admin/registrations/registration/of/{here.pk}/add/?walk-in"
    assert adding in admin_client.get(path(here)).text
    typed = {"full_name": "Wes Yazzie", "email": "wes@peers.test", "role": "peer", "language": "en"}
    response = acted(admin_client, adding, typed)
    assert response.redirect_chain[-1][0] == path(here)
    assert "Wes Yazzie" in response.text
    seats.set_capacity(scheduled_class_id=here.pk, capacity=2, actor=seats.SITE, now=AFTER_DAY_1)
    response = acted(admin_client, adding, typed | {"full_name": "Lee", "email": "lee@peers.test"})
    assert here.registrations.get(full_name="Lee").status == "waitlisted"
    assert ">Lee<" not in response.text
    assert check_seats() == []


# Made up in a later class.


def test_a_session_made_up_later_is_recorded_on_the_page_of_the_person(
    admin_client: Client, maria: Registration, clock: time_machine.Traveller
):
    Course.objects.update(make_up_allowed=True)
    later = make_meeting(make_class(), dt.date(2027, 2, 6))
    write(maria, 1, "present", now=AFTER_DAY_2)
    write(maria, 2, "absent", now=AFTER_DAY_2)
    clock.move_to(dt.datetime(2027, 2, 7, tzinfo=DENVER))
    admin_client.force_login(User.objects.get(username="admin"))
    person = f"/admin/registrations/registration/{maria.pk}/"
    assert f"{person}made-up/" in admin_client.get(f"{person}change/").text
    missed = field(maria, 2).partition("-")[2]
    typed = {"missed": missed, "made_up_in": str(later.pk), "missed_there": "15"}
    response = admin_client.post(f"{person}made-up/", typed, follow=True)
    text = response.text
    assert "Absent. Made up on February 6, 2027, 15 minutes missed there" in text
    assert "Not yet. Missing: 15 minutes of Day 2." in text
    assert "recorded that Person 1 made up January 23, 2027" in text
    response = admin_client.post(f"{person}made-up/", typed | {"missed_there": ""})
    assert "Say why. The old value is kept with the reason." in response.text
    response = admin_client.post(
        f"{person}made-up/", typed | {"made_up_in": "", "why": "Another Maria"}, follow=True
    )
    assert "took back that Person 1 made up January 23, 2027" in response.text
    assert "Another Maria" in response.text


def test_a_session_that_is_recorded_cannot_be_taken_out_of_its_class(
    admin_client: Client, maria: Registration
):
    here = maria.scheduled_class
    write(maria, 1, "present", now=AFTER_DAY_1)
    change = f"/admin/courses/scheduledclass/{here.pk}/change/"
    data = filled_in(admin_client, change, **{"class_sessions-0-DELETE": "on"})
    response = pressed(admin_client, change, admin_client.post(change, data))
    assert "would require deleting the following protected related objects" in response.text
    assert recorded(maria) == [("present", 0)]
