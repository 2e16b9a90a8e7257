"""A letter as it will read for an invented person in a real class. Sends and changes nothing."""

import datetime as dt
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from courses import zones
from courses.models import ScheduledClass
from registrations import deadlines, standing
from registrations.letters.compose import NO_LINK, TO_THE_LIST, content_of
from registrations.letters.facts import facts_of_class
from registrations.letters.words import Words
from registrations.models import InterestSignup, Letter, Registration

Kind = Letter.Kind

NAME = "Maria de la Cruz"

#: In the place of the join link, which opens the real meeting.
NO_JOIN_LINK = "https://example.invalid/the-join-link/"


def preview(
    kind: str, words: Words, scheduled_class: ScheduledClass, now: dt.datetime
) -> dict[str, str]:
    """The subject, the text and the HTML of the mail. The class must have a session."""
    scheduled_class.join_link = scheduled_class.join_link and NO_JOIN_LINK
    letter = sample_letter(kind, scheduled_class)
    facts = facts_of_class(letter, scheduled_class) | sample_facts(scheduled_class, now)
    content = content_of(letter, words, NO_LINK, facts=facts)
    content["leave_link"] = NO_LINK if kind in TO_THE_LIST else ""
    return {
        "subject": str(content["subject"]),
        "text": render_to_string("letters/letter.txt", content).strip(),
        "html": render_to_string("letters/letter.html", content),
    }


def sample_letter(kind: str, scheduled_class: ScheduledClass) -> Letter:
    """Of nobody: neither the letter nor the person is in the database."""
    if kind in TO_THE_LIST | {Kind.INTEREST_CONFIRM}:
        signup = InterestSignup(email="maria@example.invalid")
        return Letter(kind=kind, interest=signup, about=str(scheduled_class.pk))
    person = Registration(
        scheduled_class=scheduled_class, full_name=NAME, email="maria@example.invalid"
    )
    last = scheduled_class.meetings[-1]
    return Letter(
        kind=kind,
        registration=person,
        about=str(last.pk),
        detail={"changes": sample_changes(scheduled_class)},
    )


def sample_changes(scheduled_class: ScheduledClass) -> list[dict[str, Any]]:
    """Two changes, so that staff see how more than one reads."""
    last = scheduled_class.meetings[-1]
    week = dt.timedelta(days=7)
    return [
        {
            "what": "moved",
            "number": last.number,
            "old": [last.starts_at.isoformat(), last.ends_at.isoformat()],
            "new": [(last.starts_at + week).isoformat(), (last.ends_at + week).isoformat()],
        },
        {"what": "join_link"},
    ]


def sample_facts(scheduled_class: ScheduledClass, now: dt.datetime) -> dict[str, str]:
    zone = scheduled_class.zone
    answer_by = deadlines.third_day(now, scheduled_class)
    return {
        "answer_by": zones.full_moment(answer_by, zone),
        "answer_by_short": zones.short_moment(answer_by, zone),
        "standing": standing.ordinal(3),
        "still": _("You still have your seat."),
        "cancelled": _("You cancelled on %(day)s.") % {"day": zones.date(now, zone)},
    }
