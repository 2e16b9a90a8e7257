"""What an instructor sees of the people: names and access needs in their own classes."""

from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import CourseInstructor, Instructor, ScheduledClass
from registrations import roles
from registrations.services import seats
from tests.admin_forms import rows
from tests.factories import NOW, make_answers, make_class
from tests.registrations.people import join, person_in, register

MINE = "/admin/registrations/registration/mine/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin() -> Instructor:
    # Another test may have emptied the whole database, groups and all.
    roles.bring_up_to_date(apps, type("Editor", (), {"connection": connection}))
    user = User.objects.create_user("robin", is_staff=True)
    user.groups.set([Group.objects.get(name=roles.INSTRUCTOR)])
    return Instructor.objects.create(name="Robin Vale", user=user)


@pytest.fixture
def desk(robin: Instructor) -> Client:
    client = Client()
    assert robin.user
    client.force_login(robin.user)
    return client


def taught(by: Instructor, **fields: Any) -> ScheduledClass:
    scheduled_class = make_class(**fields)
    scheduled_class.instructors.add(by)
    return scheduled_class


def shown(client: Client) -> list[int]:
    return [scheduled_class.pk for scheduled_class in client.get(MINE).context["classes"]]


def test_an_instructor_is_led_from_the_first_page_to_their_classes(desk: Client):
    assert f'href="{MINE}"' in desk.get("/admin/").text


def test_the_first_page_asks_for_the_attendance_of_their_own_classes_alone(
    desk: Client, robin: Instructor, clock: time_machine.Traveller
):
    own = taught(robin)
    others = taught(Instructor.objects.create(name="Jordan Reyes"))
    for scheduled_class in (own, others):
        join(scheduled_class, 1)
    clock.move_to(own.meetings[0].ends_at)
    assert robin.user
    desk.force_login(robin.user)
    [todo] = desk.get("/admin/").context["todo"]
    assert todo.sentence == "Attendance for January 16, 2027 is not taken."
    assert desk.get(todo.url).status_code == 200
    assert todo.url == f"{MINE}{own.pk}/attendance/"


def test_their_classes_are_those_that_name_them_or_have_the_teachers_of_the_course(
    desk: Client, robin: Instructor
):
    jordan = Instructor.objects.create(name="Jordan Reyes")
    own = taught(robin)
    taught(jordan)
    assert shown(desk) == [own.pk]
    CourseInstructor.objects.create(course=own.course, instructor=robin)
    as_the_course = make_class()
    assert sorted(shown(desk)) == [own.pk, as_the_course.pk]


def test_a_draft_is_not_theirs_to_see(desk: Client, robin: Instructor):
    draft = taught(robin, status="draft")
    assert shown(desk) == []
    assert desk.get(f"{MINE}{draft.pk}/").status_code == 404


def test_who_has_a_seat_is_shown_with_what_helps_and_nothing_else(desk: Client, robin: Instructor):
    scheduled_class = taught(robin)
    answers = make_answers(
        1, full_name="Maria Lopez", phone="303 555 0123", access_needs="Large print"
    )
    seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=NOW)
    maria = scheduled_class.registrations.get()
    seats.answer(registration=maria, now=NOW)
    register(scheduled_class, "silent")
    left = join(scheduled_class, "left")
    seats.leave(registration=left, actor=seats.PERSON, now=NOW)
    response = desk.get(f"{MINE}{scheduled_class.pk}/")
    assert rows(response) == [["Maria Lopez", "Large print"]]
    for private in [answers.phone, answers.email, "person-1", f"registration/{maria.pk}"]:
        assert private not in response.text


def test_the_class_of_another_instructor_is_not_there(desk: Client):
    other = taught(Instructor.objects.create(name="Jordan Reyes"), taken=1)
    assert desk.get(f"{MINE}{other.pk}/").status_code == 404


def test_an_account_that_belongs_to_no_instructor_sees_no_class(desk: Client, robin: Instructor):
    own = taught(robin)
    Instructor.objects.update(user=None)
    assert "No class names you as its teacher yet." in desk.get(MINE).text
    assert desk.get(f"{MINE}{own.pk}/").status_code == 404


def test_a_class_costs_the_same_queries_with_one_person_and_with_three(
    desk: Client, robin: Instructor
):
    scheduled_class = taught(robin, taken=1)
    path = f"{MINE}{scheduled_class.pk}/"
    desk.get(path)
    with CaptureQueriesContext(connection) as first:
        desk.get(path)
    join(scheduled_class, 1)
    join(scheduled_class, 2)
    with CaptureQueriesContext(connection) as then:
        assert len(rows(desk.get(path))) == 3
    assert len(then) == len(first)
    assert person_in(scheduled_class, 1).full_name in desk.get(path).text


def test_only_a_superuser_ties_an_account_to_an_instructor(admin_client: Client, robin: Instructor):
    path = f"/admin/courses/instructor/{robin.pk}/change/"
    assert 'name="user"' in admin_client.get(path).text
    staff = User.objects.create_user("staff", is_staff=True)
    staff.groups.set([Group.objects.get(name=roles.CLASS_STAFF)])
    client = Client()
    client.force_login(staff)
    assert 'name="user"' not in client.get(path).text
    client.post(path, {"name": "Robin Vale", "credentials": "", "user": staff.pk})
    robin.refresh_from_db()
    assert robin.user != staff


def test_a_cancelled_class_says_so_and_asks_for_no_attendance(desk: Client, robin: Instructor):
    scheduled_class = taught(robin, status="cancelled", cancelled_at=NOW)
    assert "<b>Cancelled</b>" in desk.get(MINE).text
    page = desk.get(f"{MINE}{scheduled_class.pk}/").text
    assert "This class is cancelled. It will not take place." in page
    assert "Take attendance" not in page
