import datetime as dt
import time
from collections import Counter

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from courses.listing import Listing
from courses.models import Course, ScheduledClass
from courses.zones import Zone
from registrations.management.commands.load_sample import load_sample
from registrations.models import Letter, Registration
from registrations.services.delivery import deliver_due
from registrations.services.ledger import check_seats
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def sample(now: dt.datetime = NOW) -> list[ScheduledClass]:
    """The sample classes by their dates: past, full, nearly full, open."""
    load_sample(course=Course.objects.get(), now=now)
    return list(ScheduledClass.objects.with_dates().for_page().order_by("first_start"))


def test_one_class_is_past_one_full_one_nearly_full_and_one_open():
    classes = sample()
    assert [Listing(scheduled_class, NOW).words for scheduled_class in classes] == [
        "This class is over",
        "Full. You can join the line",
        "A few seats left",
        "Seats free",
    ]
    assert [scheduled_class.delivery for scheduled_class in classes] == [
        "online",
        "online",
        "in_person",
        "online",
    ]


def test_in_the_line_of_the_full_class_four_have_answered_and_one_has_not():
    line = Registration.objects.in_line().filter(scheduled_class=sample()[1])
    assert [person.proved_at is not None for person in line] == [True] * 4 + [False]


def test_the_numbers_of_seats_are_true():
    sample()
    assert check_seats() == []


def test_the_days_are_weekends_from_nine_to_five_mountain_time():
    for scheduled_class in sample():
        for meeting in scheduled_class.meetings:
            starts, ends = (
                moment.astimezone(Zone.MOUNTAIN.info)
                for moment in (meeting.starts_at, meeting.ends_at)
            )
            assert starts.weekday() in {5, 6}
            assert (starts.hour, ends.hour, meeting.credit_minutes) == (9, 17, 360)
        assert sum(meeting.credit_minutes for meeting in scheduled_class.meetings) == 720


def test_every_sample_class_could_be_published_as_it_is():
    for scheduled_class in sample():
        scheduled_class.full_clean()
        assert scheduled_class.cost
        assert scheduled_class.cancellation
        assert scheduled_class.address or not scheduled_class.is_in_person
        assert scheduled_class.teachers


def test_the_invented_people_are_never_mailed():
    sample()
    while deliver_due(clock=lambda: NOW):
        pass
    assert mail.outbox == []
    assert Counter(Letter.objects.values_list("state", flat=True)).keys() == {"not_mailed"}


def test_nobody_registers_after_the_moment_at_which_the_sample_is_made():
    sample()
    assert not Registration.objects.filter(created_at__gt=NOW).exists()
    assert not Letter.objects.filter(created_at__gt=NOW).exists()


@pytest.mark.parametrize(
    ("month", "day"),
    [(3, 1), (3, 5), (3, 6), (3, 7), (10, 3)],
    ids=["Monday", "Friday", "Saturday", "Sunday", "before winter time"],
)
def test_the_sample_is_the_same_on_each_day_and_over_both_changes_of_the_clock(
    month: int, day: int
):
    now = dt.datetime(2027, month, day, 23, 30, tzinfo=Zone.MOUNTAIN.info)
    words = [Listing(scheduled_class, now).words for scheduled_class in sample(now)]
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
    sample()
    assert time.process_time() - start < 5  # twice as much as when every line is counted
