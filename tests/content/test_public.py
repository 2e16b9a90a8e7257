"""Whatever a public page shows says so when it changes, in the same transaction."""

import uuid
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models, transaction

from content.models import Change, Page, Provider, Reading, Section, SiteSettings
from content.public import PublicModel, PublicVersion, public_mark
from courses.models import ClassSession, Course, Instructor, Objective, ScheduledClass, Seats
from registrations.models import Registration
from registrations.services import seats
from tests.factories import NOW, make_class
from tests.registrations.people import join, register

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)
    make_class()


def save() -> None:
    SiteSettings.objects.get().save()


def save_a_field() -> None:
    ScheduledClass.objects.get().save(update_fields=["town"])


def create() -> None:
    Instructor.objects.create(name="Robin Vale")


def update() -> None:
    Section.objects.update(heading_en=models.F("heading_en"))


def update_by_a_relation() -> None:
    ScheduledClass.objects.get().class_sessions.update(credit_minutes=300)


def bulk_create() -> None:
    course = Course.objects.get()
    Objective.objects.bulk_create([Objective(course=course, text_en="One more")])


def bulk_update() -> None:
    Page.objects.bulk_update(Page.objects.all(), ["title_en"])


def delete() -> None:
    ClassSession.objects.all()[0].delete()


def delete_many() -> None:
    Objective.objects.all().delete()


def name_an_instructor() -> None:
    instructor = Instructor.objects.create(name="Jordan Reyes")
    PublicVersion.objects.update(mark=uuid.UUID(int=0))
    ScheduledClass.objects.get().instructors.add(instructor)
    assert public_mark() != uuid.UUID(int=0)
    ScheduledClass.objects.get().instructors.clear()


WAYS: list[Callable[[], None]] = [
    save,
    save_a_field,
    create,
    update,
    update_by_a_relation,
    bulk_create,
    bulk_update,
    delete,
    delete_many,
    name_an_instructor,
]


@pytest.mark.parametrize("write", WAYS, ids=lambda write: write.__name__)
def test_each_way_to_write_a_row_marks_the_change(write: Callable[[], None]):
    before = public_mark()
    write()
    assert before is not None
    assert public_mark() != before


def test_a_change_that_is_taken_back_was_none():
    before = public_mark()
    with transaction.atomic():
        save()
        transaction.set_rollback(True)
    assert public_mark() == before


def test_the_first_change_ever_has_a_mark():
    PublicVersion.objects.all().delete()
    save()
    assert public_mark() is not None


def test_no_model_of_public_pages_is_forgotten():
    rooms = [apps.get_app_config(room) for room in ("content", "courses")]
    others = {
        model
        for room in rooms
        for model in room.get_models(include_auto_created=True)
        if not issubclass(model, PublicModel)
    }
    assert others == {Change, Provider, PublicVersion, Reading, Seats}


# Seats: only what the page says of them.


def marks(act: Callable[[], object]) -> bool:
    """Whether the act changed what public pages say."""
    before = public_mark()
    act()
    return public_mark() != before


def test_people_who_come_mark_no_change_until_the_page_says_something_else():
    scheduled_class = make_class(capacity=5)
    marked = [marks(lambda: join(scheduled_class, person)) for person in range(7)]
    # Three seats are "a few", and none is "full".
    assert marked == [False, True, False, False, True, False, False]


def test_a_line_that_is_full_and_one_that_is_not_any_more_are_marked():
    scheduled_class = make_class(capacity=1, taken=1, line_size=1)
    assert marks(lambda: register(scheduled_class, 1))
    person = Registration.objects.filter(scheduled_class=scheduled_class).latest("pk")
    assert marks(lambda: seats.leave(registration=person, actor=seats.PERSON, now=NOW))


def test_more_seats_are_marked_when_the_page_says_so():
    scheduled_class = make_class(capacity=1, taken=1)
    more = {"scheduled_class_id": scheduled_class.pk, "actor": seats.SITE, "now": NOW}
    assert marks(lambda: seats.set_capacity(capacity=2, **more))
    assert not marks(lambda: seats.set_capacity(capacity=3, **more))
