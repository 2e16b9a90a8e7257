"""Nobody can say whose words an answer is."""

import json
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from registrations.links import token_for
from registrations.models import Evaluation, EvaluationDraft, Registration
from registrations.retention import erase_what_is_due
from registrations.services import erasing, seats
from registrations.services import evaluation as service
from tests.registrations.at_once import at_once
from tests.registrations.evaluation.answering import A_DAY, LATER, OVER, answer, answers_for, held
from tests.registrations.test_registering import text_of

pytestmark = pytest.mark.django_db


def everything() -> dict[str, list[dict[str, Any]]]:
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
    }


def test_what_is_kept_of_a_sent_answer_is_that_there_is_one() -> None:
    """Nothing else in the whole database differs, so there is nothing to join by."""
    first, second = held(2)
    answer(first, words="From somebody else.")
    service.save(registration=second, answers=answers_for(second, 2, "Mine alone."), now=LATER)
    before = everything()
    service.send(registration=second, now=LATER + A_DAY)
    after_it = everything()
    changed = {
        label: [
            {name for name in row if old.get(row_key(row), row)[name] != row[name]}
            for old in [{row_key(one): one for one in before[label]}]
            for row in after_it[label]
        ]
        for label in after_it
        if after_it[label] != before[label]
    }
    assert changed == {
        "registrations.Registration": [set(), {"evaluated"}],
        "registrations.Evaluation": [{"people", "objectives", "items", "words"}],
        "registrations.EvaluationDraft": [],
    }
    assert after_it["registrations.EvaluationDraft"] == []


def row_key(row: dict[str, Any]) -> Any:
    return row.get("id", row.get("scheduled_class_id", row.get("registration_id")))


def test_the_sums_have_no_moment_no_person_and_no_order() -> None:
    names = {field.name for field in Evaluation._meta.get_fields()}
    assert names == {"scheduled_class", "people", "objectives", "items", "words"}
    people = held(12)
    for number, person in enumerate(people):
        answer(person, words=f"Words {number}.")
    kept = Evaluation.objects.get()
    sent = [f"Words {number}." for number in range(12)]
    for said in kept.words.values():
        assert sorted(said) == sorted(sent)
        assert said != sent
    assert kept.words["missing"] != kept.words["comments"], "each question is shuffled by itself"


def test_erasing_reaches_what_was_not_sent_and_leaves_the_sums() -> None:
    first, second = held(2)
    answer(first, words="Of the class.")
    service.save(registration=second, answers={"missing": "Of Person 1."}, now=LATER)
    for person in (first, second):
        erasing.erase(registration=person, actor=seats.PERSON, now=LATER)
    assert not EvaluationDraft.objects.exists()
    assert Evaluation.objects.get().people == 1


def test_what_was_not_sent_goes_after_30_days_and_the_sums_after_7_years() -> None:
    first, second = held(2)
    answer(first)
    service.save(registration=second, answers={"content": 3}, now=LATER)
    erase_what_is_due(LATER + 29 * A_DAY)
    assert EvaluationDraft.objects.exists()
    erase_what_is_due(LATER + 30 * A_DAY)
    assert not EvaluationDraft.objects.exists()
    erase_what_is_due(OVER.replace(year=2034) - A_DAY)
    assert Evaluation.objects.exists()
    erase_what_is_due(OVER.replace(year=2034))
    assert not Evaluation.objects.exists()


@pytest.mark.usefixtures("after")
def test_a_person_can_take_along_what_is_not_sent(client: Client) -> None:
    [person] = held()
    service.save(registration=person, answers={"content": 3}, now=LATER)
    data = f"/registrations/{token_for(person)}/data/"
    assert "You have begun it." in text_of(client.get(data))
    held_now = json.loads(client.get(f"{data}download/").content)
    assert held_now["evaluation"] == {"answered": False, "not_sent": {"content": 3}}
    answer(person)
    assert "You have answered it." in text_of(client.get(data))


@pytest.mark.django_db(transaction=True)
def test_a_double_click_counts_once_and_of_many_at_once_none_is_lost() -> None:
    people = held(6)
    for person in people:
        service.save(registration=person, answers=answers_for(person, 5, "x"), now=LATER)
    acts = [
        partial(service.send, registration=Registration.objects.get(pk=person.pk), now=LATER)
        for person in people
        for _click in range(2)
    ]
    assert at_once(acts) == []
    kept = Evaluation.objects.get()
    assert kept.people == 6
    assert kept.items["content"] == [6, 0, 0, 0, 0]
    assert kept.words["missing"] == ["x"] * 6
    assert Registration.objects.filter(evaluated=True).count() == 6
    assert not EvaluationDraft.objects.exists()
