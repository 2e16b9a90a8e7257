"""Making the sample classes."""

import datetime as dt
import time

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from courses.listing import Listing
from courses.models import Course, ScheduledClass
from courses.zones import Zone
from registrations.management.commands.load_sample import load_sample
from registrations.models import Registration
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def made_at(now: dt.datetime) -> list[ScheduledClass]:
    """The sample classes by their dates: past, full, nearly full, open."""
    load_sample(course=Course.objects.get(), now=now)
    return list(ScheduledClass.objects.with_dates().for_page().order_by("first_start"))


@pytest.mark.parametrize(
    ("month", "day"),
    [(3, 1), (3, 5), (3, 6), (3, 7), (10, 3)],
    ids=["Monday", "Friday", "Saturday", "Sunday", "before winter time"],
)
def test_the_sample_is_the_same_on_each_day_and_over_both_changes_of_the_clock(
    month: int, day: int
):
    now = dt.datetime(2027, month, day, 23, 30, tzinfo=Zone.MOUNTAIN.info)
    words = [Listing(scheduled_class, now).words for scheduled_class in made_at(now)]
    assert words[0] == "This class is over"
    assert words[3] == "Seats free"
    assert not Registration.objects.unanswered(now).exists()


def test_a_second_time_nothing_is_added():
    call_command("load_sample", verbosity=0)
    before = Registration.objects.count()
    call_command("load_sample", verbosity=0)
    assert ScheduledClass.objects.count() == 4
    assert Registration.objects.count() == before


def test_nothing_is_added_beside_a_class_of_the_staff():
    ScheduledClass.objects.create(course=Course.objects.get(), slug="ours", delivery="online")
    call_command("load_sample", verbosity=0)
    assert [row.slug for row in ScheduledClass.objects.all()] == ["ours"]


def test_without_a_course_it_says_what_to_do_first():
    Course.objects.all().delete()
    with pytest.raises(CommandError, match="Run load_content first"):
        call_command("load_sample", verbosity=0)


def test_it_is_made_in_a_few_seconds_of_work():
    start = time.process_time()
    made_at(NOW)
    assert time.process_time() - start < 5  # twice as much as when every line is counted
