"""Judges of pages that come from npm: `make test` installs them beside this file."""

import os
import shutil
from pathlib import Path

import pytest

MODULES = Path(__file__).parent / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
LIGHTHOUSE = Path(__file__).parent / "lighthouse.mjs"

FROM_NPM = "Install Node.js with npm (on Debian: apt install nodejs npm) and run make test again."
FROM_DEBIAN = "Install a Java runtime (on Debian: apt install default-jre-headless)."
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""


def need(present: object, what: str, advice: str) -> None:
    """Where a tool cannot be had, its tests are left out; the end of the run says so. CI fails."""
    if present:
        return
    words = f"{what} is missing. {advice}"
    if os.environ.get("CI"):
        pytest.fail(words)
    pytest.skip(words)


def need_chromium() -> None:
    need(CHROMIUM, "Chromium", "Install it (on Debian: apt install chromium) or name it: CHROMIUM=")


def need_axe() -> None:
    need(AXE.exists(), "axe-core", FROM_NPM)


def need_vnu() -> None:
    need(VNU.exists(), "The Nu HTML checker", FROM_NPM)
    need(shutil.which("java"), "Java, for the Nu HTML checker,", FROM_DEBIAN)


def need_lighthouse() -> None:
    need((MODULES / "lighthouse").exists() and shutil.which("node"), "Lighthouse", FROM_NPM)
