from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles.finders import get_finder

from bawg_site import static_files
from bawg_site.management.commands import serve


@pytest.fixture(autouse=True)
def nothing_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USERNAME", "PASSWORD", "EMAIL"):
        monkeypatch.delenv(f"DJANGO_SUPERUSER_{name}", raising=False)


@pytest.mark.django_db
def test_the_first_account_is_made_with_a_password_that_opens_it():
    said = serve.staff_account(make_one=True)
    staff = User.objects.get()
    assert staff.is_superuser
    assert staff.check_password(said.split()[2])


@pytest.mark.django_db
def test_a_second_account_is_not_made():
    serve.staff_account(make_one=True)
    said = serve.staff_account(make_one=True)
    assert User.objects.count() == 1
    assert said.startswith("staff (")


@pytest.mark.django_db
def test_a_server_makes_no_account_unless_asked():
    assert serve.staff_account(make_one=False).startswith("none yet")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_account_asked_for_is_made_beside_others_and_never_changed(
    monkeypatch: pytest.MonkeyPatch,
):
    serve.staff_account(make_one=True)
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", "ruth")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "the first one")
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "ruth@peers.test")
    assert serve.staff_account(make_one=False) == "ruth, with the password given"
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "another one")
    serve.staff_account(make_one=False)
    ruth = User.objects.get(username="ruth")
    assert ruth.email == "ruth@peers.test"
    assert ruth.check_password("the first one")


@pytest.fixture
def own_static_files(tmp_path: Path, settings: Any) -> Path:
    """A site with one static file, in the folder that is returned."""
    written = tmp_path / "written"
    written.mkdir()
    (written / "a.css").write_text("a {}")
    settings.STATICFILES_DIRS = [written]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    get_finder.cache_clear()  # type: ignore[attr-defined]  # an lru_cache
    return written


def test_what_we_say_to_each_other_in_a_sheet_is_not_sent(own_static_files: Path, settings: Any):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "bawg_site.static_files.Storage"}
    }
    (own_static_files / "css").mkdir()
    for sheet in ("a.css", "css/site.css"):
        (own_static_files / sheet).write_text("/* Why\nso */\na {}\nb {} /* and so */\n")
    static_files.collect()
    sent = [sheet.read_text() for sheet in (settings.STATIC_ROOT / "css").glob("*.css")]
    assert sent == ["a {}\nb {} "] * 2
    assert "Why" in (settings.STATIC_ROOT / "a.css").read_text()


def test_static_files_are_collected_when_they_change_and_only_then(
    own_static_files: Path, settings: Any
):
    collected = settings.STATIC_ROOT / "a.css"
    static_files.collect()
    assert collected.read_text() == "a {}"
    collected.unlink()
    static_files.collect()
    assert not collected.exists()
    (own_static_files / "a.css").write_text("a { color: red }")
    static_files.collect()
    assert collected.read_text() == "a { color: red }"
