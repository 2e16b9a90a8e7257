"""The words the site starts with, from `words.toml` and `words.es.toml` into the database."""

import tomllib
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from django.conf import settings
from translated_fields import to_attribute

from content.models import Page, Section, SiteSettings
from content.translated import SPANISH

WORDS = Path(__file__).parent / "words.toml"
SPANISH_WORDS = Path(__file__).parent / "words.es.toml"

#: Names that lead nowhere, by RFC 2606: an address there helps nobody.
NOWHERE = (
    "example.org",
    "example.com",
    "example.net",
    ".example",
    ".invalid",
    ".test",
    "localhost",
)


def load_words() -> list[str]:
    """Write what is not there yet, and nothing over what is. Returns the names of what was new."""
    words, spanish = written(WORDS), written(SPANISH_WORDS)
    own = words["settings"] | in_spanish(spanish["settings"]) | {"help_email": help_address()}
    _, is_new = SiteSettings.objects.get_or_create(pk=1, defaults=own)
    new = ["settings"] if is_new else []
    for page, page_in_spanish in zip(words["pages"], spanish["pages"], strict=True):
        slug = page["slug"]
        if load_page(page, page_in_spanish):
            new.append(slug)
    return new


def written(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def in_spanish(words: dict[str, str]) -> dict[str, str]:
    """The words under the names of their Spanish columns."""
    return {to_attribute(name, SPANISH): text for name, text in words.items()}


def load_page(words: dict[str, Any], spanish: dict[str, Any]) -> bool:
    """Both hold the slug, the words of the page and its sections, in the same order."""
    sections, spanish_sections = words.pop("sections"), spanish.pop("sections")
    slug = words.pop("slug")
    if spanish.pop("slug") != slug:
        raise ValueError(f"The Spanish of {slug} is missing.")
    own = words | in_spanish(spanish)
    page, is_new = Page.objects.get_or_create(slug=slug, defaults=own)
    if is_new:
        pairs = zip(sections, spanish_sections, strict=True)
        Section.objects.bulk_create(
            Section(page=page, position=position, **section | in_spanish(section_in_spanish))
            for position, (section, section_in_spanish) in enumerate(pairs, start=1)
        )
    return is_new


def help_address() -> str:
    """The sender of our mail, whom replies reach; empty when that address leads nowhere."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return "" if address.endswith(NOWHERE) else address
