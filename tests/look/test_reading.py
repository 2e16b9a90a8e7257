"""How hard our own words are to read. The work group's text about the course is theirs."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.core.management import call_command
from django.utils import translation
from textstat import textstat

from registrations.letters.preview import preview
from registrations.letters.words import WORDS, words_of
from tests.browser.states import pages
from tests.browser.states.public import with_all_there_is_to_say
from tests.factories import NOW

# With the others that look at all pages: one worker process makes them for all.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("every page")]

THE_WORK_GROUPS = "courses:course"
BLOCKS = r"</?(?:p|li|dt|dd|h\d|div|label|legend|button|th|td|summary|section|br|tr)\b[^>]*>"

#: Years at school that English may ask for (Flesch-Kincaid).
GRADE = 8
#: Ease of reading Spanish (Fernández-Huerta): 60 is normal, 70 and more fairly easy.
EASE = 70


def main_of(html: str) -> str:
    return html.partition("<main")[2].partition(">")[2].partition("</main>")[0]


def sentences(html: str) -> Iterator[str]:
    """Whole sentences; what only names something, as a label does, has no grade."""
    for block in re.split(BLOCKS, html.partition("<style>")[0] + html.partition("</style>")[2]):
        words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", block))).strip()
        # An address or a link is not read.
        words = re.sub(r"\S+(?:://|@)\S+", "here", words)
        if re.search(r"[.?]$", words) and " " in words:
            yield words


def read(language: str) -> dict[str, list[str]]:
    """What each page and letter says."""
    texts = {
        str(state): list(sentences(main_of(page.html)))
        for state, page in pages(language).items()
        if state.address != THE_WORK_GROUPS
    }
    scheduled_class = with_all_there_is_to_say()
    for kind in WORDS:
        with translation.override(language):
            html = preview(kind, words_of(kind), scheduled_class, NOW)["html"]
        texts[f"letter: {kind}"] = list(sentences(html))
    return texts


def test_english_asks_for_eight_years_at_school_at_most():
    call_command("load_content", verbosity=0)
    textstat.set_lang("en")
    texts = read("en")
    grades = {
        name: textstat.flesch_kincaid_grade(" ".join(text)) for name, text in texts.items() if text
    }
    assert len(grades) > 80
    assert {name: grade for name, grade in grades.items() if grade > GRADE} == {}


def test_spanish_is_fairly_easy_to_read():
    call_command("load_content", verbosity=0)
    textstat.set_lang("es")
    texts = read("es")
    ease = {name: textstat.fernandez_huerta(" ".join(text)) for name, text in texts.items() if text}
    assert len(ease) > 80
    assert {name: score for name, score in ease.items() if score < EASE} == {}
