"""The first page of the desk, as each of the staff meets it."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.history.recording import note
from content.models import SiteSettings
from courses.models import CourseApproval
from registrations import roles
from registrations.models import Heartbeat, Letter, Registration
from registrations.services import announcing, seats
from registrations.services.jobs import JOBS
from registrations.services.seats import Actor
from tests.admin_forms import edit
from tests.factories import NOW, make_class
from tests.registrations.desk.test_todo import wait_for_news
from tests.registrations.people import join, register

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MOST_QUERIES = 25


@pytest.fixture(autouse=True)
def all_well() -> None:
    call_command("load_content", verbosity=0)
    SiteSettings.objects.update(safety_approved_by="Dr. Alma Reyes", caretaker="Sam, 303 555 0100")
    CourseApproval.objects.update(valid_until=None)
    beat()


def beat(**fields: Any) -> None:
    for job in JOBS:
        fields = {"beat_at": timezone.now()} | fields
        Heartbeat.objects.update_or_create(job=job.name, defaults=fields)


def as_role(role: str) -> Client:
    user = User.objects.create(username=role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def words(client: Client, path: str = "/admin/") -> str:
    """The words of the page, each run of blanks as one."""
    main = client.get(path).text.split('<main id="content-start"')[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\xa0", " ").split())


def test_when_nothing_is_to_do_the_page_says_so(admin_client: Client):
    assert "To do Nothing needs you today. Is it running?" in words(admin_client)


def test_the_page_has_its_parts_in_their_order(admin_client: Client, admin_user: User):
    changed = make_class()
    note(changed, actor=Actor.staff(admin_user), now=NOW, capacity=[1, 2])
    page = words(admin_client)
    parts = [
        "Today Tuesday, November 24, 2026",
        "To do",
        "Is it running?",
        "Upcoming classes",
        "Schedule a class Change the course page Find a person",
        "Lately",
        " More ",
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_a_class_stands_with_its_seats_its_status_and_what_comes_next(admin_client: Client):
    scheduled_class = make_class(capacity=4, taken=2)
    for person in (1, 2):
        register(scheduled_class, person)
    for person in (3, 4, 5):
        join(scheduled_class, person)
    Letter.objects.update(state="sent", sent_at=NOW)
    make_class(status="draft", cost="")
    wait_for_news(2)
    page = words(admin_client)
    assert (
        "January 16 and 23, 2027 Online 4 of 4 seats taken, 2 of them offered, 3 in line "
        "Full, and the line is open Next: 2 people wait for news and have not been told of "
        "January 16 and 23, 2027."
    ) in page
    assert "0 of 24 seats taken, 0 in line Draft: not on the site Next: nothing to do." in page


# Is it running?


@pytest.mark.parametrize(
    ("seconds", "line"),
    [
        (30, "Yes. Mail went out less than a minute ago."),
        (70, "Yes. Mail went out 1 minute ago."),
        (125, "Yes. Mail went out 2 minutes ago."),
        (
            7200,
            "Yes. Mail last went out Tuesday, November 24, 2026, 12:00 pm Mountain Time, and none",
        ),
    ],
)
def test_the_line_says_when_mail_went_out(
    admin_client: Client, clock: Any, seconds: int, line: str
):
    make_class(taken=1)
    clock.move_to(NOW + dt.timedelta(seconds=seconds))
    beat()
    assert f"Is it running? {line}" in words(admin_client)


def test_the_line_says_what_is_wrong_and_whom_to_call(admin_client: Client, clock: Any):
    beat(beat_at=NOW - dt.timedelta(minutes=6))
    wrong = "Is it running? No. The worker does not run: no mail goes out. Call Sam, 303 555 0100."
    assert wrong in words(admin_client)
    register(make_class(), 1)
    Letter.objects.update(last_error="Connection refused")
    clock.move_to(NOW + dt.timedelta(minutes=11))
    beat()
    wrong = "Mail does not go out. The mail server says: Connection refused. Call Sam"
    assert wrong in words(admin_client)
    Letter.objects.update(state="sent", sent_at=NOW)
    beat(failed_at=None)
    Heartbeat.objects.filter(job="erasing").update(failed_at=NOW)
    wrong = "Mail goes out, but this does not get done: erasing. Call Sam, 303 555 0100."
    assert wrong in words(admin_client)


# Lately.


def test_what_came_with_the_site_is_no_news(admin_client: Client):
    """The fixture has loaded pages, objectives and an approval."""
    assert "The site added" not in words(admin_client)


def test_lately_tells_what_staff_did_and_what_came_back(
    admin_client: Client, admin_user: User, clock: Any
):
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    wait_for_news(1)
    edit(admin_client, scheduled_class, town="Boulder")
    hour = dt.timedelta(hours=1)
    announcing.announce(
        scheduled_class=scheduled_class, actor=Actor.staff(admin_user), now=NOW + hour
    )
    came_back = {"mail_problem": "No such user", "mail_problem_at": NOW + 2 * hour}
    Registration.objects.filter(pk=person.pk).update(**came_back)
    lately = words(admin_client).split("Lately")[1].split("More")[0]
    assert lately.startswith(
        " Mail to Person 1 came back Tuesday, November 24, 2026, 2:00 pm Mountain Time "
        "admin told the people who wait for news about a class "
        "Tuesday, November 24, 2026, 1:00 pm Mountain Time "
        "admin changed the class “January 16 and 23, 2027, Online”: town "
    )


# Roles.


def test_each_role_has_a_first_page_that_fits():
    make_class(taken=2)
    pages = {role: words(as_role(role)) for role in roles.ROLES}
    staff, editor, teacher = (
        pages[role] for role in (roles.CLASS_STAFF, roles.CONTENT_EDITOR, roles.INSTRUCTOR)
    )
    assert "Schedule a class Find a person" in staff
    assert "Change the course page" not in staff
    assert "Change the course page" in editor
    assert not any(part in editor for part in ["Upcoming classes", "Find a person", "seats taken"])
    assert "The classes that you teach" in teacher
    others = ["Is it running?", "Upcoming classes", "Lately", "More", "seats taken"]
    assert not any(part in teacher for part in others)


def test_staff_without_a_role_are_told_whom_to_ask():
    client = Client()
    client.force_login(User.objects.create(username="new", is_staff=True))
    assert "Your account has no role yet." in words(client)


# What it costs.


def test_the_page_costs_the_same_however_many_classes_and_people(admin_client: Client):
    few = queries_of_a_site_with(admin_client, classes=1, people=1)
    many = queries_of_a_site_with(admin_client, classes=6, people=5)
    assert few == many < MOST_QUERIES


def queries_of_a_site_with(client: Client, *, classes: int, people: int) -> int:
    wait_for_news(1) if not Registration.objects.exists() else None
    for _number in range(classes):
        scheduled_class = make_class(taken=people, join_link="", cost="", capacity=6)
        join(scheduled_class, "joined")
    Registration.objects.update(mail_problem="No such user", mail_problem_at=NOW)
    Letter.objects.update(state=Letter.State.GIVEN_UP)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/")
    return len(queries)


def test_what_happens_at_the_desk_is_seen_by_a_reader_of_classes_alone(
    make_class: Callable[..., Any],
):
    scheduled_class = make_class(capacity=1, taken=1)
    seats.set_capacity(
        scheduled_class_id=scheduled_class.pk,
        capacity=3,
        actor=Actor.staff(User.objects.create(username="ana")),
        now=NOW,
    )
    assert "ana changed the class" in words(as_role(roles.CLASS_STAFF))
    assert "ana changed the class" not in words(as_role(roles.CONTENT_EDITOR))
