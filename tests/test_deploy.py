"""The files in `deploy/`: judged by the tools of who reads them, and held to what the site has.

No container engine and no systemd runs here; `bawg_site/test_behind_the_proxy.py` runs the proxy.
"""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from tests.bawg_site.proxy import CADDY, CADDYFILE, WITHOUT_IT
from tests.test_top_level import ROOMS, ROOT

DEPLOY = ROOT / "deploy"
IMAGE = (DEPLOY / "Containerfile").read_text()
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
MANAGE = "/opt/bawg-site/.venv/bin/python manage.py "

#: What the units lean on; on a machine systemd brings it along.
TARGETS = (
    "basic",
    "multi-user",
    "network-online",
    "shutdown",
    "sysinit",
    "timers",
    "time-set",
    "time-sync",
)

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(
    ANALYZE is None, reason="systemd-analyze is missing. On Debian: apt install systemd"
)


def judged(*command: str | Path) -> str:
    """What the tool says against it; empty when it is content."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 and not done.stderr else done.stdout + done.stderr


def tool(name: str) -> Path:
    return Path(sys.executable).parent / name


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return read


def known_variables() -> set[str]:
    named = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    return {*named, *(f"{name}_FILE" for name in named)}


def test_the_image_is_described_as_hadolint_has_it():
    assert judged(tool("hadolint"), DEPLOY / "Containerfile") == ""


def test_the_services_are_described_as_compose_has_it():
    schema = ["--builtin-schema", "vendor.compose-spec"]
    assert judged(tool("check-jsonschema"), *schema, DEPLOY / "compose.yaml") == ""


@pytest.mark.skipif(CADDY is None, reason=WITHOUT_IT)
def test_the_proxy_is_described_as_caddy_has_it():
    assert CADDY
    formatted = subprocess.run(
        [CADDY, "fmt", CADDYFILE], capture_output=True, text=True, check=True
    )
    assert formatted.stdout == CADDYFILE.read_text()


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The units where a machine has them, and what they start."""
    shutil.copytree(DEPLOY / "systemd", tmp_path / "etc" / "systemd" / "system")
    python = tmp_path / "opt" / "bawg-site" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    shutil.copy("/bin/true", python)
    brought = tmp_path / "usr" / "lib" / "systemd" / "system"
    brought.mkdir(parents=True)
    for name in TARGETS:
        (brought / f"{name}.target").write_text("[Unit]\n")
    return tmp_path


@needs_systemd
def test_the_units_are_described_as_systemd_has_it(machine: Path):
    assert ANALYZE
    names = [unit.name for unit in UNITS]
    assert judged(ANALYZE, "verify", f"--root={machine}", "bawg-backup.timer", *names) == ""
    # By systemd's own measure: 10 can do everything, 0 nothing.
    safe = ["security", "--offline=true", "--threshold=20", f"--root={machine}"]
    assert judged(ANALYZE, *safe, *names) == ""


def words_of_units() -> list[str]:
    text = "\n".join(unit.read_text() for unit in UNITS)
    lines = re.findall("^Exec[A-Z][A-Za-z]*=(.+)$", text, re.MULTILINE)
    assert all(line.startswith(MANAGE) for line in lines)
    return [line.removeprefix(MANAGE) for line in lines]


def test_image_services_and_units_start_what_the_tests_start():
    """`manage.py site` is what `bawg_site/site_process.py` and `make run` start."""
    assert 'ENTRYPOINT ["python", "manage.py"]' in IMAGE
    [word] = re.findall(r'^CMD \["(\w+)"\]', IMAGE, re.MULTILINE)
    assert word == "site"
    commands = {
        name: service["command"]
        for name, service in compose()["services"].items()
        if service.get("image") == "bawg-site"
    }
    assert commands == {"prepare": ["prepare"], "site": ["site"], "worker": ["work"]}
    words = words_of_units()
    assert sorted(words) == ["backup", "prepare", "site", "work"]
    assert set(words) <= set(get_commands())


def test_the_image_holds_every_room_and_no_test():
    copied = re.findall(r"^COPY (\w+) \w+$", IMAGE, re.MULTILINE)
    assert set(copied) == ROOMS - {"tests"}
    let_in = (ROOT / ".dockerignore").read_text().split("\n*\n")[1]
    assert {line[1:] for line in let_in.split() if line.startswith("!")} == {
        *copied,
        "manage.py",
        "requirements.lock",
    }


def test_no_service_can_do_more_than_it_must():
    for name, service in compose()["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert ("ports" in service) == (name == "proxy"), name
        assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else []), name
    assert compose()["networks"]["inside"]["internal"]
    assert compose()["services"]["database"]["networks"] == ["inside"]


def test_no_variable_is_set_that_the_site_does_not_read():
    example = re.findall(r"^([A-Z_]+)=", (DEPLOY / "site.env.example").read_text(), re.MULTILINE)
    in_services = compose()["services"]["site"]["environment"]
    [in_image] = re.findall(r"^ENV (HOST=.+)$", IMAGE, re.MULTILINE)
    confined = (DEPLOY / "systemd" / "bawg-.service.d" / "confined.conf").read_text()
    [in_units] = re.findall(r"^Environment=(.+)$", confined, re.MULTILINE)
    pairs = shlex.split(f"{in_image} {in_units}")
    named = {*example, *in_services, *(pair.partition("=")[0] for pair in pairs)}
    assert named - known_variables() == {"PYTHONUNBUFFERED"}


def test_every_secret_of_the_services_has_its_file():
    described = compose()
    files = {f"/run/secrets/{name}" for name in described["secrets"]}
    named = {
        value
        for service in described["services"].values()
        for name, value in service.get("environment", {}).items()
        if name.endswith("_FILE")
    }
    assert named == files
