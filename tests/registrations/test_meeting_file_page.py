"""Attendance from a meeting's file: shown with every doubt, and saved by the grid's own button."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.models import ScheduledClass
from registrations.models import AttendanceChange, Registration
from registrations.services import seats
from tests.factories import DENVER, NOW, make_answers, make_class
from tests.registrations.test_attendance import recorded, write
from tests.registrations.test_attendance_grid import day_1, field, path, sent_by

pytestmark = [pytest.mark.django_db, pytest.mark.once]

AFTER_DAY_1 = dt.datetime(2027, 1, 16, 18, tzinfo=DENVER)

FILE = """name,email,join,leave
Maria L.,MARIA@peers.test,2027-01-16 09:20,2027-01-16 12:00
Maria L.,MARIA@peers.test,2027-01-16 13:00,2027-01-16 17:00
dan  whitehorse,dan@home.test,2027-01-16 08:55,2027-01-16 17:02
Ruth Abramson,,2027-01-16 09:00,2027-01-16 13:00
Ruth Abramson,,2027-01-16 12:00,2027-01-16 14:00
+1 303 555 0123,,2027-01-16 09:00,2027-01-16 17:00
+1 720 555 0199,,2027-01-16 09:00,2027-01-16 17:00
Somebody,stranger@home.test,2027-01-16 09:00,2027-01-16 17:00
Lee,,2027-01-16 09:00,2027-01-16 17:00
Tom,,2027-01-16 17:00,2027-01-16 09:00
"""


@pytest.fixture(autouse=True)
def after_day_1(clock: time_machine.Traveller) -> None:
    clock.move_to(AFTER_DAY_1)


@pytest.fixture
def people() -> dict[str, Registration]:
    here = make_class()
    names = ["Maria Lopez", "Dan Whitehorse", "Ruth Abramson", "Grace Kim", "Lee", "Lee"]
    found = {}
    for number, name in enumerate(names):
        answers = make_answers(
            number,
            full_name=name,
            email="maria@peers.test" if name == "Maria Lopez" else f"{number}@peers.test",
            phone="(303) 555-0123" if name == "Grace Kim" else "",
        )
        found[name] = seats.add_by_staff(
            scheduled_class_id=here.pk, answers=answers, actor=seats.SITE, now=NOW
        )
    return found


def bring_in(
    client: Client, here: ScheduledClass, content: str | bytes = FILE, **typed: str
) -> Any:
    data = content.encode() if isinstance(content, str) else content
    form = {"meeting": day_1(here), "zone": here.time_zone} | typed
    file = SimpleUploadedFile("joins.csv", data)
    return client.post(f"{path(here)}file/", form | {"file": file})


def test_each_match_and_each_doubt_is_shown_before_anything_is_saved(
    admin_client: Client, people: dict[str, Registration]
):
    here = people["Lee"].scheduled_class
    text = bring_in(admin_client, here).text
    assert AttendanceChange.objects.count() == 0
    for sentence in [
        "it has 3 of 6 people. Nothing is saved yet.",
        "Joined by phone: +1 303 555 0123 (row 7). It may be Grace Kim.",
        "Joined by phone, so we do not know who it is: +1 720 555 0199 (row 8).",
        ("Nobody with a seat has this address or name: Somebody, stranger@home.test (row 9)."),
        "No one person with a seat has this name: Lee (row 10).",
        "Row 11: Tom leaves before joining.",
        "By the clock 1 hour 20 minutes missed.",
        "Came 20 minutes late.",
        "Away for 1 hour in between. Breaks are 2 hours, and count as none.",
        "2 joins put together.",
        "Found by the name. The file has another address: dan@home.test.",
        "Left 3 hours early.",
        "Two of them at the same time: counted once.",
        "Not in the file.",
    ]:
        assert sentence in text, sentence


def test_what_the_file_says_is_saved_by_the_button_of_the_grid(
    admin_client: Client, people: dict[str, Registration]
):
    here = people["Lee"].scheduled_class
    data = sent_by(bring_in(admin_client, here).text)
    data[f"p-{field(people['Grace Kim'])}"] = "present"
    response = admin_client.post(path(here), data, follow=True)
    assert "Saved: 4 entries." in response.text
    assert [recorded(people[name]) for name in ["Maria Lopez", "Dan Whitehorse"]] == [
        [("partly", 20)],
        [("present", 0)],
    ]
    assert recorded(people["Ruth Abramson"]) == [("partly", 180)]
    assert recorded(people["Grace Kim"]) == [("present", 0)]
    assert recorded(people["Lee"]) == []


def test_what_is_recorded_already_stays(admin_client: Client, people: dict[str, Registration]):
    here = people["Lee"].scheduled_class
    write(people["Maria Lopez"], 1, "present", now=AFTER_DAY_1)
    text = bring_in(admin_client, here).text
    assert "Recorded already, so it stays as it is. The file says:" in text
    assert sent_by(text)[f"p-{field(people['Maria Lopez'])}"] == "present"


def test_times_in_another_zone_are_read_in_the_chosen_one_and_doubted_in_the_wrong_one(
    admin_client: Client, people: dict[str, Registration]
):
    here = people["Lee"].scheduled_class
    in_utc = "name,email,join,leave\nMaria,maria@peers.test,2027-01-17 01:00,2027-01-17 03:00\n"
    text = bring_in(admin_client, here, in_utc).text
    assert "No time in the file falls into this session: the first is Sunday, January 17" in text
    assert "In the file, but not during this session." in text
    in_utc = "name,email,join,leave\nMaria,maria@peers.test,2027-01-16 16:00,2027-01-17 00:00\n"
    data = sent_by(bring_in(admin_client, here, in_utc, zone="UTC").text)
    assert data[f"p-{field(people['Maria Lopez'])}"] == "present"
    told = in_utc.replace("16:00", "16:00Z").replace("00:00", "00:00Z")
    text = bring_in(admin_client, here, told).text
    assert "The file names zones of its own. Its times are read in Mountain Time." in text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\x89PNG\x00", "This is no list that we can read. Export it as a CSV file."),
        (b"a,b\n1,2\n", "The file has no row with the headings for a name, joining and leaving."),
        (
            b"x" * 1_000_001,
            "The file is larger than 1 megabyte. Export the list of joins alone.",
        ),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(
    admin_client: Client, people: dict[str, Registration], content: bytes, sentence: str
):
    response = bring_in(admin_client, people["Lee"].scheduled_class, content)
    assert response.context["form"].errors == {"file": [sentence]}
    assert "found" not in response.context


def test_two_people_at_one_address_are_told_apart_by_their_names(
    admin_client: Client, people: dict[str, Registration]
):
    here = people["Lee"].scheduled_class
    second = seats.add_sharing(
        registration=people["Maria Lopez"], full_name="Ana Lopez", role="peer", now=NOW
    )
    text = (
        "name,email,join,leave\n"
        "Maria Lopez,maria@peers.test,2027-01-16 09:00,2027-01-16 17:00\n"
        "Ana Lopez,maria@peers.test,2027-01-16 09:30,2027-01-16 17:00\n"
        "iPad,maria@peers.test,2027-01-16 09:00,2027-01-16 17:00\n"
    )
    page = bring_in(admin_client, here, text).text
    assert "Nobody with a seat has this address or name: iPad, maria@peers.test (row 4)." in page
    data = sent_by(page)
    assert data[f"p-{field(people['Maria Lopez'])}"] == "present"
    assert data[f"m-{field(second)}"] == "30"


def test_the_form_sends_the_file_itself(admin_client: Client, people: dict[str, Registration]):
    page = f"{path(people['Lee'].scheduled_class)}file/"
    assert 'enctype="multipart/form-data"' in admin_client.get(page).text
