"""Audit files for tests, and what somebody finds who opens one."""

import csv
import html
import io
import re
import uuid
import zipfile

import pypdfium2

from courses.models import CourseApproval, Objective, ScheduledClass
from registrations import evaluation
from registrations.models import AuditFile, Certificate, Registration
from registrations.services import attendance, auditing, certificates
from registrations.services import evaluation as evaluating
from registrations.services.attendance import Entry
from tests.registrations.certificates.classes import OVER, STAFF, order, past_class, work
from tests.registrations.certificates.papers import plain

NAMES = ["Ana Ruiz", "Nguyễn Thị Hoa", "محمد عبد الله", "王小明", "Иван Петров", "=1+1"]

Files = dict[str, bytes]


def whole_class() -> ScheduledClass:
    """Six people: one replaced, one revoked, one corrected and now absent; all but one answered."""
    scheduled_class = past_class(*NAMES)
    course = scheduled_class.course
    Objective.objects.create(course=course, text_en="Define BIND")
    CourseApproval.objects.filter(body="COPA/CPFS").update(credits=10)
    absent = registration_of("Иван Петров")
    attendance.record(
        scheduled_class_id=scheduled_class.pk,
        entries=[Entry(absent.pk, scheduled_class.meetings[1].pk, "partly", 50)],
        actor=STAFF,
        now=OVER,
        why="Left at noon.",
    )
    order(scheduled_class)
    work()
    certificates.replace(
        certificate=certificate_of("Ana Ruiz"),
        corrected={"full_name": "Ana Ruiz Vega"},
        actor=STAFF,
        now=OVER,
    )
    certificates.revoke(
        certificate=certificate_of("王小明"), why="Issued twice.", actor=STAFF, now=OVER
    )
    for person in scheduled_class.registrations.order_by("pk")[:5]:
        answer(person)
    return scheduled_class


def answer(person: Registration) -> None:
    answers: dict[str, int | str] = {
        one.name: "Longer breaks." if one.in_words else 4
        for one in evaluation.questions_of(person.scheduled_class)
    }
    evaluating.save(registration=person, answers=answers, now=OVER)
    evaluating.send(registration=person, now=OVER)


def registration_of(name: str) -> Registration:
    return Registration.objects.get(full_name=name)


def certificate_of(name: str) -> Certificate:
    return Certificate.objects.select_related("registration__scheduled_class").get(full_name=name)


def asked(scheduled_class: ScheduledClass) -> AuditFile:
    return auditing.order(scheduled_class=scheduled_class, key=uuid.uuid4(), actor=STAFF, now=OVER)


def made(scheduled_class: ScheduledClass) -> AuditFile:
    file = asked(scheduled_class)
    while auditing.make_ordered(OVER):
        pass
    file.refresh_from_db()
    return file


def taken(file: AuditFile) -> bytes:
    return b"".join(auditing.take(file=file, actor=STAFF, now=OVER))


def unpacked(archive: bytes) -> Files:
    """In the order in which they lie in it."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {one.filename: opened.read(one) for one in opened.infolist()}


def files_of(scheduled_class: ScheduledClass) -> Files:
    return unpacked(taken(made(scheduled_class)))


def table(files: Files, name: str) -> list[dict[str, str]]:
    """The rows of a table, by the words above their columns."""
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig"))))


def text_of_pdf(files: Files, name: str = "01-index.pdf") -> str:
    document = pypdfium2.PdfDocument(files[name])
    try:
        return plain(" ".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()


def text_of_html(files: Files) -> str:
    page = re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", files["02-index.html"].decode())
    return plain(html.unescape(page))
