"""The Spanish of the interface and of the letters, by the rules of docs/spanish.md."""

import datetime as dt
import gettext
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

from courses import zones
from courses.models import ScheduledClass
from courses.zones import Zone
from registrations.letters.placeholders import problem_of_subject
from registrations.letters.words import WORDS
from tests.factories import make_class, make_meeting

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


def moment(*, month: int = 1, day: int = 16, hour: int = 9, year: int = 2027) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=Zone.MOUNTAIN.info)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([(2027, 1, 16)], "16 de enero de 2027"),
        ([(2027, 1, 16), (2027, 1, 23)], "16 y 23 de enero de 2027"),
        ([(2027, 1, 30), (2027, 2, 6)], "30 de enero y 6 de febrero de 2027"),
        (
            [(2027, 1, 29), (2027, 1, 30), (2027, 2, 1)],
            "29, 30 de enero y 1 de febrero de 2027",
        ),
        (
            [(2026, 12, 26), (2027, 1, 2)],
            "26 de diciembre de 2026 y 2 de enero de 2027",
        ),
    ],
)
def test_days_read_as_a_spanish_speaker_writes_them(
    days: list[tuple[int, int, int]], words: str
) -> None:
    with translation.override("es"):
        assert zones.days_in_words([dt.date(*day) for day in days]) == words


def test_a_moment_names_weekday_hour_and_zone() -> None:
    with translation.override("es"):
        words = zones.full_moment(moment(hour=18), Zone.MOUNTAIN)
        hours = zones.hours(moment(), moment(hour=17), Zone.MOUNTAIN)
    plain = "sábado 16 de enero de 2027, 6:00 p. m., hora de la Montaña"
    assert words.replace(zones.NO_BREAK, " ") == plain
    assert hours.replace(zones.NO_BREAK, " ") == "de 9:00 a. m. a 5:00 p. m., hora de la Montaña"


def class_on(*days: dt.date) -> ScheduledClass:
    scheduled_class = make_class()
    scheduled_class.class_sessions.all().delete()
    for day in days:
        make_meeting(scheduled_class, day)
    return ScheduledClass.objects.get(pk=scheduled_class.pk)


@pytest.mark.django_db
def test_weekdays_have_their_spanish_plural_and_a_capital() -> None:
    fridays = class_on(dt.date(2027, 1, 15), dt.date(2027, 1, 22))
    weekend = class_on(dt.date(2027, 1, 16), dt.date(2027, 1, 17))
    with translation.override("es"):
        assert fridays.weekdays == "Dos viernes"
        assert weekend.weekdays == "Sábado y domingo"
