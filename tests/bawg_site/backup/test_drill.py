"""What is kept comes back, whole and alone, on either database."""

import datetime as dt
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, models

from bawg_site.backup import tables
from bawg_site.backup.archive import Archive
from registrations.models import Letter, Registration
from registrations.retention import erase_what_is_due
from registrations.services.jobs import write_reminders
from registrations.services.ledger import check_seats
from tests.bawg_site.backup.archives import (
    LATER,
    backup,
    bring_back,
    differing,
    lose_all,
)
from tests.factories import NOW, make_class
from tests.registrations.people import register

ROOT = Path(__file__).parent.parent.parent.parent

pytestmark = pytest.mark.django_db(transaction=True)


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
    scheduled_class = make_class(capacity=10_000)
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
