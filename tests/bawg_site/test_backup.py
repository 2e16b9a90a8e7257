"""What is kept comes back, whole and alone; and who was erased since does not."""

import datetime as dt
import json
import os
import queue
import random
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import connection, models

from bawg_site.backup import Refused, tables
from bawg_site.backup.archive import MANIFEST, Archive
from bawg_site.backup.making import make
from bawg_site.backup.restoring import LARGEST_LEAP, SMALLEST_LEAP, Told, restore
from content.models import Page
from courses.models import ScheduledClass
from registrations.models import Backup, InterestSignup, Letter, LinkRequest, Registration
from registrations.retention import erase_what_is_due
from registrations.services import erasing, interest, seats
from registrations.services.delivery import deliver_due
from registrations.services.jobs import end_offers, write_reminders
from registrations.services.ledger import check_seats
from registrations.services.restoring import Erasures, Outcome
from tests.factories import NOW, make_class
from tests.registrations.people import join, person_in, register

ROOT = Path(__file__).parent.parent.parent
LATER = NOW + dt.timedelta(hours=9)
NEXT_DAY = NOW + dt.timedelta(days=1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def backup(folder: Path, now: dt.datetime = NOW) -> Archive:
    return make(folder, clock=lambda: now)


def lose_all() -> None:
    """The machine is gone: a new database."""
    tables.empty()


def bring_back(archive: Archive, now: dt.datetime = NEXT_DAY, **told: Any) -> Outcome:
    return restore(archive, Told(**told), now)


def content_of(archive: Archive) -> dict[str, list[Any]]:
    """Every row of every table, but the list of backups, to which each adds one."""
    return {
        table.name: list(archive.rows(table))
        for table in archive.manifest.tables
        if table.name != Backup._meta.db_table
    }


def differing(one: Archive, other: Archive) -> list[str]:
    first, second = content_of(one), content_of(other)
    assert first.keys() == second.keys()
    return [name for name, rows in first.items() if rows != second[name]]


# The drill.


NEW_MACHINE = """
import sys, django, time_machine
from django.core.management import call_command
django.setup()
with time_machine.travel(sys.argv[3], tick=True):
    call_command("migrate", verbosity=0)
    call_command("restore", sys.argv[1])
    call_command("backup", sys.argv[2])
"""


def through_another_database(archive: Archive, place: Path) -> Archive:
    """As it is done on a new machine: into a new SQLite file, and a backup of that."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "bawg_site.settings",
        "DOTENV": os.devnull,
        "SECRET_KEY": "of the new machine",
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "http://localhost",
        "DEFAULT_FROM_EMAIL": "training@example.org",
        "VAR_DIR": str(place),
    }
    place.mkdir()
    command = [sys.executable, "-c", NEW_MACHINE, str(archive.path), f"{place}/x.zip"]
    done = subprocess.run(
        [*command, NOW.isoformat()],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Archive(place / "x.zip")


def nothing_is_open() -> None:
    """No letter, answer or erasing is owed: what a restore sees to has nothing to do."""
    erase_what_is_due(NOW)
    write_reminders(NOW)
    Letter.objects.filter(state=Letter.State.OWED).update(state=Letter.State.SENT, sent_at=NOW)
    Registration.objects.exclude(answer_by=None).update(answer_by=NOW + dt.timedelta(days=300))


def test_every_table_comes_back_on_either_database(folder: Path, tmp_path: Path):
    call_command("load_content", verbosity=0)
    call_command("load_sample", verbosity=0)
    User.objects.create_superuser("ruth", "ruth@peers.test", "a password")
    make_class(taken=3, what_to_bring_en="Ünïcödé, a\ttab, “quotes” and \\ a line\n\nbreak")
    nothing_is_open()
    archive = backup(folder)
    with_rows = {table.name for table in archive.manifest.tables if table.rows}
    assert {"auth_user", "registrations_certificate", "courses_seats"} <= with_rows
    other = through_another_database(archive, tmp_path / "new")
    assert differing(archive, other) == []
    lose_all()
    bring_back(other, NOW)
    assert differing(archive, backup(folder, LATER)) == []
    assert check_seats() == []


def test_no_field_changes_by_itself_when_it_is_put_back():
    fields = [field for model in tables.kept() for field in model._meta.concrete_fields]
    by_themselves = [field for field in fields if getattr(field, "auto_now", False)]
    assert by_themselves == []
    assert not any(isinstance(field, models.FileField) for field in fields), "files are not kept"
    assert not any(model._meta.parents for model in tables.kept())


def test_a_backup_is_of_one_moment_and_keeps_nobody_waiting(folder: Path):
    scheduled_class = make_class(capacity=500)
    stop = threading.Event()
    done: queue.Queue[int] = queue.Queue()

    def go_on_registering() -> None:
        number = 0
        while not stop.is_set():
            register(scheduled_class, number := number + 1)
            done.put(number)
        connection.close()

    writer = threading.Thread(target=go_on_registering)
    writer.start()
    done.get(timeout=20)
    with tables.one_moment():
        first = Registration.objects.count()
        done.queue.clear()
        for _ in range(3):
            done.get(timeout=20)
        assert Registration.objects.count() == first
    archive = backup(folder)
    stop.set()
    writer.join()
    lose_all()
    bring_back(archive, NOW)
    assert check_seats() == []
    people = Registration.objects.count()
    assert people > first
    assert Letter.objects.filter(kind="held").count() == people


# The file.


def test_the_command_writes_one_file_for_its_owner_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    folder.mkdir()
    long_ago = folder / "site-20261001T030000Z.zip"
    lately = folder / "site-20261101T030000Z.zip"
    of_somebody_else = folder / "holiday-20261001T030000Z.zip"
    for file in (long_ago, lately, of_somebody_else):
        file.write_bytes(b"")
    call_command("backup", folder)
    (made,) = set(folder.iterdir()) - {lately, of_somebody_else}
    assert made.stat().st_mode & 0o777 == 0o600
    assert f"tables are in {made} (" in capsys.readouterr().out
    assert Backup.objects.get().finished_at


def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(tmp_path: Path):
    in_the_way = tmp_path / "backups"
    in_the_way.write_text("a file")
    with pytest.raises(SystemExit, match="No backup was made in"):
        call_command("backup", in_the_way)
    assert list(tmp_path.iterdir()) == [in_the_way]
    assert not Backup.objects.filter(finished_at__isnull=False).exists()


def test_a_damaged_archive_is_refused_wherever_the_damage_is(folder: Path, tmp_path: Path):
    make_class(taken=2)
    archive = backup(folder)
    whole, before = archive.path.read_bytes(), content_of(archive)
    bad = tmp_path / "bad.zip"
    bad.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Refused):
        Archive(bad)
    refused = 0
    for place in random.Random(7).sample(range(len(whole)), 60):
        changed = bytearray(whole)
        changed[place] ^= 0x55
        bad.write_bytes(changed)
        try:
            read = Archive(bad)
            read.check()
            assert content_of(read) == before, "the byte was of no consequence"
        except Refused:
            refused += 1
    assert refused > 20


def test_a_damaged_archive_changes_no_row(folder: Path, tmp_path: Path):
    make_class(taken=2)
    archive = backup(folder)
    changed = rewritten(archive, tmp_path, auth_group=b"[1]\n")
    with pytest.raises(SystemExit, match="auth_group is not as it was written"):
        call_command("restore", changed, "--replace")
    assert Registration.objects.count() == 2


def rewritten(archive: Archive, place: Path, **members: bytes) -> Path:
    """The archive with other content in some members, or another `manifest`."""
    file = place / "changed.zip"
    given = {f"{name}.jsonl": content for name, content in members.items()}
    if "manifest" in members:
        given[MANIFEST] = members["manifest"]
    with zipfile.ZipFile(archive.path) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, given.get(name) or old.read(name))
    return file


# What is refused.


def test_a_database_in_use_is_replaced_only_when_told(folder: Path):
    scheduled_class = make_class(taken=1)
    archive = backup(folder)
    register(scheduled_class, 5)
    with pytest.raises(SystemExit, match="--replace replaces them"):
        call_command("restore", archive.path)
    assert Registration.objects.count() == 2
    call_command("restore", archive.path, "--replace")
    assert Registration.objects.count() == 1


def test_another_version_is_refused_unless_told(folder: Path, tmp_path: Path):
    make_class(taken=1)
    archive = backup(folder)
    manifest = json.loads(archive.zip.read(MANIFEST))
    manifest["migrations"].append("courses.0999_of_another_version")
    file = rewritten(archive, tmp_path, manifest=json.dumps(manifest).encode())
    lose_all()
    with pytest.raises(SystemExit, match=r"another version.*courses\.0999_of_another_version"):
        call_command("restore", file)
    assert not Registration.objects.exists()
    call_command("restore", file, "--other-version")
    assert Registration.objects.count() == 1


def test_rows_that_do_not_fit_leave_everything_as_it_was(folder: Path, tmp_path: Path):
    """A registration whose class is gone: the archive is whole, and the database refuses it."""
    make_class(taken=1)
    archive = backup(folder)
    manifest = json.loads(archive.zip.read(MANIFEST))
    manifest["tables"] = [
        table for table in manifest["tables"] if table["name"] != ScheduledClass._meta.db_table
    ]
    file = rewritten(archive, tmp_path, manifest=json.dumps(manifest).encode())
    with pytest.raises(SystemExit):
        call_command("restore", file, "--replace")
    assert Registration.objects.count() == 1


# What has happened since.


@pytest.fixture(params=["the database that is replaced", "a newer backup", "the log"])
def since(request: Any, folder: Path) -> Callable[[Archive], Outcome]:
    """Brings an archive back where this is all that is left of what came after it."""

    def bring(archive: Archive) -> Outcome:
        if request.param == "the database that is replaced":
            return bring_back(archive, replace=True)
        if request.param == "a newer backup":
            backup(folder, LATER)
            lose_all()
            return bring_back(archive)
        erased = Registration.objects.exclude(erased_at=None).values_list("pk", flat=True)
        people, signups = (
            set(erased),
            {1, 2, 3} - set(InterestSignup.objects.values_list("pk", flat=True)),
        )
        lose_all()
        return bring_back(archive, erased=Erasures(people=people, signups=signups))

    return bring


def test_who_was_erased_since_does_not_come_back(
    folder: Path, since: Callable[[Archive], Outcome], caplog: pytest.LogCaptureFixture
):
    scheduled_class = make_class(capacity=2)
    gone, stays = join(scheduled_class, 1), join(scheduled_class, 2)
    archive = backup(folder)
    with caplog.at_level("INFO"):
        erasing.erase(registration=gone, actor=seats.PERSON, now=LATER - dt.timedelta(hours=1))
    assert f"Erased registration:{gone.pk}" in caplog.text
    outcome = since(archive)
    assert outcome.erased == 1
    person = Registration.objects.get(pk=gone.pk)
    assert (person.full_name, person.email, person.status) == ("", "", "cancelled")
    assert Registration.objects.get(pk=stays.pk).email == stays.email
    assert check_seats() == []


def test_an_unrelated_database_or_archive_erases_nobody(folder: Path):
    """Keys alone are not people: 1 is somebody else there."""
    person = join(make_class(), 1)
    archive = backup(folder)
    lose_all()
    other = join(make_class(), 1)
    erasing.erase(registration=other, actor=seats.PERSON, now=LATER - dt.timedelta(hours=1))
    backup(folder, LATER)
    outcome = bring_back(archive, replace=True)
    assert outcome.erased == 0
    assert Registration.objects.get().email == person.email


def test_who_left_the_list_for_news_does_not_come_back(
    folder: Path, caplog: pytest.LogCaptureFixture
):
    for name in ("leaves", "stays"):
        interest.sign_up(email=f"{name}@peers.test", language="en", now=NOW)
    archive = backup(folder)
    leaves = InterestSignup.objects.get(email="leaves@peers.test")
    with caplog.at_level("INFO"):
        interest.leave(signup=leaves)
    assert f"Erased signup:{leaves.pk}" in caplog.text
    assert bring_back(archive, replace=True).left == 1
    assert InterestSignup.objects.get().email == "stays@peers.test"
    lose_all()
    call_command("restore", archive.path, "--erased", f"signup:{leaves.pk}")
    assert InterestSignup.objects.get().email == "stays@peers.test"


def deliver(now: dt.datetime) -> list[str]:
    """Runs the worker's delivery; to whom mail went."""
    mail.outbox.clear()
    deliver_due(clock=lambda: now)
    return [to for one in mail.outbox for to in one.to]


def test_a_letter_that_went_out_since_is_not_sent_again(folder: Path, client: Any):
    scheduled_class = make_class()
    register(scheduled_class, 1)
    archive = backup(folder)
    assert deliver(LATER) == ["person-1@peers.test"]
    outcome = bring_back(archive, replace=True)
    assert (outcome.sent, outcome.held_back) == (1, 0)
    assert deliver(NEXT_DAY) == []
    assert Letter.objects.get().state == Letter.State.SENT


def test_a_letter_of_which_nobody_knows_is_held_back_until_staff_have_looked(folder: Path):
    register(make_class(), 1)
    archive = backup(folder)
    lose_all()
    assert bring_back(archive).held_back == 1
    assert deliver(NEXT_DAY) == []
    letter = Letter.objects.get()
    assert (letter.state, letter.last_error) == (
        Letter.State.GIVEN_UP,
        "Held back when the site was restored: it may have gone out already.",
    )
    lose_all()
    assert bring_back(archive, send_owed=True).held_back == 0
    assert deliver(NEXT_DAY) == ["person-1@peers.test"]


def test_a_link_that_was_asked_for_is_not_sent_twice(folder: Path):
    person = join(make_class(), 1)
    deliver(NOW)
    LinkRequest.objects.create(email_key=person.email_key, asked_at=NOW)
    archive = backup(folder)
    lose_all()
    bring_back(archive)
    assert not LinkRequest.objects.exists()


def test_a_reminder_that_was_due_meanwhile_is_not_sent_a_second_time(folder: Path):
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    deliver(NOW)
    archive = backup(folder)
    starts_at = scheduled_class.starts_at
    assert starts_at
    lose_all()
    bring_back(archive, starts_at - dt.timedelta(hours=20))
    call_command("work", once=True)
    held_back = person.letters.filter(state=Letter.State.GIVEN_UP)
    assert list(held_back.values_list("kind", flat=True)) == ["day"]


def test_who_has_answered_since_does_not_lose_the_seat(folder: Path):
    """The answer is lost. So there is time to give it again."""
    scheduled_class = make_class()
    register(scheduled_class, 1)
    archive = backup(folder)
    lose_all()
    after_the_offer_ended = NOW + dt.timedelta(days=5)
    bring_back(archive, after_the_offer_ended)
    end_offers(after_the_offer_ended)
    person = person_in(scheduled_class, 1)
    assert person.status == "offered"
    assert person.answer_by is not None
    assert person.answer_by > after_the_offer_ended


def test_a_lost_persons_link_opens_nobody_elses_page(folder: Path):
    """The link names a key. Whoever registers after the restore must not get that key."""
    scheduled_class = make_class()
    kept = join(scheduled_class, 1)
    archive = backup(folder)
    lost = join(scheduled_class, 2)
    lose_all()
    bring_back(archive)
    newcomer = join(scheduled_class, 3)
    assert lost.pk < kept.pk + SMALLEST_LEAP < newcomer.pk <= kept.pk + LARGEST_LEAP + 1


def test_the_site_reads_as_it_did_and_goes_on(folder: Path, client: Any):
    call_command("load_content", verbosity=0)
    Page.objects.filter(slug=Page.COURSE).update(title_en="As it was")
    scheduled_class = make_class()
    archive = backup(folder)
    Page.objects.filter(slug=Page.COURSE).update(title_en="Changed")
    assert "Changed" in client.get("/").text
    bring_back(archive, replace=True)
    assert "As it was" in client.get("/").text
    register(scheduled_class, 9)
    assert make(folder).manifest.rows > archive.manifest.rows
