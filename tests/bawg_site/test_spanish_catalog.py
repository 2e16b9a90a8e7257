"""The Spanish catalog is whole, and what the site reads is what stands in it."""

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from bawg_site.management.commands.makemessages import STAFF_ONLY

ROOMS = ["bawg_site", "content", "courses", "registrations"]
PLACE = Path("bawg_site/locale/es/LC_MESSAGES")
HINT = (
    "Run `make messages` and write what is missing into the .po file. What only staff read is left "
    "out by STAFF_ONLY in makemessages.py."
)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the catalog, with the words of the code and templates collected anew."""
    if shutil.which("msgfmt") is None:
        if os.environ.get("CI"):
            pytest.fail("GNU gettext is missing. Install it, on Debian: apt install gettext")
        pytest.skip("GNU gettext is missing. Install it (on Debian: apt install gettext)")
    copy = tmp_path_factory.mktemp("house")
    for name in [*ROOMS, "templates"]:
        shutil.copytree(settings.BASE_DIR / name, copy / name)
    shutil.copy(settings.BASE_DIR / "manage.py", copy)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bawg_site.settings"}
    command = [sys.executable, "manage.py", "makemessages", "--verbosity", "0"]
    subprocess.run(command, cwd=copy, env=environment, check=True)
    return copy / PLACE / "django.po"


def entries(file: Path, kind: str) -> list[str]:
    command = ["msgattrib", kind, "--no-obsolete", "--no-wrap", file]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # The first one is the head of the file.
    return re.findall(r'^msgid "(.*)"$', found, re.MULTILINE)[1:]


def catalog(file: Path) -> dict[Any, str]:
    with file.open("rb") as opened:
        compiled = gettext.GNUTranslations(opened)
    # The library has no public way to list them.
    return compiled._catalog  # type: ignore[attr-defined, no-any-return]


def test_everything_that_people_read_has_its_spanish(collected: Path) -> None:
    assert entries(collected, "--untranslated") == [], HINT


def test_nothing_is_only_guessed(collected: Path) -> None:
    assert entries(collected, "--only-fuzzy") == [], HINT


def test_the_site_reads_what_stands_in_the_catalog(collected: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check", "-o", compiled, collected], check=True)
    assert catalog(settings.BASE_DIR / PLACE / "django.mo") == catalog(compiled), HINT


def test_no_words_hide_where_gettext_cannot_find_them() -> None:
    """It does not look into f-strings."""
    hidden = [
        (file.name, call.lineno)
        for room in ROOMS
        for file in (settings.BASE_DIR / room).rglob("*.py")
        for text in ast.walk(ast.parse(file.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"_", "_now", "gettext", "ngettext", "pgettext"}
        and not {*file.parts} & {*STAFF_ONLY}
    ]
    assert hidden == []
