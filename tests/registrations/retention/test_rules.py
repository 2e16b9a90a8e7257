"""What is erased when, at each boundary: the second before it stays, at the moment it goes."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.history.models import Change
from courses.models import ClassSession
from registrations.models import (
    Letter,
    Registration,
)
from registrations.retention import Time, erase_what_is_due
from registrations.services import details, erasing, seats
from registrations.services.delivery import deliver_due
from registrations.services.seats import PERSON, SITE
from tests.factories import DENVER, NOW, make_class
from tests.registrations.people import join, letters_to, numbers, person_in, register, statuses
from tests.registrations.retention.ways import (
    ADDRESS,
    ALL,
    CLASS_ENDS,
    EARNED,
    MONTH_AFTER,
    OWN,
    SECOND,
    SEVEN_YEARS_AFTER,
    STAFF,
    YEAR_AFTER,
    Way,
    cancelled,
    cancelled_with_the_class,
    confirmed,
    declined,
    end_time,
    kept,
    lapsed_after_an_answer,
    waiting,
    with_details,
)
from tests.registrations.test_own_page import tables

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", [confirmed, cancelled, declined, waiting])
def test_access_needs_and_phone_go_a_month_after_the_class_for_everyone(way: Way) -> None:
    person = with_details(way(make_class()))
    erase_what_is_due(MONTH_AFTER - SECOND)
    assert kept(person) == ALL
    erase_what_is_due(MONTH_AFTER)
    assert kept(person) == ALL - {"access_needs", "phone", "phone_key"}


def test_the_links_still_work_after_the_month() -> None:
    person = with_details(join(make_class(), 1))
    erase_what_is_due(MONTH_AFTER)
    person.refresh_from_db()
    assert person.link_version == 1


def test_a_class_that_moves_to_later_dates_takes_its_dates_of_erasing_along() -> None:
    person = with_details(join(make_class(), 1))
    last = ClassSession.objects.latest("ends_at")
    last.starts_at += dt.timedelta(days=7)
    last.ends_at += dt.timedelta(days=7)
    last.save()
    erase_what_is_due(MONTH_AFTER + dt.timedelta(days=7) - SECOND)
    assert kept(person) == ALL


def test_who_never_answered_is_forgotten_a_month_after_the_end_of_the_time() -> None:
    scheduled_class = make_class()
    register(scheduled_class, 1)
    person = with_details(person_in(scheduled_class, 1))
    lapsed_at = end_time(person) + dt.timedelta(minutes=3)
    seats.end_offer(registration=person, now=lapsed_at)
    erase_what_is_due(lapsed_at + dt.timedelta(days=30) - SECOND)
    assert kept(person) == ALL
    erase_what_is_due(lapsed_at + dt.timedelta(days=30))
    assert kept(person) == set()
    assert letters_to(person) == []
    for value in [*OWN.values(), ADDRESS]:
        assert value not in tables()
    assert statuses(scheduled_class) == {"": "lapsed"}
    assert numbers(scheduled_class) == (0, 24, 0)


def test_who_registers_again_after_being_forgotten_begins_anew() -> None:
    scheduled_class = make_class()
    register(scheduled_class, 1)
    forgotten = person_in(scheduled_class, 1)
    lapsed_at = end_time(forgotten)
    seats.end_offer(registration=forgotten, now=lapsed_at)
    month_later = lapsed_at + dt.timedelta(days=30)
    erase_what_is_due(month_later)
    register(scheduled_class, 1, month_later)
    assert statuses(scheduled_class) == {"": "lapsed", "person-1": "offered"}


@pytest.mark.parametrize(
    "way", [cancelled, cancelled_with_the_class, declined, waiting, lapsed_after_an_answer]
)
def test_who_had_no_seat_is_forgotten_a_year_after_the_class(way: Way) -> None:
    scheduled_class = make_class()
    person = with_details(way(scheduled_class))
    before = numbers(scheduled_class)
    erase_what_is_due(YEAR_AFTER - SECOND)
    assert kept(person) == ALL - {"access_needs", "phone", "phone_key"}
    erase_what_is_due(YEAR_AFTER)
    assert kept(person) == set()
    for value in [*OWN.values(), ADDRESS]:
        assert value not in tables()
    assert numbers(scheduled_class) == before


def test_what_a_board_may_ask_for_stays_seven_years_without_the_rest() -> None:
    scheduled_class = make_class()
    person = with_details(join(scheduled_class, 1))
    before = numbers(scheduled_class)
    erase_what_is_due(YEAR_AFTER - SECOND)
    assert "email" in kept(person)
    erase_what_is_due(YEAR_AFTER)
    assert kept(person) == EARNED
    assert ADDRESS not in tables()
    erase_what_is_due(SEVEN_YEARS_AFTER - SECOND)
    assert kept(person) == EARNED
    assert (person.status, person.scheduled_class_id) == ("confirmed", scheduled_class.pk)
    erase_what_is_due(SEVEN_YEARS_AFTER)
    assert kept(person) == set()
    assert (person.status, str(person)) == ("confirmed", "Erased")
    for value in [*OWN.values(), ADDRESS]:
        assert value not in tables()
    assert numbers(scheduled_class) == before


def test_the_reasons_in_the_history_go_with_the_person_and_the_turns_stay() -> None:
    person = with_details(cancelled(make_class()))
    turns = list(person.events.values_list("to_status", flat=True))
    erase_what_is_due(YEAR_AFTER)
    assert set(person.events.values_list("why", flat=True)) == {""}
    assert list(person.events.values_list("to_status", flat=True)) == turns


def test_a_whole_class_is_erased_at_once_and_keeps_its_number_of_seats() -> None:
    scheduled_class = make_class(capacity=5, taken=3)
    erase_what_is_due(YEAR_AFTER)
    assert list(Registration.objects.values_list("email", "status")) == [("", "confirmed")] * 3
    assert numbers(scheduled_class) == (3, 2, 0)


def test_two_people_of_one_class_who_took_part_can_erase_themselves() -> None:
    scheduled_class = make_class()
    for person in (1, 2):
        registration = join(scheduled_class, person)
        erasing.erase(registration=registration, actor=PERSON, now=CLASS_ENDS)
    assert statuses(scheduled_class) == {"": "confirmed"}
    assert numbers(scheduled_class) == (2, 22, 0)


def test_the_list_of_letters_goes_a_year_after_each_was_sent() -> None:
    person = join(make_class(), 1)
    sent, refused, owed = [person.letters.all()[0], person.letters.all()[1], Letter()]
    Letter.objects.filter(pk=sent.pk).update(state="sent", sent_at=NOW + SECOND)
    Letter.objects.filter(pk=refused.pk).update(state="given_up", created_at=NOW)
    details.send_link(registration=person, now=NOW)
    owed = person.letters.get(state="owed")
    year = dt.datetime(2027, 11, 24, 12, tzinfo=DENVER)
    for now, left in [
        (year - SECOND, {sent.pk, refused.pk, owed.pk}),
        (year, {sent.pk, owed.pk}),
        (year + SECOND, {owed.pk}),
        (year + dt.timedelta(days=60), {owed.pk}),
    ]:
        erase_what_is_due(now)
        assert set(Letter.objects.values_list("pk", flat=True)) == left


def test_erasing_twice_changes_nothing_more() -> None:
    scheduled_class = make_class(capacity=2)
    for person in ("a", "b", "c"):
        with_details(join(scheduled_class, person))
    assert erase_what_is_due(YEAR_AFTER) > 0
    before = tables()
    assert erase_what_is_due(YEAR_AFTER) == 0
    assert erase_what_is_due(YEAR_AFTER + dt.timedelta(days=1)) == 0
    assert tables() == before


def test_a_class_to_come_loses_nothing() -> None:
    with_details(join(make_class(), 1))
    before = tables()
    assert erase_what_is_due(NOW) == 0
    assert tables() == before


def test_an_erased_person_is_written_no_letter() -> None:
    person = join(make_class(), 1)
    deliver_due(clock=lambda: NOW)
    erasing.empty(person, erasing.CONTACT, NOW)
    seats.leave(registration=person, actor=SITE, now=NOW)
    mail.outbox.clear()
    deliver_due(clock=lambda: NOW)
    assert mail.outbox == []
    assert person.letters.latest("pk").state == "not_mailed"


def test_the_worker_erases_every_night(clock: object) -> None:
    person = with_details(join(make_class(), 1))
    ClassSession.objects.update(
        starts_at=NOW - dt.timedelta(days=31), ends_at=NOW - dt.timedelta(days=30)
    )
    call_command("work", once=True)
    assert kept(person) == ALL - {"access_needs", "phone", "phone_key"}


def test_ten_people_of_a_class_cost_as_many_queries_as_one() -> None:
    counts = []
    for people in (1, 10):
        scheduled_class = make_class()
        for number in range(people):
            with_details(join(scheduled_class, number))
        with CaptureQueriesContext(connection) as captured:
            erase_what_is_due(YEAR_AFTER)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("begun", "ends"),
    [
        ("2027-01-23", "2028-01-23"),
        ("2028-02-28", "2029-02-28"),
        ("2028-02-29", "2029-03-01"),
        ("2027-03-01", "2028-03-01"),
    ],
)
def test_a_year_is_a_year_on_the_calendar(begun: str, ends: str) -> None:
    year = Time(years=1)
    start, end = (dt.datetime.fromisoformat(f"{day}T12:00+00:00") for day in (begun, ends))
    assert year.after(start) == end
    assert year.before(end) >= start
    assert year.before(end - dt.timedelta(days=1)) < start


def test_old_names_in_a_history_go_a_year_after_the_class_and_the_name_stays() -> None:
    person = join(make_class(), 1)
    for name in ["Old Name", "Maria de la Cruz"]:
        details.change_details(
            registration=person, details={"full_name": name}, actor=PERSON, now=NOW
        )
    erase_what_is_due(YEAR_AFTER - SECOND)
    assert "Old Name" in tables()
    erase_what_is_due(YEAR_AFTER)
    assert "Old Name" not in tables()
    assert kept(person) == {"full_name", "name_key"}


def test_history_of_classes_is_kept_for_boards_and_then_goes() -> None:
    scheduled_class = make_class()
    seats.set_capacity(scheduled_class_id=scheduled_class.pk, capacity=9, actor=STAFF, now=NOW)
    seven_years = NOW.replace(year=NOW.year + 7)
    erase_what_is_due(seven_years - SECOND)
    assert Change.objects.exists()
    erase_what_is_due(seven_years)
    assert not Change.objects.exists()


def test_the_log_of_accounts_goes_after_a_year(admin_user: User) -> None:
    LogEntry.objects.create(user=admin_user, action_flag=1, object_repr="ana", action_time=NOW)
    year = NOW.replace(year=NOW.year + 1)
    erase_what_is_due(year - SECOND)
    assert LogEntry.objects.exists()
    erase_what_is_due(year)
    assert not LogEntry.objects.exists()
