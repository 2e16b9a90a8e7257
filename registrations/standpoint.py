"""How things stand for one person, in the words of their own page."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses import zones
from registrations import standing
from registrations.letters.facts import cancelled_words
from registrations.models import Registration

Status = Registration.Status


@dataclass(frozen=True)
class Standpoint:
    """The page's heading, its first line, and what the person can do there."""

    heading: str
    first_line: str
    can_take: bool = False
    can_keep_place: bool = False
    can_pass: bool = False
    can_leave: bool = False
    can_cancel: bool = False
    can_rejoin: bool = False
    shows_join_link: bool = False
    has_calendar: bool = False


def standpoint(registration: Registration, now: dt.datetime) -> Standpoint:
    scheduled_class = registration.scheduled_class
    if scheduled_class.status == scheduled_class.Status.CANCELLED:
        return Standpoint(
            _("This class is cancelled"), _("It will not take place. You need to do nothing.")
        )
    ends_at = scheduled_class.ends_at
    if ends_at is not None and ends_at <= now:
        return over(registration)
    if registration.answer_by is not None and registration.answer_by <= now:
        # The worker has not come round to it yet; the moment has passed all the same.
        return ended()
    return {
        Status.OFFERED: offered,
        Status.WAITLISTED: waitlisted,
        Status.CONFIRMED: confirmed,
        Status.CANCELLED: cancelled,
        Status.DECLINED: declined,
        Status.LAPSED: lapsed,
    }[Status(registration.status)](registration)


def offered(registration: Registration) -> Standpoint:
    until = _("We hold it until %(moment)s.") % {"moment": answer_by(registration)}
    if registration.place is None:
        heading = _("One step left: take your seat")
        return Standpoint(heading, until, can_take=True, can_leave=True)
    return Standpoint(
        _("A seat is free for you"), until, can_take=True, can_pass=True, can_leave=True
    )


def waitlisted(registration: Registration) -> Standpoint:
    if registration.proved_at is None:
        until = _("Press the button until %(moment)s, so that we know this address is yours.")
        return Standpoint(
            _("One step left: keep your place in line"),
            until % {"moment": answer_by(registration)},
            can_keep_place=True,
            can_leave=True,
        )
    return Standpoint(
        _("You are in line: %(standing)s") % {"standing": standing.in_words(registration)},
        _("We write to you when a seat is free. You need to do nothing."),
        can_leave=True,
    )


def confirmed(registration: Registration) -> Standpoint:
    return Standpoint(
        _("You have a seat"),
        _("Confirmed. You need to do nothing until Day 1."),
        can_cancel=True,
        shows_join_link=registration.scheduled_class.is_online,
        has_calendar=True,
    )


def cancelled(registration: Registration) -> Standpoint:
    return Standpoint(_("Your seat is cancelled"), cancelled_words(registration), can_rejoin=True)


def declined(registration: Registration) -> Standpoint:
    return Standpoint(
        _("You are not in line any more"),
        _("You said no to the seat. You can join again while the line is open."),
        can_rejoin=True,
    )


def lapsed(registration: Registration) -> Standpoint:
    return Standpoint(
        _("The offer has ended"),
        _("You did not lose your registration. One press puts you back in line."),
        can_rejoin=True,
    )


def ended() -> Standpoint:
    return Standpoint(
        _("The offer has ended"),
        _("You did not lose your registration. Open this page again in some minutes."),
    )


def over(registration: Registration) -> Standpoint:
    if registration.status == Status.CONFIRMED:
        return Standpoint(_("This class is over"), _("You had a seat in it."))
    return Standpoint(_("This class is over"), _("You had no seat in it."))


def answer_by(registration: Registration) -> str:
    moment = registration.answer_by
    return zones.full_moment(moment, registration.scheduled_class.zone) if moment else ""
