"""What staff may write into a letter, and what is wrong with what they wrote, as a sentence."""

import re
from collections.abc import Collection

from django.utils.translation import gettext as _

from registrations.letters.facts import PLACEHOLDERS

WHOLE = re.compile(r"\{([^{}]*)\}")

#: Short and harmless for others to see. The rest is long, or says how things stand for the person.
IN_SUBJECT = ["dates", "class", "answer_by", "answer_by_short"]

#: What means the same for everyone in a class, whatever their seat or place.
IN_MESSAGE = [
    "dates",
    "class",
    "first_day",
    "where",
    "join",
    "what_to_bring",
    "classes_link",
    "other_classes",
]

#: Who else sees a subject must not learn what the course is about, or guess at somebody's health.
TOPIC = re.compile(
    r"benzo|\bbind\b|recover|recuper|addict|adicc|adict|withdraw|abstinen|taper|dosis|dependen|neuro"
    r"|medic|drug|droga|substance|sustancia|health|\bsalud\b",
    re.IGNORECASE,
)


def problem_of(text: str, allowed: Collection[str] = PLACEHOLDERS) -> str:
    """What is wrong with its placeholders; empty when nothing is."""
    for name in WHOLE.findall(text):
        if name not in allowed:
            return _("There is no placeholder {%(name)s}. The list shows all there are.") % {
                "name": name
            }
    broken = re.search(r"[{}].{0,20}", WHOLE.sub("", text))
    if broken:
        return _("A placeholder begins with { and ends with }. Look at: %(place)s") % {
            "place": broken[0]
        }
    return ""


def problem_of_subject(text: str) -> str:
    """The same for a subject, which others may see."""
    problem = problem_of(text)
    if problem:
        return problem
    if any(name not in IN_SUBJECT for name in WHOLE.findall(text)):
        allowed = ", ".join(f"{{{name}}}" for name in IN_SUBJECT)
        return _("A subject can hold these placeholders alone: %(allowed)s") % {"allowed": allowed}
    topic = TOPIC.search(text)
    if topic:
        words = _("“%(word)s” tells others what the course is about. Name the dates instead.")
        return words % {"word": topic[0]}
    return ""


def problem_of_button(text: str) -> str:
    if re.search(r"[{}]", text):
        return _("The button holds words alone, no placeholder.")
    return ""


def names_in(text: str) -> list[str]:
    """The placeholders of a text, each once, in order."""
    return list(dict.fromkeys(WHOLE.findall(text)))
