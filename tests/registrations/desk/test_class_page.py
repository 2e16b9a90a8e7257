"""One class on one page: its whole life, for 5 people as for 500."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import ScheduledClass
from registrations import roles
from registrations.models import Letter, Registration
from registrations.services import seats
from tests.admin_forms import edit, filled_in
from tests.factories import NOW, make_answers, make_class
from tests.registrations.people import join, person_in, register

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MOST_QUERIES = 25


def path(scheduled_class: ScheduledClass) -> str:
    return f"/admin/courses/scheduledclass/{scheduled_class.pk}/"


def words(client: Client, scheduled_class: ScheduledClass) -> str:
    page = client.get(path(scheduled_class)).text
    main = page.split('<main id="content-start"')[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\xa0", " ").split())


def test_the_page_tells_the_state_the_seats_and_the_line_with_each_reason(admin_client: Client):
    scheduled_class = make_class(capacity=2, taken=1)
    register(scheduled_class, 1)
    for person in (2, 3):
        join(scheduled_class, person)
    register(scheduled_class, 4)
    page = words(admin_client, scheduled_class)
    assert (
        "January 16 and 23, 2027 Full, and the line is open "
        "2 of 2 seats taken, 1 of them offered, 3 in line"
    ) in page
    until = "until Friday, November 27, 2026, 6:00 pm Mountain Time."
    line = page.split("Why no seat yet ")[1].split(" People with a seat")[0]
    assert line == (
        f"Offer Person 1 A seat is held {until} "
        "1st Person 2 No seat is free. They are next. "
        "2nd Person 3 No seat is free. 1 person before them comes first. "
        f"3rd Person 4 The address has not answered yet; it has {until}"
    )
    assert "1 person has a seat Person seated-1" in page


def test_the_page_tells_the_sessions_and_the_facts_with_their_zone(admin_client: Client):
    scheduled_class = make_class(time_zone="America/New_York", town="Boston", delivery="both")
    page = words(admin_client, scheduled_class)
    assert "Saturday, January 16, 2027 11:00 am to 7:00 pm Eastern Time. 360 credit minutes" in page
    assert "Place In person and online, Boston Address Not given" in page
    assert "Registration closes Saturday, January 16, 2027, 11:00 am Eastern Time" in page


def test_what_needs_a_hand_for_this_class_stands_on_its_page(admin_client: Client):
    make_class(cost="")
    lacking = make_class(cancellation="")
    page = words(admin_client, lacking)
    assert "something is missing." in page
    assert "Say how to give up a seat before you publish." in page
    assert "what it costs" not in page


def test_letters_are_counted_by_kind_those_with_problems_first(admin_client: Client):
    scheduled_class = make_class(taken=2)
    for person in (1, 2):
        register(scheduled_class, person)
    asked = Letter.objects.filter(registration=person_in(scheduled_class, 1))
    asked.update(state="given_up", attempts=40, last_error="No such user")
    page = words(admin_client, scheduled_class)
    letters = page.split(" Letters ")[1].split(" Facts ")[0]
    assert letters == (
        "Person 1: A seat is held: press the button "
        "Given up after many tries. 40 tries. No such user "
        "Letter Owed Sent Not needed Given up "
        "A seat is held: press the button 1 0 0 1 The seat is yours 0 2 0 0"
    )


def test_history_tells_what_staff_changed_and_what_people_did(admin_client: Client):
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    edit(admin_client, scheduled_class, town="Boulder")
    seats.leave(registration=person, actor=seats.PERSON, now=NOW, why="ill")
    history = words(admin_client, scheduled_class).split(" History ")[1]
    assert "The seat of Person 1 was cancelled Tuesday, November 24, 2026, 12:00 pm" in history
    assert "Mountain Time. Ill" in history
    assert "admin changed the class “January 16 and 23, 2027, Online”: town" in history


def test_the_list_of_classes_leads_to_the_page_and_saving_comes_back_to_it(admin_client: Client):
    scheduled_class = make_class()
    page = path(scheduled_class)
    assert f'<a href="{page}">' in admin_client.get("/admin/courses/scheduledclass/").text
    assert edit(admin_client, scheduled_class, town="Boulder")["Location"] == page
    form = f"{page}change/"
    stay = filled_in(admin_client, form, _continue="1")
    assert admin_client.post(form, stay)["Location"] == form
    assert f'href="{form}">Change</a>' in admin_client.get(page).text


def test_acts_are_offered_when_they_are_possible(admin_client: Client):
    draft, public = make_class(status="draft"), make_class(capacity=1, taken=1)
    join(public, 1)
    of_a_draft, of_a_public = (acts(admin_client, one) for one in (draft, public))
    published_only = {"See it on the site", "Tell people who wait for news", "Take off the site"}
    assert of_a_draft >= {"Publish", "Change", "All people", "Copy to other days"}
    assert not of_a_draft & {*published_only, "Write to people", "Cancel the class"}
    assert of_a_public >= {*published_only, "Change", "Write to people", "Cancel the class"}
    assert not of_a_public & {"Publish", "Give a free seat by hand"}
    [seated] = Registration.objects.filter(status="confirmed")
    starts_at = public.starts_at
    assert starts_at
    seats.leave(registration=seated, actor=seats.PERSON, now=starts_at)
    assert "Give a free seat by hand" in acts(admin_client, public)


def acts(client: Client, scheduled_class: ScheduledClass) -> set[str]:
    return {act for _group, listed in groups(client, scheduled_class) for act in listed}


def groups(client: Client, scheduled_class: ScheduledClass) -> list[tuple[str, list[str]]]:
    """`("People", ["All people", ...])`, as they stand on the page."""
    page = client.get(path(scheduled_class)).text
    listed = page.split('<nav class="band groups"')[1].split("</nav>")[0]
    return [
        (re.findall(r"<h2 [^>]*>([^<]+)</h2>", one)[0], re.findall(r"<a [^>]*>([^<]+)</a>", one))
        for one in re.findall(r"<div.*?</div>", listed, re.DOTALL)
    ]


def test_acts_stand_by_what_a_person_wants_and_what_takes_away_stands_last(admin_client: Client):
    scheduled_class = make_class(capacity=2, taken=1)
    assert groups(admin_client, scheduled_class) == [
        (
            "People",
            ["All people", "Add someone", "Write to people", "Tell people who wait for news"],
        ),
        ("The class", ["Change", "See it on the site", "Copy to other days"]),
        ("On the days and after", ["Sheet to sign", "Attendance"]),
        ("Records", ["Numbers", "People as a file"]),
        ("With care", ["Take off the site", "Cancel the class"]),
    ]


def test_a_class_without_days_has_a_page(admin_client: Client):
    bare = make_class(status="draft")
    bare.class_sessions.all().delete()
    page = words(admin_client, bare)
    assert f"{bare.slug} Draft: not on the site" in page
    assert "It has no dates yet." in page
    assert admin_client.get("/admin/courses/scheduledclass/999999/").status_code == 404


def test_who_may_see_classes_alone_sees_no_people(client: Client, django_user_model: Any):
    scheduled_class = make_class(capacity=1, taken=1)
    join(scheduled_class, 1)
    user: User = django_user_model.objects.create(username="looker", is_staff=True)
    looker = Group.objects.create(name="looker")
    codenames = ["view_scheduledclass"]
    permission_model = looker.permissions.model
    looker.permissions.set(permission_model.objects.filter(codename__in=codenames))
    user.groups.add(looker)
    client.force_login(user)
    page = words(client, scheduled_class)
    assert "1 of 1 seat taken, 1 in line" in page
    assert not any(part in page for part in ["Person", "The line", "Letters", "Change", "All peop"])
    client.force_login(django_user_model.objects.create(username="ed", is_staff=True))
    assert client.get(path(scheduled_class)).status_code == 403


@pytest.mark.parametrize("role", [None, roles.CLASS_STAFF])
def test_many_people_cost_no_query_more_and_the_page_stays_short(client: Client, role: str | None):
    user = User.objects.create(username="user", is_staff=True, is_superuser=role is None)
    if role:
        user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    few, many = crowd(5), crowd(120)
    costs = []
    for scheduled_class in (few, many):
        client.get(path(scheduled_class))
        with CaptureQueriesContext(connection) as queries:
            client.get(path(scheduled_class))
        costs.append(len(queries))
    assert costs[0] == costs[1] < MOST_QUERIES
    page = words(client, many)
    assert page.count("person-") == 0
    assert len(re.findall(r"\dst |\dnd |\drd |\dth ", page)) == 25
    assert "15 more people in line" in page
    assert "The list of all 40" in page


def crowd(count: int) -> ScheduledClass:
    """A third have a seat, a third wait, a third were there once; each with a letter."""
    third = max(count // 3, 1)
    scheduled_class = make_class(capacity=third, line_size=1000)
    people = [make_answers(number) for number in range(count)]
    for answers in people:
        seats.add_by_staff(
            scheduled_class_id=scheduled_class.pk, answers=answers, actor=seats.SITE, now=NOW
        )
    waiting = Registration.objects.filter(scheduled_class=scheduled_class).in_line()
    for registration in waiting.order_by("-place")[:third]:
        seats.leave(registration=registration, actor=seats.PERSON, now=NOW)
    stuck = Letter.objects.filter(registration__in=waiting)
    stuck.update(attempts=3, last_error="Try again later")
    return scheduled_class
