"""Files of classes that lack something, or have what is seldom met."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import ScheduledClass
from registrations.audit import pages
from registrations.audit.collecting import collect
from registrations.models import Evaluation
from tests.factories import make_class
from tests.registrations.audit.files import (
    files_of,
    registration_of,
    table,
    text_of_html,
    text_of_pdf,
    whole_class,
)
from tests.registrations.certificates.classes import OVER, past_class, record, seated

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_sign_that_no_font_has_stands_as_its_number_in_print_alone():
    files = files_of(past_class("Sam 😀 Lee"))
    assert "Sam [U+1F600] Lee" in text_of_pdf(files)
    assert table(files, "09-roster")[0]["Name"] == "Sam 😀 Lee"
    assert "Sam 😀 Lee" in text_of_html(files)


def test_fewer_than_five_answers_are_not_shown():
    scheduled_class = whole_class()
    Evaluation.objects.update(people=4)
    files = files_of(scheduled_class)
    assert "15-evaluation.csv" not in files
    for text in (text_of_pdf(files), text_of_html(files)):
        assert "4 people have answered. Answers are shown from 5 people on." in text
        assert "Longer breaks" not in text


def test_a_class_in_which_nothing_has_happened_says_so():
    scheduled_class = make_class()
    files = files_of(scheduled_class)
    for text in (text_of_pdf(files), text_of_html(files)):
        for sentence in [
            "No objectives are recorded.",
            "No instructors are recorded.",
            "No approvals are recorded.",
            "Nobody had a seat in the class.",
            "Nothing was corrected.",
            "No certificate is issued.",
            "0 people have answered.",
        ]:
            assert sentence in text
    assert table(files, "09-roster") == []


def test_a_class_without_days_says_so():
    scheduled_class = make_class()
    scheduled_class.class_sessions.all().delete()
    assert "The class has no sessions." in text_of_html(files_of(scheduled_class))


def test_who_gave_up_the_seat_after_the_first_day_is_there_without_credits():
    scheduled_class = past_class("Ana Ruiz", "Bo Lee")
    scheduled_class.registrations.filter(full_name="Bo Lee").update(status="cancelled")
    rows = {row["Name"]: row for row in table(files_of(scheduled_class), "13-credits")}
    assert rows["Bo Lee"]["CE credits"] == "0"
    assert rows["Bo Lee"]["Why"] == "Gave up the seat: there is no certificate."


def test_few_people_and_many_take_the_same_queries():
    def queries(scheduled_class: ScheduledClass) -> int:
        with CaptureQueriesContext(connection) as found:
            collect(scheduled_class.pk, OVER)
        return len(found)

    scheduled_class = whole_class()
    few = queries(scheduled_class)
    for number in range(12):
        record(seated(scheduled_class, f"Person {number}"), "present", "absent")
    assert registration_of("Person 11")
    assert queries(scheduled_class) == few < 25


def test_what_is_long_is_a_paper_of_its_own_that_the_index_leads_to(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(pages, "LONG", 1)
    files = files_of(past_class("Ana Ruiz", "Bo Lee"))
    index = text_of_pdf(files)
    assert "09-roster.pdf" in index
    assert "Ana Ruiz" not in index
    assert "Ana Ruiz" in text_of_pdf(files, "09-roster.pdf")
    assert "Ana Ruiz" in text_of_html(files)
