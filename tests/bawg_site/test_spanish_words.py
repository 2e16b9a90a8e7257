"""The Spanish of the interface and of the letters, by the rules of docs/spanish.md."""

import gettext
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

from registrations.letters.placeholders import problem_of_subject
from registrations.letters.words import WORDS

CATALOG = settings.BASE_DIR / "bawg_site" / "locale" / "es" / "LC_MESSAGES" / "django.mo"

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}|%%")

#: Cold, loud, of one country, familiar, another unit, or of somebody's gender.
NEVER = re.compile(
    r"[!¡]|por favor|lamentable|exitosa|\bCEU|adict|\bvosotros|\b(tu|tus|te|ti)\b|\binscrito"
    r"|\bfila\b|\bbienvenid[oa]\b",
    re.IGNORECASE,
)


def texts() -> Iterator[tuple[str, str]]:
    with CATALOG.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    # The library has no public way to list them.
    for english, spanish in compiled._catalog.items():  # type: ignore[attr-defined]
        if english:
            yield (english[0] if isinstance(english, tuple) else english), spanish


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?:;])\s+", text)


def test_each_text_holds_the_placeholders_of_its_english() -> None:
    differing = [
        english
        for english, spanish in texts()
        if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(spanish))
    ]
    assert differing == []


def test_the_voice_is_kept() -> None:
    # What staff read as an example of the group's own words has its exclamation mark.
    assert [
        spanish
        for english, spanish in texts()
        if NEVER.search(spanish) and not english.startswith("For example:")
    ] == []


def test_no_sentence_is_longer_than_20_words() -> None:
    long = [part for _, text in texts() for part in sentences(text) if len(part.split()) > 20]
    assert long == []


def subjects(language: str) -> list[str]:
    with translation.override(language):
        return [str(words.subject) for words in WORDS.values()]


def test_each_subject_is_spanish_and_names_dates_alone() -> None:
    for english, spanish in zip(subjects("en"), subjects("es"), strict=True):
        assert spanish != english
        assert problem_of_subject(spanish) == ""


@pytest.mark.parametrize(
    "subject",
    [
        "Dejar las benzodiazepinas",
        "Su salud",
        "La abstinencia",
        "Adicciones",
        "Bajar la dosis",
        "Uso de sustancias",
        "Drogas",
    ],
)
def test_a_spanish_subject_about_health_is_refused(subject: str) -> None:
    assert problem_of_subject(subject) != ""
