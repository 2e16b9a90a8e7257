"""What an auditor reads is what the site holds, row by row, in every form of it."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from courses.models import ScheduledClass
from registrations.models import Attendance, AttendanceChange, Certificate, Evaluation
from registrations.recorded import state_of
from registrations.services.completion import completion_of
from tests.registrations.audit.files import (
    Files,
    files_of,
    table,
    text_of_html,
    text_of_pdf,
    whole_class,
)
from tests.registrations.certificates.classes import OVER
from tests.registrations.certificates.papers import plain
from tests.registrations.certificates.test_paper import tags_under

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.xdist_group("audit")]


@pytest.fixture(scope="module", autouse=True)
def files(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Files]:
    """Made once. The transaction of each test lies in this one, which is rolled back at last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield files_of(whole_class())
        transaction.set_rollback(True)


def test_every_row_of_the_site_is_a_row_of_the_file(files: Files):
    scheduled_class = ScheduledClass.objects.get()
    people = list(scheduled_class.registrations.order_by("full_name", "pk"))
    numbers = {person.pk: str(number) for number, person in enumerate(people, start=1)}

    roster = {row["No."]: row for row in table(files, "09-roster")}
    assert {number: row["Name"].lstrip("'") for number, row in roster.items()} == {
        numbers[person.pk]: person.full_name for person in people
    }

    presences = {
        (row["No."], day): row[label]
        for row in table(files, "10-attendance")
        for day, label in enumerate(["Day 1: January 16, 2027", "Day 2: January 23, 2027"])
    }
    days = [meeting.pk for meeting in scheduled_class.meetings]
    words = {"present": "Present", "partly": "Late or left early, 50 minutes missed"}
    assert presences == {
        (numbers[row.registration_id], days.index(row.class_session_id)): words[row.presence]
        for row in Attendance.objects.all()
    }
    assert len(table(files, "12-attendance-all-entries")) == AttendanceChange.objects.count()

    outcomes = completion_of(people, OVER)
    assert {
        row["No."]: (row["Minutes earned"], row["CE credits"], row["Why"])
        for row in table(files, "13-credits")
    } == {
        numbers[person.pk]: (
            str(outcomes[person.pk].outcome.minutes),
            str(outcomes[person.pk].outcome.credits.normalize()),
            outcomes[person.pk].outcome.sentence,
        )
        for person in people
    }

    issued = {row["Number"]: row for row in table(files, "14-certificates")}
    assert {number: row["Name on it"].lstrip("'") for number, row in issued.items()} == dict(
        Certificate.objects.values_list("number", "full_name")
    )
    for certificate in Certificate.objects.all():
        row = issued[certificate.number]
        assert row["State"].startswith(state_of(certificate))
        assert files[row["File"]] == certificate.paper

    kept = Evaluation.objects.get()
    counted = {row["Question"]: row for row in table(files, "15-evaluation")}
    assert counted["Define BIND"]["4 Mostly"] == str(kept.objectives["Define BIND"][1]) == "5"
    assert len(table(files, "16-evaluation-comments")) == sum(map(len, kept.words.values()))


def test_a_correction_says_what_stood_there_before_and_why(files: Files):
    [row] = table(files, "11-attendance-corrections")
    assert row | {"No.": "", "When": ""} == {
        "No.": "",
        "Name": "Иван Петров",
        "Session": "Day 2",
        "When": "",
        "By": "Staff",
        "Before": "Present",
        "After": "Late or left early, 50 minutes missed",
        "Reason": "Left at noon.",
    }
    assert row["When"] == "Monday, January 25, 2027, 9:00\N{NO-BREAK SPACE}am Mountain Time"


def test_what_became_of_a_certificate_stands_beside_it(files: Files):
    rows = table(files, "14-certificates")
    states = {row["Name on it"]: row["State"] for row in rows}
    numbers = {row["Name on it"]: row["Number"] for row in rows}
    assert states["Ana Ruiz"].startswith(f"Replaced by {numbers['Ana Ruiz Vega']}. Monday")
    assert states["Ana Ruiz Vega"] == f"Valid. Replaces {numbers['Ana Ruiz']}"
    assert states["王小明"].startswith("Revoked. Monday")
    assert states["王小明"].endswith("Issued twice")


def test_both_indexes_say_every_word_of_every_table_and_names_in_every_script(files: Files):
    pdf, page = text_of_pdf(files), text_of_html(files)
    tables = [name for name in files if name.endswith(".csv") and "-all-" not in name]
    said = {
        plain(cell.removeprefix("'"))
        for name in tables
        if name != "17-manifest.csv"
        for row in table(files, name.removesuffix(".csv"))
        for cell in row.values()
    }
    assert len(said) > 60
    assert [cell for cell in said if cell not in page] == []
    # A long cell is broken into lines that stand between those of its neighbours.
    pieces = {piece for cell in said for piece in cell.split()}
    assert [piece for piece in pieces if "certificates/" not in piece and piece not in pdf] == []


def test_a_formula_in_a_name_stays_a_name(files: Files):
    assert "'=1+1" in [row["Name"] for row in table(files, "09-roster")]


def test_the_page_stands_alone_and_its_links_open_what_lies_beside_it(files: Files):
    page = files["02-index.html"].decode()
    assert not re.search(r"<script|<link|<img|<iframe|javascript:|https?:|url\(|@import", page)
    links = set(re.findall(r'href="([^"#]+)"', page))
    assert links == {name for name in files if name.endswith((".csv", ".pdf"))} - {
        "01-index.pdf",
        "17-manifest.csv",
    }
    assert page.count("<svg") == 5 * 7  # One objective and six questions, of five points each.


def test_screen_readers_find_tags_language_and_title(files: Files):
    with pikepdf.open(io.BytesIO(files["01-index.pdf"])) as pdf:
        root: Any = pdf.Root
        assert root.MarkInfo.Marked
        assert root.Lang == "en"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Records of the class on January 16 and 23, 2027"
        names = {str(tag.S) for tag in tags_under(root.StructTreeRoot.K)}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Link"} <= names
