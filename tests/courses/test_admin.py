import pytest
from django.core.management import call_command
from django.test import Client

from courses.models import Course, CourseApproval, CourseInstructor, Instructor
from tests.admin_forms import errors, filled_in
from tests.factories import make_class

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def path() -> str:
    return f"/admin/courses/course/{Course.objects.get().pk}/change/"


def edit(client: Client, **typed: str) -> dict[str, list[str]]:
    """Save the course with what is typed; the sentences that refuse it."""
    data = filled_in(client, path()) | typed
    return errors(client.post(path(), data))


def test_an_objective_moved_up_stands_first_on_the_course_page(admin_client: Client):
    assert edit(admin_client, **{"objectives-6-position": "0"}) == {}
    page = Client().get("/").text
    objectives = page[page.index("Course objectives") :]
    assert objectives.index("compassion fatigue") < objectives.index("prescribing, use")


def test_an_approval_that_ends_before_it_begins_is_refused(admin_client: Client):
    typed = {"approvals-0-valid_from": "2027-01-02", "approvals-0-valid_until": "2027-01-01"}
    assert edit(admin_client, **typed) == {
        "0-__all__": ["An approval cannot end before it begins."]
    }
    assert CourseApproval.objects.get().valid_from is None


def test_an_attendance_above_a_hundred_percent_is_refused(admin_client: Client):
    assert list(edit(admin_client, attendance_percent="101")) == ["attendance_percent"]
    assert Course.objects.get().attendance_percent == 100


def test_instructors_stand_on_the_class_page_in_the_order_of_the_course(admin_client: Client):
    second, first = (Instructor.objects.create(name=name) for name in ["Ada Stone", "Zoe Field"])
    typed = {"course_instructors-TOTAL_FORMS": "2"}
    for row, (instructor, position) in enumerate([(second, 2), (first, 1)]):
        typed[f"course_instructors-{row}-instructor"] = str(instructor.pk)
        typed[f"course_instructors-{row}-position"] = str(position)
    assert edit(admin_client, **typed) == {}
    page = Client().get(make_class().get_absolute_url()).text
    assert 0 < page.index("Zoe Field") < page.index("Ada Stone")


def test_an_instructor_is_on_the_list_once(admin_client: Client):
    ada = Instructor.objects.create(name="Ada Stone")
    CourseInstructor.objects.create(course=Course.objects.get(), instructor=ada)
    typed = {
        "course_instructors-TOTAL_FORMS": "2",
        "course_instructors-1-instructor": str(ada.pk),
        "course_instructors-1-position": "2",
    }
    assert edit(admin_client, **typed)["sessions"] == ["This instructor is on the list already."]
    assert CourseInstructor.objects.count() == 1


def test_instructors_are_found_by_typing_a_part_of_the_name(admin_client: Client):
    Instructor.objects.create(name="Ada Stone", credentials="CPFS")
    Instructor.objects.create(name="Zoe Field")
    asked = {
        "app_label": "courses",
        "model_name": "courseinstructor",
        "field_name": "instructor",
        "term": "sto",
    }
    found = admin_client.get("/admin/autocomplete/", asked).json()["results"]
    assert [row["text"] for row in found] == ["Ada Stone, CPFS"]


def test_a_course_with_classes_is_not_deleted(admin_client: Client):
    make_class()
    admin_client.post(path().replace("change", "delete"), {"post": "yes"})
    assert Course.objects.count() == 1


def test_an_instructor_who_teaches_a_class_is_not_deleted(admin_client: Client):
    robin, nobody = (Instructor.objects.create(name=name) for name in ["Robin Vale", "Nobody"])
    make_class().instructors.add(robin)
    for instructor in [robin, nobody]:
        admin_client.post(f"/admin/courses/instructor/{instructor.pk}/delete/", {"post": "yes"})
    assert list(Instructor.objects.all()) == [robin]
    chosen = {"action": "delete_selected", "_selected_action": [robin.pk], "post": "yes"}
    admin_client.post("/admin/courses/instructor/", chosen)
    assert list(Instructor.objects.all()) == [robin]
