"""People say how a class was, page by page."""

import html
import re

import pytest
from django.test import Client
from django.utils import translation

from courses.models import Course, Objective, ScheduledClass
from registrations.links import token_for
from registrations.models import Evaluation, EvaluationDraft, Registration
from registrations.services import completion
from registrations.services import evaluation as service
from tests.factories import NOW
from tests.registrations.evaluation.answering import (
    LATER,
    OBJECTIVES,
    answer,
    answers_for,
    held,
    page_of,
    present,
    typed,
    was_not_there,
)
from tests.registrations.test_registering import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("after")
def test_the_whole_way_page_by_page(client: Client) -> None:
    [person] = held()
    first = client.get(page_of(person), follow=True)
    assert first.redirect_chain == [(page_of(person, "objectives/"), 302)]
    text = text_of(first)
    assert "Your answers are kept apart from your name." in text
    assert "step 1 of 4" in text
    for objective in OBJECTIVES:
        assert f". {objective}</legend>" in first.text
    assert first.text.count('type="radio"') == 5 * len(OBJECTIVES)
    for page, following in [("objectives", "class"), ("class", "words"), ("words", "check")]:
        saved = client.post(page_of(person, f"{page}/"), typed(person, page))
        assert saved["location"] == page_of(person, f"{following}/")
    assert EvaluationDraft.objects.get().answers == {
        name: 4 for name in answers_for(person) if name not in {"missing", "comments"}
    }
    checked = text_of(client.get(page_of(person, "check/")))
    assert "1. Define BIND Mostly" in checked
    assert "What was missing? Not given" in checked
    sent = client.post(page_of(person, "check/"), follow=True)
    assert sent.redirect_chain == [(page_of(person), 302)]
    assert "You have answered the evaluation." in text_of(sent)
    assert not EvaluationDraft.objects.exists()
    assert Evaluation.objects.get().people == 1
    for step in ["", "objectives/", "class/", "words/", "check/"]:
        again = client.get(page_of(person, step), follow=True)
        assert "You have answered the evaluation." in text_of(again)


@pytest.mark.usefixtures("after")
def test_a_pause_loses_nothing_and_answers_can_change_until_they_are_sent(client: Client) -> None:
    [person] = held()
    name = next(iter(typed(person, "objectives")))
    stopped = client.post(page_of(person, "objectives/"), {name: 2, "stop": "yes"})
    assert stopped["location"] == f"/registrations/{token_for(person)}/"
    assert "Answer the evaluation" in text_of(client.get(stopped["location"]))
    again = client.get(page_of(person), follow=True).text
    assert re.findall(rf'name="{name}" value="(\d)"[^>]*checked', again) == ["2"]
    client.post(page_of(person, "objectives/"), typed(person, "objectives", 5))
    client.post(page_of(person, "class/"), typed(person, "class", 5))
    changed = client.post(f"{page_of(person, 'class/')}?check", typed(person, "class", 1))
    assert changed["location"] == page_of(person, "check/")
    client.post(f"{page_of(person, 'words/')}?check", {"missing": "Time.", "comments": ""})
    client.post(f"{page_of(person, 'words/')}?check", {"missing": "", "comments": "Thanks."})
    client.post(page_of(person, "check/"))
    kept = Evaluation.objects.get()
    assert kept.items["content"] == [0, 0, 0, 0, 1]
    assert kept.objectives == {text: [1, 0, 0, 0, 0] for text in OBJECTIVES}
    assert kept.words == {"missing": [], "comments": ["Thanks."]}


