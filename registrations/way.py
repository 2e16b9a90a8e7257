"""The way to the certificate, as the person's own page shows it: what is done, what is missing."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registrations.completion import Part, length
from registrations.models import Registration
from registrations.services.completion import completion_of


@dataclass(frozen=True)
class Step:
    """A tick or a ring, a name, and sentences below it."""

    name: str
    is_done: bool = False
    notes: tuple[str, ...] = ()


def way_to_the_certificate(registration: Registration, now: dt.datetime) -> list[Step]:
    """Of somebody with a seat."""
    return list(steps(registration, now))


def steps(registration: Registration, now: dt.datetime) -> Iterator[Step]:
    scheduled_class = registration.scheduled_class
    course = scheduled_class.course
    completion = completion_of([registration], now)[registration.pk]
    yield Step(_("Registered"), is_done=True)
    for meeting, (part, earned) in zip(scheduled_class.meetings, completion.earned, strict=True):
        notes = [meeting.day[:1].upper() + meeting.day[1:], *recorded(part, earned)]
        yield Step(part.name, earned >= part.minutes, tuple(notes))
    if course.evaluation_required:
        yield evaluation_step(registration)
    has_begun = scheduled_class.starts_at is not None and scheduled_class.starts_at <= now
    notes = [completion.outcome.sentence] if has_begun else []
    certificate = _("Certificate, %(credits)s CE credits") % {"credits": course.plain_credits}
    is_issued = registration.certificates.valid().exists()
    yield Step(certificate, is_issued, (*notes, course.completion_rule()))


def evaluation_step(registration: Registration) -> Step:
    if registration.evaluated:
        return Step(_("Evaluation"), is_done=True)
    return Step(
        _("Evaluation"), notes=(_("A short form. We send you the link after the last day."),)
    )


def recorded(part: Part, earned: int) -> Iterator[str]:
    """What the person earned on that day; nothing for one that is to come."""
    if part.presence is None and not part.made_up:
        if part.is_over:
            yield _("Not recorded yet.")
        return
    if earned >= part.minutes:
        yield _("%(time)s recorded.") % {"time": length(earned)}
        return
    missing = {"time": length(earned), "missing": length(part.minutes - earned)}
    yield pgettext("attendance", "%(time)s recorded, %(missing)s missing.") % missing
