"""Words that staff write in English and in Spanish, side by side, each in a column of its own.

`page.title` reads in the language of the page and falls back to English; a fall back on a Spanish
page knows that it is English, and says so to readers' software wherever it is printed.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django.db.models import Field
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField, to_attribute

ENGLISH, SPANISH = "en", "es"

#: Each in its own words, for who looks for it on a page of the other.
NAMES = {ENGLISH: "English", SPANISH: "Español"}


class EnglishText(str):
    """English words on a Spanish page. Marked in HTML, and plain text everywhere else."""

    __slots__ = ()

    def __html__(self) -> str:
        return format_html('<span lang="en">{}</span>', str(self))


class EnglishHtml(SafeString):
    """The same of rich text."""

    def __html__(self) -> SafeString:  # type: ignore[override]  # marked once, it is plain HTML
        return format_html('<div lang="en">{}</div>', SafeString("".join(self)))


def in_the_pages_language(name: str, field: "Translated") -> Any:
    def words(instance: Any) -> str:
        own: str = getattr(instance, to_attribute(name, spoken()))
        english: str = getattr(instance, to_attribute(name, ENGLISH))
        return own if own or not english else in_english(english)

    return words


def to_the_pages_language(name: str, field: "Translated") -> Any:
    return lambda instance, words: setattr(instance, to_attribute(name, spoken()), words)


def spoken() -> str:
    return SPANISH if get_language() == SPANISH else ENGLISH


def path_in(language: str, path: str) -> str:
    """The path of the same page in that language: English stands without a prefix."""
    if spoken() == SPANISH:
        path = path.removeprefix(f"/{SPANISH}")
    return f"/{SPANISH}{path}" if language == SPANISH else path


def first_page() -> str:
    """The course page, which a room to the right answers, in the language of this one."""
    return f"/{SPANISH}/" if spoken() == SPANISH else "/"


def in_english(words: str) -> str:
    return EnglishHtml(words) if isinstance(words, SafeString) else EnglishText(words)


class Translated(TranslatedField):
    """A field of words in both languages; only the English is ever required."""

    def __init__(self, field: "Field[Any, Any]") -> None:
        name = field.verbose_name
        own: dict[str, dict[str, Any]] = {
            ENGLISH: {"verbose_name": format_lazy(_("{name}, in English"), name=name)},
            SPANISH: {
                "verbose_name": format_lazy(_("{name}, in Spanish"), name=name),
                "help_text": _("Empty: readers of Spanish see the English."),
                "blank": True,
            },
        }
        super().__init__(
            field,
            own,
            languages=[ENGLISH, SPANISH],
            attrgetter=in_the_pages_language,
            attrsetter=to_the_pages_language,
        )

    def contribute_to_class(self, cls: "type[TranslatedWords]", name: str) -> None:
        super().contribute_to_class(cls, name)
        # A property, because a model takes only fields and properties when it is made.
        setattr(cls, name, property(self._getter, self._setter))
        cls.translated = [*cls.translated, name]

    # What the property of each model does, for those who read its type here.
    def __get__(self, instance: Any, owner: Any = None) -> str:
        return str(self._getter(instance))

    def __set__(self, instance: Any, words: str) -> None:
        self._setter(instance, words)


def both(*names: str) -> list[str]:
    """The columns of these fields, each English beside its Spanish, for forms and the admin."""
    return [to_attribute(name, language) for name in names for language in (ENGLISH, SPANISH)]


class TranslatedWords:
    """A model with such fields."""

    #: The names of the fields, without language.
    translated: ClassVar[list[str]] = []

    #: The field that names what it is edited with; empty when it has a form of its own.
    is_part_of: ClassVar[str] = ""

    @classmethod
    def to_be_read(cls, now: dt.datetime) -> Iterable[Any]:
        """The rows whose Spanish matters now."""
        rows: Iterable[Any] = cast("Any", cls).objects.select_related(*cls.is_part_of.split())
        return rows

    def is_in_spanish(self) -> bool:
        """Whether every word of it that there is in English is there in Spanish too."""
        return not self.missing_in_spanish()

    def missing_in_spanish(self) -> list[str]:
        """The names of its fields that have English words alone."""
        return [
            name
            for name in self.translated
            if getattr(self, to_attribute(name, ENGLISH))
            and not getattr(self, to_attribute(name, SPANISH))
        ]
