"""A class that is over, and people who say how it was."""

import datetime as dt
from typing import Any

from courses.models import Course, Objective
from registrations import evaluation
from registrations.links import token_for
from registrations.models import Attendance, Letter, Registration
from registrations.services import evaluation as service
from tests.factories import DENVER, make_class
from tests.registrations.people import join

#: The last session ends on January 23, 2027, 5 pm.
OVER = dt.datetime(2027, 1, 23, 17, tzinfo=DENVER)
LATER = OVER + dt.timedelta(days=1)
A_DAY = dt.timedelta(days=1)

OBJECTIVES = ["Define BIND", "Name two boundaries"]


def held(people: int = 1, **course: Any) -> list[Registration]:
    """A class that is over, with so many people who had a seat."""
    scheduled_class = make_class()
    Course.objects.update(**course)
    for number, text in enumerate(OBJECTIVES):
        Objective.objects.create(
            course=scheduled_class.course, position=number, text_en=text, text_es=f"{text} (es)"
        )
    found = [join(scheduled_class, number) for number in range(people)]
    Letter.objects.all().delete()
    return found


def answers_for(person: Registration, point: int = 4, words: str = "") -> dict[str, Any]:
    questions = evaluation.questions_of(person.scheduled_class)
    return {one.name: words if one.in_words else point for one in questions}


def answer(person: Registration, point: int = 4, words: str = "") -> None:
    service.save(registration=person, answers=answers_for(person, point, words), now=LATER)
    service.send(registration=person, now=LATER)


def page_of(person: Registration, step: str = "", language: str = "") -> str:
    return f"{language}/registrations/{token_for(person)}/evaluate/{step}"


def typed(person: Registration, page: str, point: int = 4) -> dict[str, Any]:
    [found] = [one for one in evaluation.pages_of(person.scheduled_class) if one.name == page]
    return {one.name: point for one in found.questions if not one.in_words}


def present(person: Registration, presence: str) -> None:
    for meeting in person.scheduled_class.meetings:
        Attendance.objects.create(
            registration=person, class_session=meeting, presence=presence, recorded_at=OVER
        )


def was_not_there(person: Registration) -> None:
    present(person, "absent")
