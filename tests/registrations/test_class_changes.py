"""What people are told when their class changes."""

import datetime as dt

import pytest
from django.core import mail

from courses.models import ClassSession, ScheduledClass
from registrations.models import Letter
from registrations.services import seats
from registrations.services.class_changes import Snapshot, tell_changes
from registrations.services.delivery import deliver_due
from tests.factories import DENVER, NOW, make_class, make_meeting
from tests.registrations.people import join, letters_to, numbers, person_in, register

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)


def changed_mail(scheduled_class: ScheduledClass, before: Snapshot) -> str:
    """Tell what changed since, deliver, and return the words of the one mail about it."""
    deliver_due(clock=lambda: NOW)
    mail.outbox.clear()
    assert tell_changes(scheduled_class=scheduled_class, before=before, now=LATER) == 1
    deliver_due(clock=lambda: LATER)
    assert len(mail.outbox) == 1
    return str(mail.outbox[0].body).replace("\N{NO-BREAK SPACE}", " ")


def test_a_session_that_moved_is_told_with_old_and_new() -> None:
    scheduled_class = make_class()
    join(scheduled_class, 1)
    before = Snapshot.of(scheduled_class)
    second = ClassSession.objects.latest("starts_at")
    ClassSession.objects.filter(pk=second.pk).update(
        starts_at=second.starts_at + dt.timedelta(days=7),
        ends_at=second.ends_at + dt.timedelta(days=7),
    )
    assert (
        "The time of Day 2 has changed. "
        "Old: Saturday, January 23, 2027, 9:00 am to 5:00 pm Mountain Time. "
        "New: Saturday, January 30, 2027, 9:00 am to 5:00 pm Mountain Time."
    ) in changed_mail(scheduled_class, before)


def test_a_day_that_is_added_and_one_that_is_dropped_are_told() -> None:
    scheduled_class = make_class()
    join(scheduled_class, 1)
    before = Snapshot.of(scheduled_class)
    ClassSession.objects.earliest("starts_at").delete()
    make_meeting(scheduled_class, dt.date(2027, 1, 30))
    words = changed_mail(scheduled_class, before)
    assert "There is one more day: Saturday, January 30, 2027" in words
    assert "Day 1 will not take place: Saturday, January 16, 2027" in words


def test_a_new_place_is_told() -> None:
    scheduled_class = make_class(delivery="in_person", address="Old Hall, 1 First Street")
    join(scheduled_class, 1)
    before = Snapshot.of(scheduled_class)
    ScheduledClass.objects.update(address="New Hall, 2 Second Street")
    words = changed_mail(scheduled_class, before)
    assert "Old: Old Hall, 1 First Street. New: New Hall, 2 Second Street." in words


def test_a_new_join_link_is_told_without_the_link_to_those_with_a_seat_alone() -> None:
    scheduled_class = make_class(capacity=1)
    join(scheduled_class, "seated")
    join(scheduled_class, "waits")
    before = Snapshot.of(scheduled_class)
    ScheduledClass.objects.update(join_link="https://meet.example.org/new")
    words = changed_mail(scheduled_class, before)
    assert "The link to join has changed. The new one stands on your page." in words
    assert "meet.example.org" not in words
    assert "changed" not in letters_to(person_in(scheduled_class, "waits"))


def test_a_join_link_that_was_taken_out_is_told_as_such() -> None:
    scheduled_class = make_class()
    join(scheduled_class, 1)
    before = Snapshot.of(scheduled_class)
    ScheduledClass.objects.update(join_link="")
    words = changed_mail(scheduled_class, before)
    assert "The link to join has stopped working. Your page will show the new one." in words
    assert "The link to join has changed" not in words


def test_everyone_who_has_or_may_get_a_seat_is_told() -> None:
    scheduled_class = make_class(capacity=2)
    join(scheduled_class, "seated")
    register(scheduled_class, "offered")
    join(scheduled_class, "waits")
    before = Snapshot.of(scheduled_class)
    make_meeting(scheduled_class, dt.date(2027, 1, 30))
    assert tell_changes(scheduled_class=scheduled_class, before=before, now=LATER) == 3


def test_a_class_that_moves_away_from_its_cut_off_offers_its_free_seat_to_the_line() -> None:
    scheduled_class = make_class(capacity=1)
    sits, waits = join(scheduled_class, "sits"), join(scheduled_class, "waits")
    late = dt.datetime(2027, 1, 14, 10, tzinfo=DENVER)
    seats.leave(registration=sits, actor=seats.PERSON, now=late)
    before = Snapshot.of(scheduled_class)
    ClassSession.objects.earliest("starts_at").delete()
    tell_changes(scheduled_class=scheduled_class, before=before, now=late)
    assert person_in(scheduled_class, "waits").status == "offered"
    assert letters_to(waits)[-2:] == ["changed", "offered"]
    assert numbers(scheduled_class) == (1, 0, 0)


@pytest.mark.parametrize(
    ("status", "now"),
    [("cancelled", LATER), ("published", dt.datetime(2027, 2, 1, tzinfo=DENVER))],
)
def test_nobody_is_told_about_a_class_that_is_cancelled_or_over(
    status: str, now: dt.datetime
) -> None:
    scheduled_class = make_class(delivery="in_person", address="Old Hall")
    join(scheduled_class, 1)
    before = Snapshot.of(scheduled_class)
    ScheduledClass.objects.update(address="New Hall", status=status)
    assert tell_changes(scheduled_class=scheduled_class, before=before, now=now) == 0


def test_saving_without_a_change_tells_nobody() -> None:
    scheduled_class = make_class()
    join(scheduled_class, 1)
    before = Snapshot.of(scheduled_class)
    scheduled_class.cost = "Free, with lunch"
    scheduled_class.save()
    assert tell_changes(scheduled_class=scheduled_class, before=before, now=LATER) == 0
    assert Letter.objects.filter(kind="changed").count() == 0
