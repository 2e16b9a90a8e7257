"""A letter becomes a mail: words, facts and link come together only here."""

import re
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from content.services import site_settings
from registrations.letters.facts import class_rows, facts_of
from registrations.letters.words import WORDS, Words
from registrations.links import link_to
from registrations.models import Letter, Registration

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def fill(text: str, facts: dict[str, str]) -> str:
    """The text with each {placeholder} replaced. Raises KeyError for one that is not known."""
    return PLACEHOLDER.sub(lambda found: facts[found[1]], text)


def compose(letter: Letter) -> EmailMultiAlternatives:
    """The mail as it goes out now, in the person's language, with a link that works."""
    registration = letter.registration
    with translation.override(registration.language):
        words = WORDS[letter.kind]
        facts = facts_of(registration)
        paragraphs = [fill(str(text), facts) for text in words.paragraphs]
        site = site_settings()
        context = {
            "subject": fill(str(words.subject), facts),
            "course": registration.scheduled_class.course.title,
            "paragraphs": [text for text in paragraphs if text],
            "button": str(words.button),
            "link": link_to(registration),
            "facts": rows(words, registration),
            "help_words": site.help_words,
            "help_email": site.help_email,
            "site_name": site.site_name,
            "why": _("You get this mail because this address was used to register for a class."),
        }
        return message(letter, context)


def rows(words: Words, registration: Registration) -> list[tuple[str, str]]:
    """The labelled lines under the button."""
    shown = class_rows(registration.scheduled_class) if words.shows_class else []
    if words.shows_name:
        shown.append((_("Name on your certificate"), registration.full_name))
    return shown


def message(letter: Letter, context: dict[str, Any]) -> EmailMultiAlternatives:
    help_email = str(context["help_email"])
    mail = EmailMultiAlternatives(
        subject=str(context["subject"]),
        body=render_to_string("letters/letter.txt", context),
        to=[letter.registration.email],
        reply_to=[help_email] if help_email else None,
        headers={"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("letters/letter.html", context), "text/html")
    return mail


def message_id(letter: Letter) -> str:
    """The same for every try, so that a mail that arrives twice can be told as one."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<letter-{letter.pk}-{letter.kind}-{letter.turn}@{domain}>"
