"""What staff see of the answers."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from courses.models import ClassSession, Objective, ScheduledClass
from registrations import evaluation
from registrations.models import Evaluation
from tests.registrations.evaluation.answering import A_DAY, OBJECTIVES, answer, held
from tests.registrations.test_registering import text_of

pytestmark = pytest.mark.django_db


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
