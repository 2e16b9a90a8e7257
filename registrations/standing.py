"""Where somebody stands in line, and why no offer has gone out to them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import zones
from courses.models import Seats
from registrations import deadlines
from registrations.models import Registration

Status = Registration.Status


def position(registration: Registration) -> int:
    """1 for the first in line; 0 for someone who does not wait."""
    if registration.status != Status.WAITLISTED:
        return 0
    line = Registration.objects.filter(scheduled_class=registration.scheduled_class_id).in_line()
    return line.filter(place__lte=registration.place).count()


def in_words(registration: Registration) -> str:
    """`3rd`, or empty for someone who does not wait."""
    number = position(registration)
    return ordinal(number) if number else ""


def ordinal(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return _("%(number)sth") % {"number": number}
    endings = {1: _("%(number)sst"), 2: _("%(number)snd"), 3: _("%(number)srd")}
    return endings.get(number % 10, _("%(number)sth")) % {"number": number}


@dataclass(frozen=True)
class Line:
    """The seats of one class that are free, and who waits for one, the first first."""

    free: int
    freed: list[int] = field(default_factory=list)
    waiting: list[Registration] = field(default_factory=list)


def lines_of(classes: Iterable[int]) -> dict[int, Line]:
    """The lines of all these classes, at the cost of one."""
    lines = {
        seats.pk: Line(seats.free, list(seats.freed))
        for seats in Seats.objects.filter(pk__in=classes)
    }
    waiting = Registration.objects.filter(scheduled_class__in=lines).in_line()
    for registration in waiting.only("scheduled_class", "place", "proved_at"):
        lines[registration.scheduled_class_id].waiting.append(registration)
    return lines


def why_no_offer(registration: Registration, line: Line, now: dt.datetime) -> str:
    """Why this person has no seat and no offer, for staff; empty when nothing is to be said."""
    if registration.status == Status.OFFERED:
        words = _("An offer is out until %(moment)s.")
        if registration.place is None:
            words = _("A seat is held until %(moment)s.")
        return words % {"moment": answer_by(registration)}
    if registration.status != Status.WAITLISTED:
        return ""
    if registration.proved_at is None:
        words = _("The address has not answered yet; it has until %(moment)s.")
        return words % {"moment": answer_by(registration)}
    if not line.free:
        return " ".join([_("No seat is free."), who_comes_first(registration, line)])
    return why_not_the_free_seat(registration, line, now)


def why_not_the_free_seat(registration: Registration, line: Line, now: dt.datetime) -> str:
    scheduled_class = registration.scheduled_class
    if not deadlines.line_is_offered(now, scheduled_class):
        return past_cut_off(registration, now)
    if line.freed and set(line.freed) <= set(registration.passed_seats):
        return ngettext(
            "They passed on the seat that is free.",
            "They passed on the seats that are free.",
            len(line.freed),
        )
    return who_comes_first(registration, line)


def past_cut_off(registration: Registration, now: dt.datetime) -> str:
    scheduled_class = registration.scheduled_class
    starts_at, ends_at = scheduled_class.starts_at, scheduled_class.ends_at
    if starts_at is None or ends_at is None or ends_at <= now:
        return _("The class is over.")
    cut_off = zones.full_moment(starts_at - deadlines.CUT_OFF, scheduled_class.zone)
    words = _("The cut-off was %(moment)s: fill free seats by hand.")
    return words % {"moment": cut_off}


def who_comes_first(registration: Registration, line: Line) -> str:
    """Of those before them only who has answered can be offered a seat."""
    place = registration.place or 0
    before = [other for other in line.waiting if (other.place or 0) < place]
    answered = sum(other.proved_at is not None for other in before)
    if answered:
        words = ngettext(
            "%(count)s person before them comes first.",
            "%(count)s people before them come first.",
            answered,
        )
        return words % {"count": answered}
    if before:
        return _("They are next: nobody before them has answered.")
    return _("They are next.")


def answer_by(registration: Registration) -> str:
    moment = registration.answer_by
    return zones.full_moment(moment, registration.scheduled_class.zone) if moment else ""
