"""A class from the last one: what is copied, what is moved, what is left out."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client

from content.history.models import Change
from courses.models import ClassSession, Instructor, ScheduledClass
from registrations.models import Letter, Registration
from registrations.services import seats
from registrations.services.copying import NoSuchHour, copy_class
from registrations.services.ledger import check_seats
from tests.admin_forms import errors
from tests.factories import DENVER, NOW, make_class, make_meeting

pytestmark = pytest.mark.django_db

COPY = "/admin/courses/scheduledclass/copy/"
ADD = "/admin/courses/scheduledclass/add/"


def copied(scheduled_class: ScheduledClass, first_day: dt.date) -> ScheduledClass:
    made = copy_class(
        scheduled_class=scheduled_class, first_day=first_day, actor=seats.SITE, now=NOW
    )
    return ScheduledClass.objects.for_page().get(pk=made.pk)


def test_everything_but_people_and_join_link_is_copied() -> None:
    last = make_class(
        capacity=7,
        taken=2,
        delivery="both",
        address="Old Hall",
        town="Denver",
        cost_es="Gratis",
        about_days="Lunch at noon.",
        line_size=4,
        language="es",
    )
    last.instructors.add(Instructor.objects.create(name="Robin Vale"))
    ScheduledClass.objects.filter(pk=last.pk).update(
        status="cancelled", cancelled_at=NOW, moved_from=NOW
    )
    letters, people = Letter.objects.count(), Registration.objects.count()

    made = copied(last, dt.date(2027, 2, 13))
    assert (made.status, made.was_published, made.cancelled_at) == ("draft", False, None)
    assert (made.slug, made.join_link) == ("february-2027-both", "")
    # Search engines would be told that the copy was moved to its days from others.
    assert made.moved_from is None
    assert (vars(made)["cost_es"], made.about_days, made.address) == (
        "Gratis",
        "Lunch at noon.",
        "Old Hall",
    )
    assert (made.line_size, made.language, made.course) == (4, "es", last.course)
    assert [str(teacher) for teacher in made.teachers] == ["Robin Vale"]
    assert made.dates == "February 13 and 20, 2027"
    assert {meeting.credit_minutes for meeting in made.meetings} == {360}
    assert (made.seats.capacity, made.seats.open, made.seats.taken) == (7, 7, 0)
    assert (Letter.objects.count(), Registration.objects.count()) == (letters, people)
    assert check_seats() == []
    assert Change.objects.of(made).exists()


@pytest.mark.parametrize(
    ("first_day", "starts"),
    [
        # The clocks go forward on March 14, 2027, and back on November 7, 2027.
        (dt.date(2027, 3, 13), [(16, 13, 3), (15, 20, 3)]),
        (dt.date(2027, 11, 6), [(15, 6, 11), (16, 13, 11)]),
        (dt.date(2026, 12, 5), [(16, 5, 12), (16, 12, 12)]),
    ],
)
def test_hours_stay_on_the_clock_across_its_changes(
    first_day: dt.date, starts: list[tuple[int, int, int]]
) -> None:
    made = copied(make_class(), first_day)
    in_utc = [meeting.starts_at.astimezone(dt.UTC) for meeting in made.meetings]
    assert [(moment.hour, moment.day, moment.month) for moment in in_utc] == starts
    assert {meeting.hours.replace("\N{NO-BREAK SPACE}", " ") for meeting in made.meetings} == {
        "9:00 am to 5:00 pm Mountain Time"
    }


def test_the_window_of_registration_moves_with_the_days() -> None:
    last = make_class(
        registration_opens_at=dt.datetime(2026, 12, 1, 9, tzinfo=DENVER),
        registration_closes_at=dt.datetime(2027, 1, 15, 17, tzinfo=DENVER),
    )
    made = copied(last, dt.date(2027, 3, 20))
    assert made.registration_opens_at == dt.datetime(2027, 2, 2, 9, tzinfo=DENVER)
    assert made.registration_closes_at == dt.datetime(2027, 3, 19, 17, tzinfo=DENVER)


@pytest.mark.parametrize("day", [dt.date(2027, 3, 14), dt.date(2027, 11, 7)])
def test_an_hour_that_is_not_there_or_comes_twice_is_refused_whole(day: dt.date) -> None:
    last = make_class()
    hour = 2 if day.month == 3 else 1
    ClassSession.objects.filter(scheduled_class=last).delete()
    make_meeting(last, dt.date(2027, 1, 16), first_hour=hour, last_hour=9)
    with pytest.raises(NoSuchHour):
        copied(ScheduledClass.objects.get(pk=last.pk), day)
    assert ScheduledClass.objects.count() == 1


def test_the_address_is_proposed_and_never_taken() -> None:
    last = make_class()
    slugs = [copied(last, dt.date(2027, 2, 13)).slug for _ in range(3)]
    assert slugs == ["february-2027-online", "february-2027-online-2", "february-2027-online-3"]


# The page.


@pytest.fixture
def last(db: None) -> ScheduledClass:
    call_command("load_content", verbosity=0)
    make_class()
    later = make_class(delivery="in_person", address="Old Hall", status="draft")
    for meeting in ClassSession.objects.filter(scheduled_class=later):
        meeting.starts_at += dt.timedelta(days=28)
        meeting.ends_at += dt.timedelta(days=28)
        meeting.save()
    return later


def test_staff_choose_a_day_and_get_a_draft_of_the_last_class(
    admin_client: Client, last: ScheduledClass
) -> None:
    page = admin_client.get(COPY).text
    assert "February 13 and 20, 2027, In person" in page
    assert "The class below began on a Saturday." in page
    response = admin_client.post(COPY, {"first_day": "2027-05-05"}, follow=True)
    made = ScheduledClass.objects.latest("pk")
    path = f"/admin/courses/scheduledclass/{made.pk}/change/"
    assert response.redirect_chain == [(path, 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "This is a draft for May 5 and 12, 2027. Read it through, then publish it.",
        "The join link was left out, because each class has its own.",
        "It begins on a Wednesday. The class that was copied began on a Saturday.",
    ]
    assert 'value="2027-05-05"' in response.text
    assert (made.status, made.address) == ("draft", "Old Hall")


def test_another_class_than_the_last_can_be_copied(
    admin_client: Client, last: ScheduledClass
) -> None:
    first = ScheduledClass.objects.earliest("pk")
    admin_client.post(f"{COPY}?from={first.pk}", {"first_day": "2027-06-05"})
    assert ScheduledClass.objects.latest("pk").delivery == "online"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Choose the first day."),
        ("soon", "Choose the first day, for example: 2027-01-16."),
        ("2026-11-24", "Choose a day to come."),
        ("20270-01-01", "Choose the first day, for example: 2027-01-16."),
        ("2207-01-01", "Choose a day within the next 3 years."),
    ],
)
def test_another_day_than_one_to_come_is_refused(
    admin_client: Client, last: ScheduledClass, typed: str, sentence: str
) -> None:
    response = admin_client.post(COPY, {"first_day": typed})
    assert response.context["form"].errors["first_day"] == [sentence]
    assert ScheduledClass.objects.count() == 2


def test_an_hour_that_is_not_there_is_told_at_the_field(
    admin_client: Client, last: ScheduledClass
) -> None:
    ClassSession.objects.filter(pk=last.meetings[0].pk).update(
        starts_at=dt.datetime(2027, 2, 13, 2, 30, tzinfo=DENVER)
    )
    response = admin_client.post(COPY, {"first_day": "2027-03-14"})
    (sentence,) = response.context["form"].errors["first_day"]
    assert sentence.replace("\N{NO-BREAK SPACE}", " ") == (
        "On Sunday, March 14, 2027 the clocks change: 2:30 am is not there or comes twice. "
        "Choose another day."
    )


def test_without_any_class_staff_begin_with_an_empty_form_of_two_sessions(
    admin_client: Client,
) -> None:
    call_command("load_content", verbosity=0)
    response = admin_client.get(COPY, follow=True)
    assert response.redirect_chain == [(ADD, 302)]
    assert 'name="class_sessions-TOTAL_FORMS" value="2"' in response.text


def test_a_class_that_is_not_there_is_not_copied(
    admin_client: Client, last: ScheduledClass
) -> None:
    assert admin_client.get(f"{COPY}?from=987654").status_code == 404
    assert errors(admin_client.get(f"{COPY}?from=nonsense")) == {}
