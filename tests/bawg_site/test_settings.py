"""The settings, started as production starts them: in a process of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

PRODUCTION = {
    "DOTENV": os.devnull,
    "SECRET_KEY": "only-for-tests",
    "ALLOWED_HOSTS": "training.example.org, www.example.org",
    "SITE_URL": "https://training.example.org/",
    "DEFAULT_FROM_EMAIL": "Training <training@example.org>",
}

PRINT = """
import json
from django.conf import settings
names = {names}
print(json.dumps(dict((name, getattr(settings, name)) for name in names), default=str))
"""


def start(*names: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
    """Read the named settings with the production environment changed; None leaves one out."""
    given = {"DJANGO_SETTINGS_MODULE": "bawg_site.settings"} | PRODUCTION | variables
    return subprocess.run(
        [sys.executable, "-c", PRINT.format(names=list(names) or ["DEBUG"])],
        cwd=ROOT,
        env={name: value for name, value in given.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def settings(*names: str, **variables: str | None) -> list[object]:
    done = start(*names, **variables)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout).values())


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DEFAULT_FROM_EMAIL"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_refuses_to_start_without_what_it_needs(name: str, value: str | None):
    done = start(**{name: value})
    assert done.returncode == 1
    assert f"Set {name} (or {name}_FILE) in the environment." in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SITE_URL", "training.example.org", "SITE_URL must be a whole address"),
        ("SITE_URL", "ftp://training.example.org", "SITE_URL must be a whole address"),
        ("DEBUG", "yes", "DEBUG must be 1, 0 or empty."),
        ("DATABASE_URL", "mysql://host/name", "DATABASE_URL must begin with"),
        ("DATABASE_URL", "postgres://host:port/name", "DATABASE_URL is no address"),
    ],
)
def test_nonsense_is_refused_by_name(name: str, value: str, sentence: str):
    done = start(**{name: value})
    assert done.returncode == 1
    assert sentence in done.stderr


def test_a_secret_can_come_from_a_file(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("from-a-file\n")
    assert settings("SECRET_KEY", SECRET_KEY=None, SECRET_KEY_FILE=str(secret)) == ["from-a-file"]


def test_https_is_said_once_by_the_address():
    safe = ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    assert settings(*safe) == [True, True, True]
    assert settings(*safe, SITE_URL="http://127.0.0.1:8000") == [False, False, False]


def test_static_names_are_hashed():
    """A storage that Django no longer knows would be passed over in silence."""
    [storages] = settings("STORAGES")
    assert isinstance(storages, dict)
    assert storages["staticfiles"]["BACKEND"] == (
        "whitenoise.storage.CompressedManifestStaticFilesStorage"
    )


def test_mail_is_files_until_there_is_a_mail_server():
    [files] = settings("EMAIL_BACKEND")
    [smtp] = settings("EMAIL_BACKEND", EMAIL_HOST="smtp.example.org")
    assert files == "bawg_site.mail_files.EmailBackend"
    assert smtp == "django.core.mail.backends.smtp.EmailBackend"


def test_hosts_and_address_are_taken_without_stray_spaces_and_slashes():
    hosts, url = settings("ALLOWED_HOSTS", "SITE_URL")
    assert hosts == ["training.example.org", "www.example.org"]
    assert url == "https://training.example.org"
