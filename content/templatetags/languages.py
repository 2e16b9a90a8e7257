"""The same page in the other language, and words that may have fallen back to English."""

from dataclasses import dataclass, field
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString

from content.translated import (
    ENGLISH,
    NAMES,
    EnglishText,
    TranslatedWords,
    path_in,
    spoken,
)

register = template.Library()

#: Under these names views hand a page the rows whose words it shows.
ROWS = ("page", "course", "scheduled_class")


@dataclass(frozen=True)
class Language:
    """A language that this page can be read in."""

    code: str
    path: str

    @property
    def name(self) -> str:
        return NAMES[self.code]

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{self.path}"


@dataclass(frozen=True)
class Languages:
    #: The other language; None where this page cannot be had in it.
    other: Language | None = None
    #: Both, for search engines; none unless the page is there in both.
    all: list[Language] = field(default_factory=list)


@register.simple_tag(takes_context=True)
def languages_of_the_page(context: Context) -> Languages:
    """What to offer. English can always be had; Spanish where staff's words are there in it."""
    request = context.get("request")
    # The answer to a form is at its address alone: to follow a link would lose what was typed.
    if request is None or request.method not in {"GET", "HEAD"} or "only_here" in context:
        return Languages()
    both = [Language(code, path_in(code, request.path)) for code in NAMES]
    other = next(language for language in both if language.code != spoken())
    if is_in_spanish(context, request.resolver_match):
        return Languages(other, both)
    return Languages(other if other.code == ENGLISH else None)


def is_in_spanish(context: Context, match: Any) -> bool:
    """A page behind a person's own link always is: they need every word of it they can get."""
    if match and "token" in match.kwargs:
        return True
    rows = [context.get(name) for name in ROWS]
    return all(row.is_in_spanish() for row in rows if isinstance(row, TranslatedWords))


@register.filter
def paragraphs(words: str) -> SafeString:
    """Lines as paragraphs, marked as English where they are."""
    lines = SafeString(linebreaks(words, autoescape=True))
    is_english = isinstance(words, EnglishText)
    return format_html('<div lang="en">{}</div>', lines) if is_english else lines
