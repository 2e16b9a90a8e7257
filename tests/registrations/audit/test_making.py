"""Making the file: in steps, once, of one moment; taking it; and how it goes again."""

import datetime as dt

import pytest

from content.history.models import Change
from content.history.words import what_happened
from courses.models import ScheduledClass
from registrations.audit import pages
from registrations.models import AuditFile, AuditPart, Certificate, Registration
from registrations.retention import erase_what_is_due
from registrations.services import auditing, erasing
from registrations.services.auditing import AlreadyOrdered
from tests.registrations.at_once import at_once
from tests.registrations.audit.files import (
    asked,
    files_of,
    made,
    registration_of,
    table,
    taken,
    unpacked,
    whole_class,
)
from tests.registrations.certificates.classes import OVER, STAFF, order, past_class, work

pytestmark = pytest.mark.django_db


def certified(count: int) -> ScheduledClass:
    scheduled_class = past_class(*(f"Person {number}" for number in range(count)))
    order(scheduled_class)
    work()
    return scheduled_class


def make_all() -> None:
    while auditing.make_ordered(OVER):
        pass


def test_the_names_are_plain_and_in_the_order_in_which_it_is_read():
    files = list(files_of(whole_class()))
    assert files == sorted(files)
    assert files[:2] == ["01-index.pdf", "02-index.html"]
    assert all(name.isascii() and len(name) < 60 for name in files)


def test_the_list_of_files_names_each_with_its_size_and_its_checksum():
    files = files_of(whole_class())
    rows = table(files, "17-manifest")
    listed = {row["File"]: (row["Bytes"], row["SHA-256"]) for row in rows}
    assert listed == {
        name: (str(len(content)), pages.checksum(content))
        for name, content in files.items()
        if name != "17-manifest.csv"
    }


def test_the_same_rows_at_the_same_moment_give_the_same_bytes():
    scheduled_class = whole_class()
    first = taken(made(scheduled_class))
    assert taken(AuditFile.objects.get()) == first
    AuditFile.objects.all().delete()
    assert taken(made(scheduled_class)) == first


def test_killed_in_the_middle_it_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(auditing, "AT_ONCE", 1)
    scheduled_class = certified(3)
    file = asked(scheduled_class)
    whole = AuditPart.save
    saved = []

    def dies(part: AuditPart, *args: object, **kwargs: object) -> None:
        saved.append(part.name)
        if len(saved) in {2, 4, 6}:
            raise KeyboardInterrupt
        whole(part, *args, **kwargs)  # type: ignore[arg-type]  # as Django calls it

    monkeypatch.setattr(AuditPart, "save", dies)
    deaths = 0
    while AuditFile.objects.filter(made_at=None).exists():
        try:
            auditing.make_ordered(OVER)
        except KeyboardInterrupt:
            deaths += 1
    assert deaths == 3
    file.refresh_from_db()
    papers = [name for name in unpacked(taken(file)) if name.startswith("certificates/")]
    numbers = Certificate.objects.values_list("number", flat=True)
    assert papers == sorted(f"certificates/{number}.pdf" for number in numbers)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_file():
    asked(certified(2))
    at_once([make_all, make_all])
    file = AuditFile.objects.get()
    assert file.made_at is not None
    names = list(file.parts.values_list("name", flat=True))
    assert len(names) == len(set(names)) == len(unpacked(taken(file)))


def test_what_changes_while_it_is_set_is_in_it(monkeypatch: pytest.MonkeyPatch):
    scheduled_class = past_class("Ana Ruiz")
    asked(scheduled_class)
    setting = pages.written_down
    renamed: list[int] = []

    def meanwhile(*args: object) -> object:
        if not renamed:
            renamed.append(Registration.objects.update(full_name="Ana Vega", name_key="ana vega"))
        return setting(*args)  # type: ignore[arg-type]  # as it is called

    monkeypatch.setattr(pages, "written_down", meanwhile)
    make_all()
    files = unpacked(taken(AuditFile.objects.get()))
    assert [row["Name"] for row in table(files, "09-roster")] == ["Ana Vega"]


def test_pressed_twice_one_is_made_and_later_another_can_be():
    scheduled_class = past_class("Ana Ruiz")
    file = asked(scheduled_class)
    with pytest.raises(AlreadyOrdered):
        asked(scheduled_class)
    make_all()
    with pytest.raises(AlreadyOrdered):
        auditing.order(scheduled_class=scheduled_class, key=file.key, actor=STAFF, now=OVER)
    made(scheduled_class)
    assert AuditFile.objects.filter(made_at__isnull=False).count() == 2


def test_who_asked_and_who_took_it_stands_in_the_history_of_the_class():
    scheduled_class = past_class("Ana Ruiz")
    file = made(scheduled_class)
    auditing.take(file=file, actor=STAFF, now=OVER)
    last = Change.objects.of(scheduled_class).order_by("-pk")[:2]
    moment = "Monday, January 25, 2027, 9:00\N{NO-BREAK SPACE}am Mountain Time"
    assert [what_happened(change) for change in last] == [
        f"Staff added the download “audit file as of {moment}”",
        f"Staff added the audit file “{moment}”",
    ]


# How it goes.


def test_it_goes_after_a_month():
    made(past_class("Ana Ruiz"))
    erase_what_is_due(OVER + dt.timedelta(days=29))
    assert AuditFile.objects.exists()
    erase_what_is_due(OVER + dt.timedelta(days=30))
    assert not AuditPart.objects.exists()
    assert not AuditFile.objects.exists()


def test_it_goes_with_anybody_in_it_and_can_be_made_without_them():
    scheduled_class = certified(2)
    made(scheduled_class)
    other = made(past_class("Somebody Else"))
    person = registration_of("Person 1")
    erasing.empty(person, [*erasing.CONTACT, *erasing.IDENTITY], OVER)
    assert list(AuditFile.objects.all()) == [other]
    rows = table(unpacked(taken(made(scheduled_class))), "09-roster")
    assert [row["Name"] for row in rows] == ["Person 0"]


def test_who_is_erased_while_it_is_made_is_not_in_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(auditing, "AT_ONCE", 1)
    asked(certified(3))
    for _step in range(2):
        auditing.make_ordered(OVER)
    stale = AuditFile.objects.get()
    erasing.empty(registration_of("Person 1"), [*erasing.CONTACT, *erasing.IDENTITY], OVER)
    auditing.add_papers(stale)
    auditing.close(stale, OVER)
    make_all()
    assert not AuditFile.objects.exists()
    assert not AuditPart.objects.exists()
