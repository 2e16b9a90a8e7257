"""Every page and letter before the Nu HTML checker, in one run of it."""

import json
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from registrations.letters.preview import preview
from registrations.letters.words import WORDS, words_of
from tests.browser.states import STATES, languages, pages
from tests.browser.states.public import with_all_there_is_to_say
from tests.browser.tools import VNU, need_vnu
from tests.factories import NOW

PAGES, LETTERS = "page", "letter"
#: For so short a run the quick compiler does, at half the work; its frames take more of the stack.
JAVA = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss32m", "-jar"]


def write(folder: Path) -> None:
    for language in languages():
        for number, page in enumerate(pages(language).values()):
            file = folder / f"{PAGES}-{number}-{language}.html"
            file.write_text(page.html, encoding="utf-8")
        scheduled_class = with_all_there_is_to_say()
        for kind in WORDS:
            with translation.override(language):
                letter = preview(kind, words_of(kind), scheduled_class, NOW)
            file = folder / f"{LETTERS}-{kind}-{language}.html"
            file.write_text(letter["html"], encoding="utf-8")


def judged(folder: Path) -> list[dict[str, str]]:
    """What the checker says of each file."""
    command = [*JAVA, VNU, "--format", "json", "--exit-zero-always", "--stdout", folder]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    messages: list[dict[str, str]] = json.loads(said)["messages"]
    return messages


# With the others that look at all pages: one worker process makes them for all.
@pytest.mark.xdist_group("every page")
@pytest.mark.django_db
def test_the_checker_finds_nothing_in_pages_and_no_error_in_letters(tmp_path: Path):
    need_vnu()
    call_command("load_content", verbosity=0)
    write(tmp_path)
    (tmp_path / "control.html").write_text("<!doctype html><title>Control</title><p><h1>")
    found = {}
    for message in judged(tmp_path):
        name = message["url"].rpartition("/")[2]
        kind, _, number = name.partition("-")
        if message["type"] == "error" or kind != LETTERS:
            words = f"{message['message']} {message.get('extract', '')}"
            state = str(STATES[int(number.split("-")[0])]) if kind == PAGES else name
            found[state, words] = name
    control = {key for key, name in found.items() if name == "control.html"}
    assert control, "the checker found nothing wrong in what is wrong"
    assert sorted(found.keys() - control) == []
