"""The settings as production reads them, with what the environment says changed."""

import ast
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping
from whitenoise.storage import CompressedManifestStaticFilesStorage

from bawg_site import environment, static_files

ROOT = Path(__file__).parent.parent.parent

PRODUCTION = {
    "SECRET_KEY": "only-for-tests",
    "ALLOWED_HOSTS": "training.example.org, www.example.org",
    "SITE_URL": "https://training.example.org/",
    "DEFAULT_FROM_EMAIL": "Training <training@example.org>",
}

#: Says nothing of the site to come: it is not yet there when the site's own settings are read.
LOCAL = {"SITE_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": "127.0.0.1,localhost"}

Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """The settings of production with the variables changed; None leaves one out."""

    def read_with(**variables: str | None) -> dict[str, Any]:
        given = PRODUCTION | variables
        said = {name: value for name, value in given.items() if value is not None}
        monkeypatch.setattr(environment.env, "ENVIRON", FileAwareMapping(said))
        return runpy.run_path(str(ROOT / "bawg_site" / "settings.py"))

    return read_with


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DEFAULT_FROM_EMAIL"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_refuses_to_start_without_what_it_needs(
    read: Read, name: str, value: str | None
):
    with pytest.raises(ImproperlyConfigured, match=rf"^Set {name} \(or {name}_FILE\) in the env"):
        read(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SITE_URL", "training.example.org", "SITE_URL must be a whole address"),
        ("SITE_URL", "ftp://training.example.org", "SITE_URL must be a whole address"),
        ("SITE_URL", "https://training.example.org:port", "SITE_URL is no address"),
        ("SITE_URL", "https://training.example.org/site", "SITE_URL must end after its host"),
        ("SITE_URL", "https://me@training.example.org", "SITE_URL must end after its host"),
        ("SITE_URL", "https://other.example.org", "SITE_URL leads to other.example.org, which "),
        ("ALLOWED_HOSTS", "training.example.org, *", "ALLOWED_HOSTS must name the site's hosts"),
        ("DEBUG", "yes", "DEBUG must be 1, 0 or empty."),
        ("DEBUG", "1", "DEBUG shows everybody what failed"),
        ("DATABASE_URL", "mysql://host/name", "DATABASE_URL must begin with"),
        ("DATABASE_URL", "postgres://host:port/name", "DATABASE_URL is no address"),
        ("EMAIL_PORT", "smtp", "EMAIL_PORT must be a whole number from 1 to 65535, not smtp."),
        ("EMAIL_PORT", "65536", "EMAIL_PORT must be a whole number from 1 to 65535, not 65536."),
        ("EMAIL_USE_TLS", "maybe", "EMAIL_USE_TLS must be 1, 0 or empty."),
        ("WEB_CONCURRENCY", "0", "WEB_CONCURRENCY must be a whole number from 1, not 0."),
        ("WEB_CONCURRENCY", "many", "WEB_CONCURRENCY must be a whole number from 1, not many."),
        ("PROXIES", "-1", "PROXIES must be a whole number from 0, not -1."),
        ("SECRET_KEY_FILE", "/nowhere/key", "SECRET_KEY_FILE names a file that cannot be read"),
    ],
)
def test_nonsense_is_refused_by_name(read: Read, name: str, value: str, sentence: str):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(**{name: value})
    assert str(refusal.value).startswith(sentence)


