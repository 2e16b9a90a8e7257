"""People say how a class was, and nobody can say whose words they are."""

import datetime as dt
import html
import json
import re
from functools import partial
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.test import Client
from django.utils import translation

from courses.models import ClassSession, Course, Objective, ScheduledClass
from registrations import evaluation
from registrations.links import token_for
from registrations.models import Attendance, Evaluation, EvaluationDraft, Letter, Registration
from registrations.retention import erase_what_is_due
from registrations.services import completion, erasing, seats
from registrations.services import evaluation as service
from registrations.services.delivery import deliver_due
from registrations.services.jobs import write_reminders
from tests.factories import DENVER, NOW, make_class
from tests.registrations.at_once import at_once
from tests.registrations.people import join
from tests.registrations.test_registering import text_of

pytestmark = pytest.mark.django_db

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


# The letter.


def letters() -> list[tuple[str, str]]:
    found = Letter.objects.filter(kind="evaluate").order_by("pk").select_related("registration")
    return [(str(one.registration), one.state) for one in found]


def test_after_the_last_session_a_letter_opens_the_form_once() -> None:
    [person] = held()
    write_reminders(OVER - dt.timedelta(minutes=1))
    assert letters() == []
    for moment in [OVER, OVER, LATER]:
        write_reminders(moment)
    assert letters() == [("Person 0", "owed")]
    deliver_due(clock=lambda: LATER)
    [sent] = mail.outbox
    assert sent.subject == "Your class on January 16 and 23, 2027"
    assert "Your class is over. Please tell us how it was." in sent.body
    assert "Your certificate needs it" not in sent.body
    link = re.search(r"http://testserver(\S+)", str(sent.body))
    assert link
    assert link[1] == page_of(person)
    with time_machine.travel(LATER):
        assert "The objectives" in text_of(Client().get(link[1], follow=True))


def test_the_letter_says_when_the_certificate_needs_it_and_speaks_spanish() -> None:
    [person] = held(evaluation_required=True)
    Registration.objects.update(language="es")
    write_reminders(OVER)
    deliver_due(clock=lambda: LATER)
    [sent] = mail.outbox
    assert "Su certificado la necesita." in sent.body
    assert page_of(person, language="/es") in sent.body


def test_who_had_no_seat_or_a_cancelled_class_is_not_asked() -> None:
    held()
    waits = join(make_class(capacity=0, slug="full"), "waits")
    gone = join(make_class(slug="gone"), "gone")
    seats.leave(registration=gone, actor=seats.PERSON, now=NOW)
    called_off = join(make_class(slug="off"), "off")
    ScheduledClass.objects.filter(pk=called_off.scheduled_class_id).update(status="cancelled")
    write_reminders(OVER)
    assert letters() == [("Person 0", "owed")]
    assert waits.status == "waitlisted"


def erased(person: Registration) -> None:
    erasing.erase(registration=person, actor=seats.PERSON, now=LATER)


def was_not_there(person: Registration) -> None:
    present(person, "absent")


@pytest.mark.parametrize("meanwhile", [erased, was_not_there, answer])
def test_the_letter_does_not_go_out_when_there_is_nothing_to_ask_any_more(meanwhile: Any) -> None:
    [person] = held()
    write_reminders(OVER)
    meanwhile(person)
    deliver_due(clock=lambda: LATER)
    write_reminders(LATER)
    assert [state for _person, state in letters()] == ["superseded"]
    assert mail.outbox == []


def test_long_after_a_class_nobody_is_asked() -> None:
    held()
    write_reminders(OVER + dt.timedelta(days=14))
    assert letters() == []


# The form.


@pytest.fixture
def after(clock: time_machine.Traveller) -> None:
    clock.move_to(LATER)


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


# Apart from names.


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


# Staff.


def desk(scheduled_class: ScheduledClass) -> str:
    return f"/admin/courses/scheduledclass/{scheduled_class.pk}/evaluation/"


def test_below_five_staff_see_the_number_and_nothing_else(admin_client: Client) -> None:
    people = held(5)
    address = desk(people[0].scheduled_class)
    assert "0 people have answered." in text_of(admin_client.get(address))
    for person in people[:4]:
        answer(person, words="Nobody may read this yet.")
    text = text_of(admin_client.get(address))
    assert "4 people have answered." in text
    assert "Define BIND" not in text
    assert "Nobody may read" not in text
    answer(people[4], point=1, words="Now <b>five</b>.")
    text = text_of(admin_client.get(address))
    assert "5 people have answered." in text
    assert "Define BIND Mean 3.4 of 5" in text
    assert "Nobody may read this yet." in text
    assert "Now <b>five</b>." in html.unescape(text)


def test_each_item_has_its_counts_and_its_mean(admin_client: Client) -> None:
    people = held(5)
    for person, point in zip(people, [5, 5, 4, 2, 1], strict=True):
        answer(person, point)
    page = admin_client.get(desk(people[0].scheduled_class)).text
    section = page.split("<h3>The technology worked</h3>")[1].split("</table>")[0]
    assert "Mean 3.4 of 5" in section
    cells = re.findall(r'<th scope="row">(.*?)</th>\s*<td class="number">(\d+)</td>', section)
    assert cells == [
        ("5 Fully", "2"),
        ("4 Mostly", "1"),
        ("3 Partly", "0"),
        ("2 A little", "1"),
        ("1 Not at all", "1"),
    ]
    assert re.findall(r'rect class="bar" width="([\d.]+)"', section)[0] == "40.0"


def test_an_objective_that_reads_otherwise_now_keeps_the_words_that_were_answered() -> None:
    people = held(5)
    scheduled_class = people[0].scheduled_class
    for person in people:
        answer(person)
    Objective.objects.filter(text_en="Define BIND").update(text_en="Explain BIND")
    scheduled_class = ScheduledClass.objects.get(pk=scheduled_class.pk)
    shown = [item.label for item in evaluation.summary_of(scheduled_class).objectives]
    assert shown == ["Name two boundaries", "Define BIND"]


@pytest.mark.parametrize("size", [5, 500])
def test_the_page_costs_the_same_for_5_people_and_for_500(
    admin_client: Client, django_assert_max_num_queries: Any, size: int
) -> None:
    [person] = held()
    answer(person, words="Words.")
    kept = Evaluation.objects.get()
    kept.people = size
    kept.objectives = {text: [size, 0, 0, 0, 0] for text in OBJECTIVES}
    kept.items = {name: [size, 0, 0, 0, 0] for name in kept.items}
    kept.words = {name: ["Words."] * size for name in kept.words}
    kept.save()
    with django_assert_max_num_queries(12):
        page = admin_client.get(desk(person.scheduled_class)).text
    assert page.count("Words.") == 2 * size


def test_the_class_page_leads_to_it_once_the_class_was_held(admin_client: Client) -> None:
    [person] = held()
    overview = f"/admin/courses/scheduledclass/{person.scheduled_class_id}/"
    way = f'href="{desk(person.scheduled_class)}"'
    assert way not in admin_client.get(overview).text
    for meeting in ClassSession.objects.all():
        meeting.starts_at -= 90 * A_DAY
        meeting.ends_at -= 90 * A_DAY
        meeting.save()
    assert way in admin_client.get(overview).text


# At once.


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
