"""A letter becomes a mail: words, facts and link come together only here."""

import re
from collections.abc import Mapping
from email.utils import parseaddr
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from content.models import SiteSettings
from content.services import site_settings
from courses.models import ScheduledClass
from courses.zones import NO_BREAK
from registrations import links
from registrations.letters.calendar_parts import calendar_parts
from registrations.letters.facts import Fact, class_rows, facts_of, in_words
from registrations.letters.words import Words, words_for
from registrations.models import Letter, LetterText

Kind = Letter.Kind

PLACEHOLDER = re.compile(r"\{(\w+)\}")

#: Letters to somebody on the list for news, who can leave it by one press.
TO_THE_LIST = {Kind.INTEREST_ALREADY, Kind.INTEREST_NEWS}

#: Where a link goes in a preview: it opens nothing.
NO_LINK = "https://example.invalid/the-persons-own-link/"


class Stationery:
    """What all letters of one handful are written with, each read once."""

    @cached_property
    def site(self) -> SiteSettings:
        return site_settings()

    @cached_property
    def changed(self) -> list[LetterText]:
        return list(LetterText.objects.all())


def fill(text: str, facts: Mapping[str, Fact]) -> str:
    """The text with each {placeholder} replaced. Raises KeyError for one that is not known."""
    return PLACEHOLDER.sub(lambda found: in_words(facts[found[1]]), text)


def compose(letter: Letter, stationery: Stationery | None = None) -> EmailMultiAlternatives:
    """The mail as it goes out now, in the person's language, with a link that works."""
    stationery = stationery or Stationery()
    with translation.override(language_of(letter)):
        words = words_for(letter, stationery.changed)
        content = content_of(letter, words, link_of(letter), site=stationery.site)
        return message(letter, content | {"leave_link": leave_link_of(letter)})


def content_of(
    letter: Letter,
    words: Words,
    link: str,
    *,
    facts: Mapping[str, Fact] | None = None,
    site: SiteSettings | None = None,
) -> dict[str, Any]:
    """What the mail's templates show; for a preview with `NO_LINK` and facts of its own."""
    scheduled_class = class_of(letter)
    facts = facts or facts_of(letter, scheduled_class)
    filled = "\n\n".join(fill(str(text), facts) for text in words.paragraphs)
    site = site or site_settings()
    return {
        "subject": fill(str(words.subject), facts),
        "course": scheduled_class.course.title if scheduled_class else "",
        "paragraphs": [text for text in re.split(r"\n\s*\n", filled) if text.strip()],
        "button": str(words.button),
        "link": link,
        "facts": rows(words, letter, scheduled_class),
        "help_words": site.help_words,
        "help_email": site.help_email,
        "site_name": site.site_name,
        "why": why(letter),
    }


def language_of(letter: Letter) -> str:
    person = letter.registration or letter.interest
    return person.language if person else "en"


def class_of(letter: Letter) -> ScheduledClass | None:
    """The person's class; for news, the class that it is about."""
    if letter.registration:
        return letter.registration.scheduled_class
    if letter.kind == Kind.INTEREST_NEWS:
        return ScheduledClass.objects.select_related("course").get(pk=int(letter.about))
    return None


def link_of(letter: Letter) -> str:
    """Where the button leads. A link that is a key is made here and stored nowhere."""
    if letter.registration is None:
        return links.interest_link(letter)
    if letter.kind == Kind.OLD_ADDRESS:
        return ""
    if letter.kind == Kind.NEW_ADDRESS:
        return links.new_address_link(letter.registration, letter.address)
    if letter.kind == Kind.EVALUATE:
        return links.link_to(letter.registration, "evaluate")
    return links.link_to(letter.registration)


def leave_link_of(letter: Letter) -> str:
    """For a letter to somebody on the list: off it by one press."""
    if letter.kind not in TO_THE_LIST or letter.interest is None:
        return ""
    return links.interest_leave_link(letter.interest)


def rows(
    words: Words, letter: Letter, scheduled_class: ScheduledClass | None
) -> list[tuple[str, str]]:
    """The labelled lines under the button."""
    shown = class_rows(scheduled_class) if scheduled_class and words.shows_class else []
    if letter.registration and words.shows_name:
        shown.append((_("Name on your certificate"), letter.registration.full_name))
    return shown


def why(letter: Letter) -> str:
    if letter.kind == Kind.NEW_ADDRESS:
        return _("You get this mail because somebody gave this address as their new one.")
    if letter.registration:
        return _("You get this mail because this address was used to register for a class.")
    return _("You get this mail because this address was left for news of classes.")


def message(letter: Letter, content: dict[str, Any]) -> EmailMultiAlternatives:
    help_email = str(content["help_email"])
    mail = EmailMultiAlternatives(
        # One line in any case: a space that does not break is only one more thing to encode.
        subject=str(content["subject"]).replace(NO_BREAK, " "),
        body=render_to_string("letters/letter.txt", content),
        to=[letter.to],
        reply_to=[help_email] if help_email else None,
        headers=headers(letter),
    )
    mail.attach_alternative(render_to_string("letters/letter.html", content), "text/html")
    for part in calendar_parts(letter):
        mail.attach_alternative(*part)
    return mail


def headers(letter: Letter) -> dict[str, str]:
    """Message-ID is the same for every try, so a mail that arrives twice can be told as one."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    given = {
        "Message-ID": f"<letter-{letter.pk}-{letter.kind}-{letter.turn}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    leave_link = leave_link_of(letter)
    if leave_link:
        # RFC 8058: mail programs show a button of their own, which posts to this address.
        given["List-Unsubscribe"] = f"<{leave_link}>"
        given["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return given
