"""The file of a backup: for its owner alone, and worth nothing when it is damaged."""

import random
from pathlib import Path

import pytest
from django.core.management import call_command

from bawg_site.backup import Refused
from bawg_site.backup.archive import Archive
from registrations.models import Backup, Registration
from tests.bawg_site.backup.archives import backup, content_of, rewritten
from tests.factories import make_class

pytestmark = pytest.mark.django_db(transaction=True)


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
