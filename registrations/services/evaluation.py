"""Evaluating a class: a draft while it is written, and sums without a name when it is sent."""

import datetime as dt
import random
from typing import Any

from courses.models import Objective, ScheduledClass
from registrations.evaluation import POINTS, next_page, pages_of, questions_of
from registrations.models import Evaluation, EvaluationDraft, Registration
from registrations.services import attendance
from registrations.services.ledger import locked_with

Status = Registration.Status

Answers = dict[str, Any]

#: Nobody can say afterwards how it has shuffled.
_shuffle = random.SystemRandom().shuffle


class NotOpen(Exception):
    """They have sent it already, the class is not over, or they had no seat in it."""


class NotWhole(Exception):
    """A question has no answer yet."""


def is_open(registration: Registration, now: dt.datetime) -> bool:
    """Whether they can answer now: the class was held, and they were there, as far as is known."""
    scheduled_class = registration.scheduled_class
    ends_at = scheduled_class.ends_at
    was_held = scheduled_class.status == ScheduledClass.Status.PUBLISHED
    if registration.evaluated or not was_held or ends_at is None or ends_at > now:
        return False
    if registration.status == Status.CONFIRMED:
        return not attendance.missed_all(registration)
    return attendance.took_part(registration)


def answers_of(registration: Registration) -> Answers:
    """What they have saved and not sent."""
    draft = EvaluationDraft.objects.filter(registration=registration).first()
    return draft.answers if draft else {}


def save(*, registration: Registration, answers: Answers, now: dt.datetime) -> None:
    """Keep the answers of one page until all are sent; None takes one back. Raises NotOpen."""
    with locked_with(registration):
        if not is_open(registration, now):
            raise NotOpen
        kept = answers_of(registration) | answers
        kept = {name: answer for name, answer in kept.items() if answer not in {None, ""}}
        EvaluationDraft.objects.update_or_create(
            registration=registration, defaults={"answers": kept, "saved_at": now}
        )


def send(*, registration: Registration, now: dt.datetime) -> None:
    """Add the answers to those of the class, and forget whose they were.

    A second time does nothing. Raises NotOpen and NotWhole. What the database must not be able to
    tell afterwards, and how, is in `docs/decisions/evaluation.md`.
    """
    with locked_with(registration):
        if registration.evaluated:
            return
        if not is_open(registration, now):
            raise NotOpen
        answers = answers_of(registration)
        scheduled_class = registration.scheduled_class
        if next_page(pages_of(scheduled_class), answers):
            raise NotWhole
        add(scheduled_class, answers)
        EvaluationDraft.objects.filter(registration=registration).delete()
        Registration.objects.filter(pk=registration.pk).update(evaluated=True)
        registration.evaluated = True


def add(scheduled_class: ScheduledClass, answers: Answers) -> None:
    kept, _made = Evaluation.objects.get_or_create(scheduled_class=scheduled_class)
    kept.people += 1
    objectives = Objective.objects.filter(course=scheduled_class.course_id)
    texts = {f"objective_{key}": text for key, text in objectives.values_list("pk", "text_en")}
    for one in questions_of(scheduled_class):
        answer = answers.get(one.name)
        if one.in_words:
            said = [*kept.words.get(one.name, []), *([answer] if answer else [])]
            _shuffle(said)
            kept.words[one.name] = said
        elif one.name in texts:
            count(kept.objectives, texts[one.name], answer)
        else:
            count(kept.items, one.name, answer)
    kept.save()


def count(counts: dict[str, list[int]], name: str, point: Any) -> None:
    """One more for the point."""
    row = counts.setdefault(name, [0] * len(POINTS))
    row[[number for number, _words in POINTS].index(point)] += 1
