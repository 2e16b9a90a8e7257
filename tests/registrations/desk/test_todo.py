"""What the desk tells staff to do: each rule at its boundary, and who reads it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command

from content.history.models import Change
from content.models import Page, SiteSettings
from courses.models import ClassSession, CourseApproval, ScheduledClass, Seats
from registrations import roles
from registrations.desk.facts import Facts
from registrations.desk.things import ToDo
from registrations.desk.todo import to_do
from registrations.management.commands.work import run_safely
from registrations.models import Backup, Heartbeat, InterestSignup, Letter, Registration
from registrations.services import seats
from registrations.services.jobs import JOBS
from tests.factories import DENVER, NOW, make_class, make_meeting
from tests.registrations.people import join, person_in, register

pytestmark = pytest.mark.django_db

#: The first day of `make_class`, at 9 am.
START = dt.datetime(2027, 1, 16, 9, tzinfo=DENVER)

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def all_well(clock: Any) -> None:
    """A site that needs nothing: what a test then finds is what it made."""
    call_command("load_content", verbosity=0)
    SiteSettings.objects.update(safety_approved_by="Dr. Alma Reyes")
    CourseApproval.objects.update(valid_until=None)
    beat(NOW)


def beat(now: dt.datetime, *, but: str = "") -> None:
    for job in JOBS:
        if job.name != but:
            Heartbeat.objects.update_or_create(job=job.name, defaults={"beat_at": now})


def chief() -> User:
    known = User.objects.filter(username="chief").first()
    return known or User.objects.create_superuser("chief")


def found(now: dt.datetime = NOW, user: User | None = None) -> list[ToDo]:
    """At `now`, when the worker has been at work since `NOW`."""
    if now != NOW:
        beat(now)
        Letter.objects.filter(state=Letter.State.OWED).update(state="sent", sent_at=now)
    return to_do(Facts(now), user or chief())


def said(now: dt.datetime = NOW, user: User | None = None) -> list[str]:
    return [f"{one.sentence} {one.when}" for one in found(now, user)]


def wait_for_news(count: int, since: dt.datetime = NOW - 10 * DAY) -> None:
    InterestSignup.objects.bulk_create(
        InterestSignup(
            email=f"{number}@peers.test",
            email_key=f"{number}@peers.test",
            created_at=since,
            confirmed_at=since,
        )
        for number in range(count)
    )


def test_a_site_that_is_well_and_a_class_that_lacks_nothing_need_nobody():
    make_class(taken=3)
    assert said() == []


# Classes.


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"join_link": ""}, "has no join link."),
        ({"delivery": "both", "address": "Here", "join_link": ""}, "has no join link."),
    ],
)
@pytest.mark.parametrize(("days", "counts"), [(8, False), (7, True), (6, True)])
def test_a_class_without_a_way_in_is_told_from_a_week_before(
    fields: dict[str, str], what: str, days: int, counts: bool
):
    make_class(**fields)
    words = f"The class on January 16 and 23, 2027 {what} It starts in {days} days: "
    words += "Saturday, January 16, 2027, 9:00\xa0am Mountain Time."
    assert said(START - days * DAY) == ([words] if counts else [])


def test_between_its_days_the_next_day_counts():
    make_class(join_link="")
    after_the_first = START + DAY
    assert said(after_the_first)[0].endswith(
        "It starts in 6 days: Saturday, January 23, 2027, 9:00\xa0am Mountain Time."
    )
    assert said(START + 8 * DAY) == []


def test_what_people_need_before_they_register_is_missed_on_the_site_alone():
    missing = make_class(cost="")
    make_class(cost="", status="draft")
    [todo] = found()
    assert todo.sentence == (
        "The class on January 16 and 23, 2027 is on the site, and something is missing."
    )
    assert "what it costs" in todo.when
    assert todo.url == f"/admin/courses/scheduledclass/{missing.pk}/change/"


def free_after_the_cut_off() -> ScheduledClass:
    """Two in line, and a seat that came free when the line is offered nothing any more."""
    scheduled_class = make_class(capacity=1, taken=1)
    for person in (1, 2):
        join(scheduled_class, person)
    [seated] = Registration.objects.filter(status="confirmed")
    seats.leave(registration=seated, actor=seats.PERSON, now=START - DAY)
    return scheduled_class


def test_free_seats_after_the_cut_off_are_filled_by_hand():
    scheduled_class = free_after_the_cut_off()
    [todo] = found(START - DAY)
    assert todo.sentence == "1 seat is free for January 16 and 23, 2027, and 2 wait in line."
    assert todo.when == (
        "Fill them by hand before it starts: Saturday, January 16, 2027, 9:00\xa0am Mountain Time."
    )
    assert f"class={scheduled_class.pk}" in todo.url
    assert found(START) == []


def test_before_the_cut_off_the_site_offers_seats_by_itself():
    scheduled_class = make_class(capacity=1, taken=1)
    join(scheduled_class, 1)
    [seated] = Registration.objects.filter(status="confirmed")
    seats.leave(registration=seated, actor=seats.PERSON, now=NOW)
    assert said() == []


def test_a_class_off_the_site_with_people_in_it_is_told():
    scheduled_class = make_class(taken=2)
    ScheduledClass.objects.filter(pk=scheduled_class.pk).update(status="draft")
    words = (
        "The class on January 16 and 23, 2027 is off the site, and people are registered. "
        "2 people get no reminder until you publish it again."
    )
    assert said() == [words]


@pytest.mark.parametrize(("days", "counts"), [(31, False), (30, True)])
def test_a_draft_near_its_days_is_told(days: int, counts: bool):
    make_class(status="draft")
    words = f"The class on January 16 and 23, 2027 is not on the site yet. It starts in {days} "
    assert [one.startswith(words) for one in said(START - days * DAY)] == [True] * counts


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"registration_opens_at": START}, "Nobody can register for January 16 and 23, 2027"),
        ({"registration_opens_at": START - DAY}, ""),
        (
            {"registration_closes_at": START + DAY},
            "Registration for January 16 and 23, 2027 closes",
        ),
        ({"registration_closes_at": START}, ""),
    ],
)
def test_a_window_that_makes_no_sense_is_told(fields: dict[str, dt.datetime], words: str):
    make_class(**fields)
    assert [one.startswith(words) for one in said()] == [True] * bool(words)


def test_a_day_outside_an_approval_is_told():
    make_class()
    CourseApproval.objects.update(valid_until=dt.date(2027, 1, 20))
    outside, ends = said()
    assert outside == (
        "The class on January 16 and 23, 2027 lies outside an approval of the course. "
        "The approval of COPA/CPFS does not cover January 23, 2027."
    )
    assert ends.startswith("The approval of COPA/CPFS ends in 57 days. Its last day is Wednesday")


def test_a_cancelled_and_a_past_class_need_nothing():
    make_class(cost="", join_link="", status="cancelled", cancelled_at=NOW)
    past = make_class(cost="", join_link="")
    ClassSession.objects.filter(scheduled_class=past).delete()
    make_meeting(past, dt.date(2026, 11, 20))
    assert said() == []


# People.


def test_mail_that_came_back_from_people_who_have_or_may_get_a_seat_is_told():
    scheduled_class = make_class()
    for person in (1, 2, 3):
        join(scheduled_class, person)
    came_back = {"mail_problem": "No such user", "mail_problem_at": NOW - DAY}
    Registration.objects.update(**came_back)
    seats.leave(registration=person_in(scheduled_class, 3), actor=seats.PERSON, now=NOW)
    [todo] = found()
    assert f"{todo.sentence} {todo.when}" == (
        "Mail came back from 2 people. First on Monday, November 23, 2026. "
        "Call them, and correct the address together."
    )
    assert todo.url == "/admin/registrations/registration/?mail=came_back"


@pytest.mark.parametrize(("days", "counts"), [(0, True), (6, True), (8, False)])
def test_who_never_answered_is_told_for_a_week(days: int, counts: bool):
    scheduled_class = make_class()
    register(scheduled_class, 1)
    ended = NOW + 4 * DAY
    seats.end_offer(registration=person_in(scheduled_class, 1), now=ended)
    words = "1 person never answered our mail. Since Saturday, November 28, 2026. "
    assert [one.startswith(words) for one in said(ended + days * DAY)] == [True] * counts


def test_letters_that_were_given_up_are_told():
    scheduled_class = make_class(taken=1)
    Letter.objects.update(state=Letter.State.GIVEN_UP)
    assert scheduled_class.pk
    words = (
        "1 letter was given up after many tries. "
        "The oldest is from Tuesday, November 24, 2026. Read what went wrong, and try again."
    )
    assert said() == [words]


# The site.


def test_a_worker_that_is_gone_for_minutes_comes_before_all_else_and_once():
    make_class(cost="")
    Heartbeat.objects.update(beat_at=NOW - dt.timedelta(minutes=6))
    first, _second = said()
    assert first == (
        "No mail goes out, and no offer ends: the worker does not run. "
        "Last heard of: Tuesday, November 24, 2026, 11:54\xa0am Mountain Time."
    )


@pytest.mark.parametrize(("minutes", "counts"), [(9, False), (10, True)])
def test_letters_that_do_not_go_out_are_told(minutes: int, counts: bool):
    register(make_class(), 1)
    words = "1 letter has not gone out."
    now = NOW + dt.timedelta(minutes=minutes)
    beat(now)
    told = to_do(Facts(now), chief())
    assert [one.sentence for one in told] == [words] * counts


def test_erasing_that_fails_is_told():
    Heartbeat.objects.filter(job="erasing").update(failed_at=NOW)
    [todo] = found()
    assert todo.sentence == "The site could not do its work: erasing."
    assert todo.url == "/admin/registrations/registration/erasing/"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, "There is no backup of the site."),
        (1.9, ""),
        (2.1, "The last backup of the site is 2 days old."),
    ],
)
def test_a_site_without_a_new_backup_is_told(settings: Any, days: float | None, words: str):
    begun = NOW - dt.timedelta(hours=1)
    Backup.objects.create(taken_at=begun)
    if days:
        taken_at = NOW - dt.timedelta(days=days)
        Backup.objects.create(taken_at=taken_at, finished_at=taken_at)
    assert "backup" not in " ".join(said())
    settings.IS_HTTPS = True
    told = [sentence for sentence in said() if "backup" in sentence]
    assert [sentence[: len(words)] for sentence in told] == ([words] if words else [])


def test_seats_that_are_counted_wrongly_are_told_once_the_check_has_found_them():
    scheduled_class = make_class(capacity=5, taken=2)
    SiteSettings.objects.update(caretaker="Sam, 303 555 0100")
    Seats.objects.filter(pk=scheduled_class.pk).update(taken=4, open=1)
    assert said() == []
    Heartbeat.objects.update(beat_at=NOW - DAY)
    run_safely(next(job for job in JOBS if job.name == "seats"))
    beat(NOW, but="seats")
    [sentence] = said()
    assert sentence == (
        "The seats of a class are counted wrongly. January 16 and 23, 2027, Online: taken is 4, "
        "but 2 are there. Call Sam, 303 555 0100."
    )
    Seats.objects.filter(pk=scheduled_class.pk).update(taken=2, open=3)
    assert said() == []


def test_without_a_class_the_people_who_wait_are_told():
    wait_for_news(41)
    [todo] = found()
    assert f"{todo.sentence} {todo.when}" == (
        "No class is planned, and 41 people wait for news. "
        "The first has waited since Saturday, November 14, 2026."
    )
    assert todo.url == "/admin/courses/scheduledclass/copy/"


def test_a_class_that_nobody_was_told_of_is_to_be_announced(
    make_class: Callable[..., ScheduledClass],
):
    wait_for_news(1)
    scheduled_class = make_class()
    [todo] = found()
    assert todo.sentence == (
        "1 person waits for news and has not been told of January 16 and 23, 2027."
    )
    assert todo.url == f"/admin/courses/scheduledclass/{scheduled_class.pk}/announce/"


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (dt.date(2027, 1, 24), ""),
        (dt.date(2027, 1, 23), "ends in 60 days."),
        (dt.date(2026, 11, 25), "ends in 1 day."),
        (dt.date(2026, 11, 24), "ends today."),
        (dt.date(2026, 11, 23), "has ended."),
    ],
)
def test_the_end_of_an_approval_is_told_60_days_before(until: dt.date, words: str):
    approval = CourseApproval.objects.get()
    CourseApproval.objects.update(valid_until=until)
    assert [one.sentence for one in found()] == [f"The approval of COPA/CPFS {words}"] * bool(words)
    follower = {"body": approval.body, "valid_until": until + 365 * DAY}
    CourseApproval.objects.create(course=approval.course, **follower)
    assert said() == []


def test_safety_words_wait_for_approval_and_for_their_day():
    SiteSettings.objects.update(safety_approved_by="", safety_review_on=None)
    words = (
        "The safety words wait for approval. "
        "They have stood on every page since Tuesday, November 24, 2026."
    )
    assert said() == [words]
    SiteSettings.objects.update(safety_approved_by="A", safety_review_on=dt.date(2026, 11, 25))
    assert said() == []
    SiteSettings.objects.update(safety_review_on=dt.date(2026, 11, 24))
    assert said() == [
        "The safety words are to be read again. Their day was Tuesday, November 24, 2026."
    ]


@pytest.mark.parametrize(("days", "counts"), [(151, False), (152, True)])
def test_a_notice_that_is_shown_and_old_is_told(days: int, counts: bool):
    now = NOW + dt.timedelta(days=days)
    Change.objects.update(at=NOW)
    words = "The notice on the course page is 5 months old."
    assert [one.sentence for one in found(now)] == [words] * counts


def test_words_without_spanish_are_told():
    SiteSettings.objects.update(notice_es="", help_words_es="")
    Page.objects.filter(slug="course").update(title_es="")
    assert said() == [
        "Spanish words are missing in 2 places. Readers of Spanish see the English there."
    ]


# The list as a whole.


def test_the_most_urgent_comes_first():
    SiteSettings.objects.update(safety_approved_by="")
    make_class(join_link="")
    CourseApproval.objects.update(valid_until=dt.date(2027, 2, 20))
    sentences = [one.sentence for one in found(START - 2 * DAY)]
    assert sentences == [
        "The class on January 16 and 23, 2027 has no join link.",
        "The safety words wait for approval.",
        "The approval of COPA/CPFS ends in 37 days.",
    ]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (roles.CLASS_STAFF, {"class", "mail"}),
        (roles.CONTENT_EDITOR, {"words", "approval"}),
        (roles.INSTRUCTOR, set()),
    ],
)
def test_each_role_reads_what_it_can_do_something_about(role: str, expected: set[str]):
    SiteSettings.objects.update(safety_approved_by="")
    CourseApproval.objects.update(valid_until=dt.date(2027, 2, 20))
    scheduled_class = make_class(join_link="")
    join(scheduled_class, 1)
    Registration.objects.update(mail_problem="No such user", mail_problem_at=NOW)
    user = User.objects.create(username="somebody", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    names = {"class": "no join link", "mail": "came back", "words": "safety", "approval": "ends in"}
    told = " ".join(said(START - DAY, user))
    assert {name for name, words in names.items() if words in told} == expected


QUERIES = 14


def test_the_list_costs_the_same_for_many_classes_and_people(
    django_assert_num_queries: Callable[..., Any],
):
    user = chief()
    wait_for_news(3)
    make_class(taken=1, join_link="", cost="")
    with django_assert_num_queries(QUERIES):
        to_do(Facts(START - DAY), user)
    for _number in range(4):
        make_class(taken=3, join_link="", cost="", status="draft")
        make_class(taken=3, join_link="", cost="")
    Registration.objects.update(mail_problem="No such user", mail_problem_at=NOW)
    with django_assert_num_queries(QUERIES):
        to_do(Facts(START - DAY), user)