def test_a_refusal_is_one_sentence_and_no_traceback():
    done = subprocess.run(
        [sys.executable, "manage.py", "site"],
        cwd=ROOT,
        env={"DOTENV": os.devnull, **PRODUCTION, "EMAIL_PORT": "smtp"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "The site cannot start: EMAIL_PORT must be a whole number from 1 to 65535, not smtp.\n"
    )


def variables(*files: str) -> set[str]:
    """The names that these files of `bawg_site` read from the environment."""
    found = set()
    for file in files:
        for node in ast.walk(ast.parse((ROOT / "bawg_site" / file).read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called, first = ast.unparse(node.func), node.args[0]
            readers = r"text|needed|number|switch|env\.\w+|os\.environ\.get"
            if re.fullmatch(readers, called) and isinstance(first, ast.Constant):
                found.add(str(first.value))
    return found


SETTINGS = variables("settings.py") - {"DOTENV"}
STARTING = variables("address.py", "local.py", "management/commands/serve.py")


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_each_variable_can_come_from_a_file(read: Read, tmp_path: Path, name: str):
    """Read, and read without the new line at its end: nonsense in it is refused like any other."""
    filled = {"EMAIL_HOST": "smtp.example.org"}
    good = PRODUCTION | filled | {"DATABASE_URL": "sqlite:////tmp/x.sqlite3", "VAR_DIR": "/var/x"}
    value = good.get(name, "0" if name == "DEBUG" else "1")
    file = tmp_path / "file"
    file.write_text(f" {value}\n")
    from_file = read(**{name: None, f"{name}_FILE": str(file)})
    in_place = read(**{name: value})
    compared = [key for key in in_place if key.isupper() and key not in {"LANGUAGES", "STORAGES"}]
    assert {key: from_file[key] for key in compared} == {key: in_place[key] for key in compared}
    if value != PRODUCTION.get(name) and name not in {"DEBUG", "PROXIES", "EMAIL_USE_TLS"}:
        assert any(from_file[key] != read()[key] for key in compared)


def rows(document: str) -> dict[str, list[str]]:
    """The cells of each row of the tables that begins with a variable's name."""
    lines = [line.strip("| ").split(" | ") for line in document.splitlines() if "|" in line]
    return {cells[0].strip("` "): cells[1:] for cells in lines if cells[0].startswith("`")}


def test_every_variable_stands_in_the_table_and_no_other():
    said = rows((ROOT / "docs" / "settings.md").read_text())
    assert set(said) == SETTINGS | STARTING | {"DOTENV"}
    assert {name for name, cells in said.items() if cells[-1] == "yes"} == SETTINGS


def test_the_example_names_what_the_table_names():
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    accounts = {name for name in STARTING if name.startswith("DJANGO_SUPERUSER_")}
    assert named == (SETTINGS | STARTING) - accounts - {"DOTENV"}


def test_https_is_said_once_by_the_address(read: Read):
    names = ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    world, here = read(), read(**LOCAL)
    assert [world[name] for name in names] == [True, True, True]
    assert [here[name] for name in names] == [False, False, False]
    assert (world["PROXIES"], here["PROXIES"]) == (1, 0)


def test_static_names_are_hashed(read: Read):
    """A storage that Django no longer knows would be passed over in silence."""
    assert read()["STORAGES"]["staticfiles"]["BACKEND"] == ("bawg_site.static_files.Storage")
    assert issubclass(static_files.Storage, CompressedManifestStaticFilesStorage)


def test_mail_is_files_until_there_is_a_mail_server(read: Read):
    assert read()["EMAIL_BACKEND"] == "bawg_site.mail_files.EmailBackend"
    smtp = read(EMAIL_HOST="smtp.example.org")["EMAIL_BACKEND"]
    assert smtp == "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("variables", "asks_for_tls", "begins_with_tls"),
    [
        ({}, True, False),
        ({"EMAIL_PORT": "465"}, False, True),
        ({"EMAIL_PORT": "465", "EMAIL_USE_TLS": "0"}, False, False),
        ({"EMAIL_USE_TLS": "0"}, False, False),
    ],
)
def test_mail_is_encrypted_as_its_port_has_it(
    read: Read, variables: dict[str, str], asks_for_tls: bool, begins_with_tls: bool
):
    said = read(**variables)
    assert (said["EMAIL_USE_TLS"], said["EMAIL_USE_SSL"]) == (asks_for_tls, begins_with_tls)


def test_hosts_and_address_are_taken_without_stray_spaces_and_slashes(read: Read):
    said = read()
    assert said["ALLOWED_HOSTS"] == ["training.example.org", "www.example.org"]
    assert said["SITE_URL"] == "https://training.example.org"


def test_what_is_written_can_lie_elsewhere_and_the_static_files_stay_with_the_code(read: Read):
    said = read(VAR_DIR="/var/lib/site")
    assert said["DATABASES"]["default"]["NAME"] == "/var/lib/site/site.sqlite3"
    assert str(said["LAST_COPIES_DIR"]) == "/var/lib/site/last-copies"
    assert said["STATIC_ROOT"] == ROOT / "var" / "static"
