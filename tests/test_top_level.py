import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent

#: What stands at the top: the house, and what convention puts beside it.
ROOMS = {"bawg_site", "content", "courses", "registrations", "static", "templates", "tests"}
CODE = {"manage.py", "Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"}
WORDS = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "SECURITY.md", "docs", "deploy"}


def test_nothing_else_stands_at_the_top():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    there = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert {name for name in there - ROOMS - CODE - WORDS if not name.startswith(".")} == set()
