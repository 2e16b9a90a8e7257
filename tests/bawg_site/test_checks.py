"""What holds an installation back before people meet it."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core import checks as django_checks
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from bawg_site import checks

GOOD_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.fixture
def production(settings: Any) -> Any:
    settings.IS_HTTPS = True
    settings.EMAIL_HOST = "mail.training.org"
    settings.DEFAULT_FROM_EMAIL = "Training <classes@training.org>"
    settings.SECRET_KEY = GOOD_KEY
    return settings


def said(tag: str = "production") -> list[str]:
    return [message.msg for message in django_checks.run_checks(tags=[tag])]


def test_a_production_that_can_send_mail_and_keep_its_secret_is_well(production: Any):
    assert said() == []


@pytest.mark.parametrize(
    ("sender", "sentence"),
    [
        ("Training", "DEFAULT_FROM_EMAIL is no address that mail can come from: Training."),
        ("root@localhost", "DEFAULT_FROM_EMAIL is no address that mail can come from: root@"),
        ("Training <@training.org>", "DEFAULT_FROM_EMAIL is no address that mail can come from: "),
        ("training@example.org", "DEFAULT_FROM_EMAIL is the address of an example: training@"),
        ("a@mail.example.org", "DEFAULT_FROM_EMAIL is the address of an example: a@mail"),
        ("a@b.test", "DEFAULT_FROM_EMAIL is the address of an example: a@b.test."),
    ],
)
def test_a_sender_that_nobody_can_answer_is_refused(production: Any, sender: str, sentence: str):
    production.DEFAULT_FROM_EMAIL = sender
    [message] = said()
    assert message.startswith(sentence)


def test_a_domain_that_only_looks_like_an_example_is_taken(production: Any):
    production.DEFAULT_FROM_EMAIL = "a@not-example.org"
    assert said() == []


def test_production_without_a_mail_server_is_refused_in_words(production: Any):
    production.EMAIL_HOST = ""
    [message] = said()
    assert message.startswith("EMAIL_HOST is not set. Mail would lie in a folder as files")


@pytest.mark.parametrize("key", ["short", "a" * 60, "django-insecure-" + GOOD_KEY])
def test_a_key_that_can_be_guessed_is_refused(production: Any, key: str):
    production.SECRET_KEY = key
    [message] = said()
    assert message.startswith("SECRET_KEY can be guessed")


def test_a_machine_of_ones_own_may_do_without(settings: Any):
    """As `make run` begins: an example's address, mail as files, and a key that nobody attacks."""
    settings.IS_HTTPS = False
    settings.EMAIL_HOST = ""
    settings.DEFAULT_FROM_EMAIL = "Training <training@example.org>"
    settings.SECRET_KEY = "short"
    assert said() == []


def test_what_holds_back_holds_back_every_command(production: Any):
    production.EMAIL_HOST = ""
    with pytest.raises(SystemCheckError, match="EMAIL_HOST"):
        call_command("check")


@pytest.mark.django_db
def test_the_database_of_the_tests_is_well():
    assert checks.problems_of("default") == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps text as UTF-8")
def test_a_database_that_cannot_hold_every_name_is_refused(monkeypatch: pytest.MonkeyPatch):
    maker = connection.copy()
    name = f"{connection.settings_dict['NAME']}_latin"
    with maker.cursor() as cursor:
        cursor.execute(
            f"CREATE DATABASE {name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' "
            "TEMPLATE template0"
        )
    latin = connection.copy()
    latin.settings_dict["NAME"] = name
    try:
        [problem] = checks.problems_of_encoding(latin)
    finally:
        latin.close()
        with maker.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")
        maker.close()
    assert problem.msg.startswith("The database of DATABASE_URL keeps text as LATIN1")


def test_a_sqlite_file_without_its_folder_is_said(tmp_path: Path):
    [problem] = checks.problems_of_file(tmp_path / "nowhere" / "site.sqlite3")
    assert problem.msg == (
        f"The database of DATABASE_URL cannot be reached: there is no folder {tmp_path}/nowhere."
    )


@pytest.mark.parametrize("closed", ["folder", "site.sqlite3"])
def test_a_sqlite_file_that_its_user_cannot_write_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str
):
    """Whoever runs the tests as root may write everywhere, so the system's answer is put in."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "site.sqlite3").touch()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != closed)
    [problem] = checks.problems_of_file(folder / "site.sqlite3")
    assert problem.msg.startswith("The database of DATABASE_URL cannot be written: ")


MOUNTS = """\
/dev/vda / ext4 rw 0 0
server:/export /srv nfs4 rw 0 0
server:/my\\040files /srv/my\\040files cifs rw 0 0
/dev/vdb /srv/disk xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/site", "ext4"),
        ("/srv/site", "nfs4"),
        ("/srv/my files/site", "cifs"),
        ("/srv/disk/site", "xfs"),
        ("/srvs", "ext4"),
    ],
)
def test_the_file_system_under_a_folder_is_found(folder: str, kind: str):
    assert checks.file_system(Path(folder), MOUNTS) == kind


def test_a_sqlite_file_in_a_network_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/x {tmp_path.resolve()} nfs rw 0 0\n")
    monkeypatch.setattr(checks, "MOUNTS", mounts)
    [problem] = checks.problems_of_file(tmp_path / "site.sqlite3")
    assert problem.msg.startswith("The SQLite file lies in a network folder (nfs)")


def test_nothing_is_prepared_where_nothing_can_be_written(settings: Any, tmp_path: Path):
    (tmp_path / "file").touch()
    settings.VAR_DIR = tmp_path / "file" / "var"
    with pytest.raises(CommandError, match="VAR_DIR cannot be made"):
        call_command("prepare")


def test_a_site_whose_static_files_are_not_collected_does_not_start(settings: Any, tmp_path: Path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "bawg_site.static_files.Storage"}
    }
    with pytest.raises(CommandError, match="The static files are not collected"):
        call_command("site")
