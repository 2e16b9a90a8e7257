"""The sample classes as a newcomer meets them."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from courses.listing import Listing
from courses.models import Course, ScheduledClass
from courses.zones import Zone
from registrations.management.commands.load_sample import load_sample
from registrations.models import Letter, Registration
from registrations.services.delivery import deliver_due
from registrations.services.ledger import check_seats
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(scope="module", autouse=True)
def made_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The transaction of each test lies in this one, which is rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_content", verbosity=0)
        load_sample(course=Course.objects.get(), now=NOW)
        yield
        transaction.set_rollback(True)


def sample() -> list[ScheduledClass]:
    """The sample classes by their dates: past, full, nearly full, open."""
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
    while deliver_due(clock=lambda: NOW):
        pass
    assert mail.outbox == []
    assert Counter(Letter.objects.values_list("state", flat=True)).keys() == {"not_mailed"}


def test_nobody_registers_after_the_moment_at_which_the_sample_is_made():
    assert not Registration.objects.filter(created_at__gt=NOW).exists()
    assert not Letter.objects.filter(created_at__gt=NOW).exists()
