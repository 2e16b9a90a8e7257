"""The words the site starts with, from `words.toml` into the database."""

import tomllib
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from django.conf import settings

from content.models import Page, Section, SiteSettings

WORDS = Path(__file__).parent / "words.toml"

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
    words: dict[str, Any] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    _, is_new = SiteSettings.objects.get_or_create(
        pk=1, defaults=words["settings"] | {"help_email": help_address()}
    )
    new = ["settings"] if is_new else []
    return new + [page["slug"] for page in words["pages"] if load_page(**page)]


def load_page(*, slug: str, sections: list[dict[str, str]], **words: str) -> bool:
    page, is_new = Page.objects.get_or_create(slug=slug, defaults=words)
    if is_new:
        for position, section in enumerate(sections, start=1):
            Section.objects.create(page=page, position=position, **section)
    return is_new


def help_address() -> str:
    """The sender of our mail, whom replies reach; empty when that address leads nowhere."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return "" if address.endswith(NOWHERE) else address
