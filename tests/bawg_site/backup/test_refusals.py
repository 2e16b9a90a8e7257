"""What a restore refuses, and that it then changes no row."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from bawg_site.backup.archive import MANIFEST
from courses.models import ScheduledClass
from registrations.models import Registration
from tests.bawg_site.backup.archives import backup, lose_all, rewritten
from tests.factories import make_class
from tests.registrations.people import register

pytestmark = pytest.mark.django_db(transaction=True)


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
