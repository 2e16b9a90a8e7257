import os
from pathlib import Path

import pytest

from bawg_site import local
from bawg_site.address import Address, AddressError

LOCAL = "SITE_URL=http://127.0.0.1:8000\nALLOWED_HOSTS=127.0.0.1,localhost\n"


@pytest.fixture(autouse=True)
def plain_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that has set nothing; what a test sets goes with it."""
    monkeypatch.setattr(os, "environ", {"PATH": os.environ["PATH"]})
    monkeypatch.setattr("environ.Env.ENVIRON", os.environ)


def read(file: Path, content: str, **shell: str) -> tuple[str, str]:
    os.environ.update(shell)
    file.write_text(content)
    local.read_environment(file)
    return os.environ["SITE_URL"], os.environ["ALLOWED_HOSTS"]


def test_a_new_file_is_for_its_owner_alone_and_has_a_key_of_its_own(tmp_path: Path):
    for name in ("first", "second"):
        local.write_environment(tmp_path / name)
    assert (tmp_path / "first").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "first").read_text() != (tmp_path / "second").read_text()


def test_a_file_that_is_there_is_left_alone(tmp_path: Path):
    (tmp_path / ".env").write_text("SECRET_KEY=mine\n")
    local.write_environment(tmp_path / ".env")
    assert (tmp_path / ".env").read_text() == "SECRET_KEY=mine\n"


def test_a_local_site_is_found_where_it_is_served(tmp_path: Path):
    url, hosts = read(tmp_path / ".env", LOCAL, HOST="192.0.2.7", PORT="9000")
    assert url == "http://192.0.2.7:9000"
    assert hosts == "127.0.0.1,localhost,192.0.2.7"


def test_a_site_served_everywhere_is_found_on_this_machine(tmp_path: Path):
    url, _ = read(tmp_path / ".env", LOCAL, HOST="0.0.0.0")
    assert url == "http://127.0.0.1:8000"


def test_what_the_shell_says_stays(tmp_path: Path):
    shell = {"SITE_URL": "http://localhost:1", "ALLOWED_HOSTS": "localhost", "PORT": "9000"}
    assert read(tmp_path / ".env", LOCAL, **shell) == ("http://localhost:1", "localhost")


def test_a_file_that_names_a_site_of_the_world_stays(tmp_path: Path):
    world = "SITE_URL=https://training.example.org\nALLOWED_HOSTS=training.example.org\n"
    assert read(tmp_path / ".env", world, PORT="9000") == (
        "https://training.example.org",
        "training.example.org",
    )


@pytest.mark.parametrize(
    ("host", "listens", "printed"),
    [
        ("127.0.0.1", "127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("::1", "[::1]:8000", "http://[::1]:8000"),
        ("::", "[::]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_as_it_is_listened_on_and_as_it_is_opened(host: str, listens: str, printed: str):
    address = Address(host)
    assert (str(address), address.url) == (listens, printed)


def test_a_host_that_is_not_this_machine_is_refused():
    with pytest.raises(AddressError, match=r"The site cannot listen on 192\.0\.2\.7:8000"):
        Address("192.0.2.7").check_free()
