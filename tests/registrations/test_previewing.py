"""What is shown before an act is what the act then does: person by person, letter by letter."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db.models import F

from courses.models import ClassSession, ScheduledClass
from registrations.admin.previewing import NotAsShown, Told, perform, rehearse
from registrations.models import CalendarEntry, Letter, Registration, RegistrationEvent
from registrations.services import scheduling, seats
from registrations.services.class_changes import Snapshot, tell_changes
from registrations.services.ledger import check_seats
from tests.factories import NOW, make_class
from tests.registrations.people import join, person_in, register

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)
WEEK = dt.timedelta(days=7)
Act = Callable[[dt.datetime], object]


def a_class_with_everybody() -> ScheduledClass:
    """Two with a seat, one with a held one, two in line of whom one has answered."""
    scheduled_class = make_class(capacity=3, taken=1)
    join(scheduled_class, "sits")
    register(scheduled_class, "holds")
    join(scheduled_class, "waits")
    register(scheduled_class, "silent")
    return scheduled_class


def change(now: dt.datetime, *, moved: dt.timedelta | None = None, **facts: str) -> None:
    scheduled_class = ScheduledClass.objects.get(slug="january-2027-1")
    before = Snapshot.of(scheduled_class)
    if moved:
        last = ClassSession.objects.filter(scheduled_class=scheduled_class).latest("starts_at")
        ClassSession.objects.filter(pk=last.pk).update(
            starts_at=F("starts_at") + moved, ends_at=F("ends_at") + moved
        )
    ScheduledClass.objects.filter(pk=scheduled_class.pk).update(**facts)
    tell_changes(scheduled_class=scheduled_class, before=before, now=now)


def cancel(now: dt.datetime) -> None:
    scheduled_class = ScheduledClass.objects.get(slug="january-2027-1")
    scheduling.cancel_class(scheduled_class=scheduled_class, actor=seats.SITE, now=now)


def more_seats(now: dt.datetime) -> None:
    key = ScheduledClass.objects.get(slug="january-2027-1").pk
    seats.set_capacity(scheduled_class_id=key, capacity=9, actor=seats.SITE, now=now)


def leave(now: dt.datetime) -> None:
    person = Registration.objects.get(email="person-sits@peers.test")
    seats.leave(registration=person, actor=seats.SITE, now=now, why="asked by phone")


ACTS: dict[str, tuple[Act, int, str]] = {
    "a session moves": (
        lambda now: change(now, moved=WEEK),
        5,
        "The letters also bring the calendars of 2 people up to date.",
    ),
    "the place changes": (
        lambda now: change(now, delivery="in_person", address="Old Hall"),
        5,
        "The letters also bring the calendars of 2 people up to date.",
    ),
    "the link changes": (lambda now: change(now, join_link="https://meet.example.org/2"), 2, ""),
    "the class is cancelled": (
        cancel,
        5,
        "The letters also take the dates out of the calendars of 2 people.",
    ),
    "there are more seats": (more_seats, 1, ""),
    "somebody leaves": (
        leave,
        2,
        "The letter also takes the dates out of the calendar of 1 person.",
    ),
}


def everything() -> list[object]:
    """All that an act on people may change."""
    models = [Registration, RegistrationEvent, Letter, CalendarEntry, ClassSession, ScheduledClass]
    return [list(model._default_manager.order_by("pk").values()) for model in models]


@pytest.mark.parametrize(("act", "count", "calendars"), ACTS.values(), ids=ACTS.keys())
def test_a_preview_changes_nothing_and_says_what_then_happens(
    act: Act, count: int, calendars: str
) -> None:
    scheduled_class = a_class_with_everybody()
    people = Registration.objects.filter(scheduled_class=scheduled_class)
    was = {person.pk: person.status for person in people}
    before = everything()
    told = rehearse(act, LATER)
    assert everything() == before
    assert (told.count, told.calendars) == (count, calendars)

    assert perform(act, LATER, told.fingerprint).people == told.people
    written = Letter.objects.filter(created_at=LATER)
    assert sorted((row.name, *row.gets) for row in told.people if row.gets) == sorted(
        (str(letter.registration), letter.get_kind_display()) for letter in written
    )
    became = {row.key for row in told.people if row.becomes}
    assert became == {person.pk for person in people.all() if person.status != was[person.pk]}
    assert check_seats() == []


def test_the_list_says_what_each_gets_and_what_becomes_of_their_seat() -> None:
    scheduled_class = a_class_with_everybody()
    Registration.objects.filter(email="person-sits@peers.test").update(mail_problem="unknown")
    told = rehearse(leave, LATER)
    assert [(row.name, row.gets, row.becomes, row.mail_comes_back) for row in told.people] == [
        ("Person sits", ("The seat is cancelled",), "Has a seat → Cancelled", True),
        (
            "Person waits",
            ("A seat is free for you",),
            "In line → Seat held, waiting for an answer",
            False,
        ),
    ]
    assert person_in(scheduled_class, "sits").status == "confirmed"


def test_the_letter_reads_as_it_will_and_its_link_opens_nothing() -> None:
    a_class_with_everybody()
    told = rehearse(lambda now: change(now, moved=WEEK), LATER)
    (sample,) = told.samples
    words = sample.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Old: Saturday, January 23, 2027, 9:00 am to 5:00 pm Mountain Time." in words
    assert "https://example.invalid/the-persons-own-link/" in words
    assert "/registrations/" not in words
    assert "meet.example.org" not in words
    assert (sample.language, sample.name) == ("English", "Person seated-1")


def test_each_kind_of_letter_has_one_sample() -> None:
    a_class_with_everybody()
    told = rehearse(leave, LATER)
    assert [sample.kind for sample in told.samples] == [
        "The seat is cancelled",
        "A seat is free for you",
    ]


def test_people_who_read_spanish_have_a_sample_of_their_own() -> None:
    a_class_with_everybody()
    Registration.objects.filter(email="person-sits@peers.test").update(language="es")
    told = rehearse(lambda now: change(now, moved=WEEK), LATER)
    assert [(sample.language, sample.name) for sample in told.samples] == [
        ("English", "Person seated-1"),
        ("Spanish", "Person sits"),
    ]
    assert "La hora del día 2 cambió" in told.samples[1].text
    assert told.people[0].gets == told.people[1].gets == ("The class has changed",)


def refused(act: Act, told: Told) -> Told:
    """Nothing happens; gives back what would."""
    before = everything()
    with pytest.raises(NotAsShown) as anew:
        perform(act, LATER, told.fingerprint)
    assert everything() == before
    return anew.value.told


def test_somebody_who_registered_meanwhile_is_shown_before_anything_happens() -> None:
    scheduled_class = a_class_with_everybody()
    told = rehearse(cancel, LATER)
    register(scheduled_class, "late", LATER - dt.timedelta(minutes=1))
    assert [row.name for row in refused(cancel, told).people] == [
        *(row.name for row in told.people),
        "Person late",
    ]


def test_another_change_than_the_one_shown_does_not_happen() -> None:
    a_class_with_everybody()
    told = rehearse(lambda now: change(now, moved=WEEK), LATER)
    refused(lambda now: change(now, moved=2 * WEEK), told)


def test_what_was_done_a_moment_ago_is_not_done_again() -> None:
    a_class_with_everybody()
    told = rehearse(cancel, LATER)
    perform(cancel, LATER, told.fingerprint)
    later = LATER + dt.timedelta(seconds=1)
    with pytest.raises(NotAsShown) as anew:
        perform(cancel, later, told.fingerprint)
    assert not anew.value.told
    assert Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED).count() == 5


def test_letters_written_before_at_the_same_moment_are_not_taken_for_those_of_the_act() -> None:
    scheduled_class = a_class_with_everybody()
    told = rehearse(cancel, NOW)
    assert {row.gets for row in told.people} == {("The class is cancelled",)}
    assert len(told.people) == Registration.objects.filter(scheduled_class=scheduled_class).count()


def test_a_refusal_of_the_service_comes_through() -> None:
    scheduled_class = a_class_with_everybody()
    waits = person_in(scheduled_class, "waits")
    with pytest.raises(seats.NoFreeSeat):
        rehearse(lambda now: seats.give_seat(registration=waits, actor=seats.SITE, now=now), LATER)
