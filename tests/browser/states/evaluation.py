"""The evaluation of a class, page by page."""

from typing import Any

from courses.models import Objective
from registrations import evaluation
from registrations.models import Registration
from registrations.services import evaluation as service
from tests.browser.states.own_page import days_ago
from tests.browser.states.visit import Seen, Visit, state
from tests.factories import NOW, make_class
from tests.registrations.people import join

WORDS = "More time for questions.\nAnd a list of further reading."


def after_a_class() -> Registration:
    scheduled_class = make_class()
    for number in range(1, 4):
        Objective.objects.create(
            course=scheduled_class.course,
            position=number,
            text_en="Understand the barriers & stigma that impede wellness and healing",
            text_es="Comprender las barreras y el estigma que dificultan el bienestar",
        )
    person = join(scheduled_class, 1)
    days_ago(scheduled_class)
    return Registration.objects.get(pk=person.pk)


def with_answers() -> Registration:
    person = after_a_class()
    questions = evaluation.questions_of(person.scheduled_class)
    answers: dict[str, Any] = {one.name: WORDS if one.in_words else 4 for one in questions}
    service.save(registration=person, answers=answers, now=NOW)
    return person


@state("registrations:evaluate")
def it_is_not_open_yet(visit: Visit) -> Seen:
    return visit.own(join(make_class(), 1), "evaluate")


@state("registrations:evaluate")
def it_is_sent(visit: Visit) -> Seen:
    person = with_answers()
    service.send(registration=person, now=NOW)
    return visit.own(person, "evaluate")


@state("registrations:evaluate_objectives")
def how_far_the_objectives_were_reached(visit: Visit) -> Seen:
    return visit.own(after_a_class(), "evaluate_objectives")


@state("registrations:evaluate_objectives")
def none_of_the_objectives_is_answered(visit: Visit) -> Seen:
    return visit.post_own(after_a_class(), "evaluate_objectives")


@state("registrations:evaluate_class")
def how_the_class_was(visit: Visit) -> Seen:
    return visit.own(with_answers(), "evaluate_class")


@state("registrations:evaluate_words")
def in_their_own_words(visit: Visit) -> Seen:
    return visit.own(with_answers(), "evaluate_words")


@state("registrations:evaluate_check")
def answers_to_check(visit: Visit) -> Seen:
    return visit.own(with_answers(), "evaluate_check")


@state("registrations:data")
def an_evaluation_that_is_not_sent_is_held(visit: Visit) -> Seen:
    return visit.own(with_answers(), "data")
