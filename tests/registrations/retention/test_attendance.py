"""Attendance, and the reasons of its corrections, are kept with the name and go with it."""

import pytest

from registrations.models import (
    AttendanceChange,
    Registration,
)
from registrations.retention import erase_what_is_due
from registrations.services import attendance, erasing, seats
from registrations.services.attendance import Entry
from registrations.services.seats import PERSON
from tests.factories import make_class
from tests.registrations.people import join, numbers
from tests.registrations.retention.ways import (
    ADDRESS,
    CLASS_ENDS,
    EARNED,
    SECOND,
    SEVEN_YEARS_AFTER,
    STAFF,
    YEAR_AFTER,
    kept,
    with_details,
)

pytestmark = pytest.mark.django_db


def there(person: Registration, *presences: str) -> None:
    """What is recorded of the person, day by day; a correction with its reason for the first."""
    for meeting, presence in zip(person.scheduled_class.meetings, presences, strict=False):
        for value, why in [("excused", ""), (presence, f"{ADDRESS} wrote")]:
            attendance.record(
                scheduled_class_id=person.scheduled_class_id,
                entries=[Entry(person.pk, meeting.pk, value)],
                actor=STAFF,
                now=CLASS_ENDS,
                why=why,
            )


def test_who_was_there_and_left_is_kept_as_long_as_who_stayed():
    person = with_details(join(make_class(), 1))
    there(person, "present")
    seats.leave(registration=person, actor=STAFF, now=CLASS_ENDS - SECOND)
    assert person.status == "cancelled"
    erase_what_is_due(YEAR_AFTER)
    assert kept(person) == EARNED
    erase_what_is_due(SEVEN_YEARS_AFTER)
    assert kept(person) == set()


def test_reasons_of_corrections_go_with_the_address_and_attendance_with_the_name():
    person = with_details(join(make_class(), 1))
    there(person, "present", "absent")
    assert AttendanceChange.objects.exclude(why="").count() == 2
    erase_what_is_due(YEAR_AFTER - SECOND)
    assert AttendanceChange.objects.exclude(why="").count() == 2
    erase_what_is_due(YEAR_AFTER)
    assert AttendanceChange.objects.exclude(why="").count() == 0
    assert person.attendances.count() == 2
    erase_what_is_due(SEVEN_YEARS_AFTER)
    assert (person.attendances.count(), AttendanceChange.objects.count()) == (0, 0)
    person.refresh_from_db()
    assert person.status == "confirmed"


@pytest.mark.parametrize(
    ("presences", "stays"),
    [(["present", "absent"], True), (["absent"], True), (["absent", "excused"], False)],
)
def test_who_missed_all_of_it_can_be_erased_wholly(presences: list[str], *, stays: bool):
    scheduled_class = make_class()
    person = with_details(join(scheduled_class, 1))
    there(person, *presences)
    before = numbers(scheduled_class)
    erasing.erase(registration=person, actor=PERSON, now=CLASS_ENDS)
    assert kept(person) == (EARNED if stays else set())
    assert person.attendances.count() == (len(presences) if stays else 0)
    assert numbers(scheduled_class) == before
