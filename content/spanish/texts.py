"""Every text that has an English and a Spanish, and how its Spanish stands."""

import datetime as dt
import gettext
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse
from translated_fields import to_attribute

from content.history.models import Change
from content.spanish.models import Reading
from content.translated import ENGLISH, SPANISH, TranslatedWords

CATALOG = settings.BASE_DIR / "bawg_site" / "locale" / "es" / "LC_MESSAGES" / "django.mo"


class State(StrEnum):
    MISSING = "missing"
    BEHIND = "behind"
    UNREAD = "unread"
    READ = "read"


@dataclass(frozen=True)
class Text:
    """One text in both languages. `place` is what staff call the thing that it is part of."""

    what: str
    key: int
    field: str
    place: str
    label: str
    english: str
    spanish: str
    path: str
    reading: Reading | None = None
    is_behind: bool = False

    @property
    def fingerprint(self) -> str:
        both = f"{self.english}\0{self.spanish}"
        return hashlib.sha256(both.encode()).hexdigest()

    @property
    def state(self) -> State:
        if not self.spanish:
            return State.MISSING
        if self.reading and self.reading.fingerprint == self.fingerprint:
            return State.READ
        return State.BEHIND if self.is_behind else State.UNREAD

    @property
    def mark(self) -> str:
        """Which text it is, and in which words: what is marked is what was seen."""
        return f"{self.what}:{self.key}:{self.field}:{self.fingerprint}"


#: What finds the texts of a room that are no fields in two languages.
Source = Callable[[], Iterable[Text]]
SOURCES: list[Source] = []


def all_texts(now: dt.datetime) -> list[Text]:
    """Each with its reading. The same few queries however many there are."""
    texts = [text for model in translated_models() for text in texts_of_model(model, now)]
    for source in SOURCES:
        texts += source()
    return with_changes(with_readings(texts))


def count_missing(translated: Iterable[type[Any]]) -> int:
    """In how many rows an English text has no Spanish. One query, however many models."""
    found = [model.objects.filter(is_missing(model)) for model in translated]
    first, *others = [rows.order_by().values_list("pk") for rows in found]
    return int(first.union(*others, all=True).count())


def is_missing(model: type[TranslatedWords]) -> models.Q:
    without = models.Q(pk__in=[])
    for name in model.translated:
        english, spanish = (to_attribute(name, language) for language in (ENGLISH, SPANISH))
        without |= ~models.Q(**{english: ""}) & models.Q(**{spanish: ""})
    return without


def translated_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, TranslatedWords)]


def texts_of_model(model: type[Any], now: dt.datetime) -> Iterator[Text]:
    for row in model.to_be_read(now):
        yield from texts_of(row)


def texts_of(row: Any) -> Iterator[Text]:
    """The texts of one row that have English words, without their readings."""
    owner = getattr(row, row.is_part_of) if row.is_part_of else row
    path = reverse(f"admin:{owner._meta.label_lower.replace('.', '_')}_change", args=[owner.pk])
    for name in row.translated:
        english = getattr(row, to_attribute(name, ENGLISH))
        if english:
            field = row._meta.get_field(to_attribute(name, ENGLISH))
            yield Text(
                what=row._meta.label_lower,
                key=row.pk,
                field=name,
                # A part that is called by this very text is not named by it once more.
                place=str(owner) if str(row) in {str(owner), english} else f"{owner}: {row}",
                label=str(field.verbose_name).rpartition(",")[0],
                english=str(english),
                spanish=str(getattr(row, to_attribute(name, SPANISH))),
                path=path,
            )


def with_readings(texts: Iterable[Text]) -> list[Text]:
    texts = list(texts)
    readings = {
        (reading.what, reading.key, reading.field): reading
        for reading in Reading.objects.filter(what__in={text.what for text in texts})
    }
    return [
        replace(text, reading=readings.get((text.what, text.key, text.field))) for text in texts
    ]


def with_changes(texts: list[Text]) -> list[Text]:
    """Whether history has the English changed later than the Spanish."""
    last: dict[tuple[str, int, str], int] = {}
    changes = Change.objects.filter(what__in={text.what for text in texts}).order_by("pk")
    for number, what, key, fields in changes.values_list("pk", "what", "key", "fields"):
        last |= dict.fromkeys(((what, key, column) for column in fields), number)

    def changed(text: Text, language: str) -> int:
        return last.get((text.what, text.key, to_attribute(text.field, language)), 0)

    return [
        replace(text, is_behind=changed(text, ENGLISH) > changed(text, SPANISH)) for text in texts
    ]


@cache
def who_read_the_interface() -> str:
    """Who has read the words of the site itself, from the head of their catalog; empty: nobody."""
    with CATALOG.open("rb") as file:
        reader = gettext.GNUTranslations(file).info().get("x-read-by-a-speaker", "no")
    return "" if reader == "no" else reader