@pytest.mark.usefixtures("after")
def test_what_is_missing_is_said_and_what_was_chosen_stays(client: Client) -> None:
    [person] = held()
    first, second = typed(person, "objectives")
    answered = client.post(page_of(person, "objectives/"), {first: 3, second: 9})
    assert "<title>Error: " in answered.text
    summary = answered.text.split('class="alarm"')[1].split("</div>")[0]
    assert f'<a href="#id_{second}_0">Choose how far you reached objective 2</a>' in summary
    assert first not in summary
    assert re.findall(rf'name="{first}" value="(\d)"[^>]*checked', answered.text) == ["3"]
    assert not EvaluationDraft.objects.exists()
    assert client.get(page_of(person, "check/"))["location"] == page_of(person, "objectives/")
    client.post(page_of(person, "check/"))
    assert not Evaluation.objects.exists()


@pytest.mark.usefixtures("after")
def test_the_form_speaks_spanish_and_its_objectives_too(client: Client) -> None:
    [person] = held()
    page = client.get(page_of(person, "objectives/", "/es"))
    assert "<legend>1. Define BIND (es)</legend>" in page.text
    assert "Del todo" in page.text
    saved = client.post(page_of(person, "objectives/", "/es"), typed(person, "objectives"))
    assert saved["location"] == page_of(person, "class/", "/es")
    assert "La tecnología funcionó" in html.unescape(client.get(saved["location"]).text)
    with translation.override("es"):
        answer(person)
    assert set(Evaluation.objects.get().objectives) == set(OBJECTIVES), "the sums are in English"


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        ("online", "The technology worked"),
        ("in_person", "The room was right for the class"),
        ("both", "The room, or the technology, was right for the class"),
    ],
)
@pytest.mark.usefixtures("after")
def test_it_asks_for_the_room_or_the_technology(client: Client, delivery: str, words: str) -> None:
    [person] = held()
    ScheduledClass.objects.update(delivery=delivery)
    assert words in client.get(page_of(person, "class/")).text


def test_a_course_without_objectives_begins_with_the_class(client: Client, after: None) -> None:
    [person] = held()
    Objective.objects.all().delete()
    assert client.get(page_of(person))["location"] == page_of(person, "class/")
    assert client.get(page_of(person, "objectives/"))["location"] == page_of(person, "class/")
    answer(person)
    assert Evaluation.objects.get().objectives == {}


def test_before_the_end_and_without_a_seat_it_is_not_open(client: Client) -> None:
    [person] = held()
    closed = client.get(page_of(person, "class/"), follow=True)
    assert "The evaluation is not open" in text_of(closed)
    with pytest.raises(service.NotOpen):
        service.save(registration=person, answers={"content": 5}, now=NOW)
    with pytest.raises(service.NotOpen):
        service.send(registration=person, now=NOW)
    was_not_there(person)
    with pytest.raises(service.NotOpen):
        service.save(registration=person, answers={"content": 5}, now=LATER)
    assert not EvaluationDraft.objects.exists()


def test_who_was_there_and_then_gave_up_the_seat_can_answer() -> None:
    [person] = held()
    present(person, "present")
    Registration.objects.update(status="cancelled")
    person.refresh_from_db()
    answer(person)
    assert Evaluation.objects.get().people == 1


@pytest.mark.usefixtures("after")
def test_the_own_page_leads_to_it_and_says_whether_it_counts(client: Client) -> None:
    [person] = held(evaluation_required=True)
    own = f"/registrations/{token_for(person)}/"
    page = client.get(own)
    assert "Your certificate needs it." in text_of(page)
    assert f'href="{page_of(person)}"' in page.text
    present(person, "present")
    assert not completion.completion_of([person], LATER)[person.pk].outcome.earns_certificate
    answer(person)
    assert completion.completion_of([person], LATER)[person.pk].outcome.earns_certificate
    assert "Answer the evaluation" not in text_of(client.get(own))


def test_the_way_to_the_certificate_names_it_where_it_counts(client: Client) -> None:
    [person] = held()
    own = f"/registrations/{token_for(person)}/"
    step = "A short form. We send you the link after the last day."
    assert step not in text_of(client.get(own))
    Course.objects.update(evaluation_required=True)
    assert step in text_of(client.get(own))
