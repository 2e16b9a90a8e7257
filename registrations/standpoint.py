"""How things stand for one person, in the words of their own page."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from courses import zones
from courses.models import ClassSession, ScheduledClass, State
from registrations import deadlines, standing
from registrations.letters.facts import cancelled_words, evaluation_sentence
from registrations.models import Registration, RegistrationEvent
from registrations.services import attendance, evaluation

Status = Registration.Status

A_DAY = dt.timedelta(days=1)
A_WEEK = dt.timedelta(weeks=1)


@dataclass(frozen=True)
class Standpoint:
    """The page's heading, its first line, what follows, and what the person can do there."""

    heading: str
    first_line: str
    then: str = ""
    can_take: bool = False
    can_keep_place: bool = False
    can_pass: bool = False
    can_leave: bool = False
    can_cancel: bool = False
    can_rejoin: bool = False
    can_share: bool = False
    can_evaluate: bool = False
    shows_join_link: bool = False
    has_calendar: bool = False
    shows_way: bool = False
    can_download: bool = False


def standpoint(registration: Registration, now: dt.datetime) -> Standpoint:
    scheduled_class = registration.scheduled_class
    if scheduled_class.status == scheduled_class.Status.CANCELLED:
        return Standpoint(
            _("This class is cancelled"), _("It will not take place. You need to do nothing.")
        )
    ends_at = scheduled_class.ends_at
    if ends_at is not None and ends_at <= now:
        return over(registration, now)
    if registration.answer_by is not None and registration.answer_by <= now:
        # The worker has not come round to it yet; the moment has passed all the same.
        return ended()
    turn = {
        Status.OFFERED: offered,
        Status.WAITLISTED: waitlisted,
        Status.CONFIRMED: confirmed,
        Status.CANCELLED: cancelled,
        Status.DECLINED: declined,
        Status.LAPSED: lapsed,
    }[Status(registration.status)](registration, now)
    if not (registration.is_live and registration.proved_at):
        return turn
    return replace(turn, can_share=scheduled_class.state(now).takes_registrations)


def offered(registration: Registration, now: dt.datetime) -> Standpoint:
    until = _("We hold it until %(moment)s.") % {"moment": answer_by(registration)}
    if registration.place is None:
        heading = _("One step left: take your seat")
        return Standpoint(heading, until, can_take=True, can_leave=True)
    return Standpoint(
        _("A seat is free for you"), until, can_take=True, can_pass=True, can_leave=True
    )


def waitlisted(registration: Registration, now: dt.datetime) -> Standpoint:
    if registration.proved_at is None:
        until = _("Press the button by %(moment)s, so that we know this address is yours.")
        return Standpoint(
            _("One step left: keep your place in line"),
            until % {"moment": answer_by(registration)},
            can_keep_place=True,
            can_leave=True,
        )
    return Standpoint(
        _("You are in line: %(standing)s") % {"standing": standing.in_words(registration)},
        chances(registration.scheduled_class, now),
        can_leave=True,
    )


def chances(scheduled_class: ScheduledClass, now: dt.datetime) -> str:
    """How someone in line may still come to a seat."""
    if deadlines.line_is_offered(now, scheduled_class):
        return _("We write to you when a seat is free. You need to do nothing.")
    if now < deadlines.begins(scheduled_class):
        return _("Staff now fill free seats by hand, and we write to you if one is yours.")
    return _("The class has begun, and no seat came free for you. You need to do nothing.")


def confirmed(registration: Registration, now: dt.datetime) -> Standpoint:
    scheduled_class = registration.scheduled_class
    return Standpoint(
        _("You have a seat"),
        until_the_next_day(scheduled_class.meetings, now),
        reminders(scheduled_class, now),
        can_cancel=True,
        shows_join_link=scheduled_class.is_online,
        has_calendar=True,
        shows_way=True,
    )


def until_the_next_day(meetings: list[ClassSession], now: dt.datetime) -> str:
    coming = next(meeting for meeting in meetings if now < meeting.ends_at)
    if coming.starts_at <= now:
        words = _("Confirmed. Day %(number)s has begun.")
        alone = _("Confirmed. The class has begun.")
    else:
        words = _("Confirmed. You need to do nothing until Day %(number)s.")
        alone = _("Confirmed. You need to do nothing until that day.")
    return words % {"number": coming.number} if len(meetings) > 1 else alone


def reminders(scheduled_class: ScheduledClass, now: dt.datetime) -> str:
    """Those that are still to come: `services.reminders` writes them, for a public class alone."""
    if scheduled_class.status != scheduled_class.Status.PUBLISHED:
        return ""
    left = deadlines.begins(scheduled_class) - now
    if left > A_WEEK:
        return _("We remind you by mail 7 days and 1 day before.")
    return _("We remind you by mail 1 day before.") if left > A_DAY else ""


def cancelled(registration: Registration, now: dt.datetime) -> Standpoint:
    words, can_rejoin = way_back(registration, now)
    return Standpoint(
        _("Your seat is cancelled"), cancelled_words(registration), words, can_rejoin=can_rejoin
    )


def declined(registration: Registration, now: dt.datetime) -> Standpoint:
    words, can_rejoin = way_back(registration, now)
    heading = _("You are not in line any more")
    if not registration.events.filter(to_status=Status.WAITLISTED).exists():
        heading = _("The seat is given up")
    return Standpoint(heading, declined_words(registration), words, can_rejoin=can_rejoin)


def declined_words(registration: Registration) -> str:
    """What was given up, and by whom."""
    ending = registration.events.filter(to_status=Status.DECLINED)
    event = ending.exclude(from_status=Status.DECLINED).last()
    if event and event.by != RegistrationEvent.By.PERSON:
        day = zones.date(event.at, registration.scheduled_class.zone)
        if event.why:
            words = _("Staff gave it up for you on %(day)s: “%(why)s”.")
            return words % {"day": day, "why": event.why}
        return _("Staff gave it up for you on %(day)s.") % {"day": day}
    if event and event.from_status == Status.WAITLISTED:
        return _("You left the line.")
    return _("You said no to the seat.")


def lapsed(registration: Registration, now: dt.datetime) -> Standpoint:
    words, can_rejoin = way_back(registration, now)
    kept = _("You did not lose your registration.")
    return Standpoint(_("The offer has ended"), kept, words, can_rejoin=can_rejoin)


def way_back(registration: Registration, now: dt.datetime) -> tuple[str, bool]:
    """What one press does for somebody whose registration has ended, and whether there is one."""
    state = registration.scheduled_class.state(now)
    if state == State.LINE_OPEN:
        return _("One press puts you back in line, at its end."), True
    if state.takes_registrations:
        return _("Seats are free. One press gives you one."), True
    return _("The class takes nobody now."), False


def ended() -> Standpoint:
    return Standpoint(
        _("The offer has ended"),
        _("You did not lose your registration."),
        _("Open this page again in 10 minutes. It then says what you can do."),
    )


def over(registration: Registration, now: dt.datetime) -> Standpoint:
    heading = _("This class is over")
    certificate = registration.certificates.valid().without_paper().first()
    can_evaluate = evaluation.is_open(registration, now)
    if certificate:
        return Standpoint(
            _("Your certificate is ready"),
            _("Its number is %(number)s.") % {"number": certificate.number},
            _("Keep the file. This page ends a year after the class."),
            can_download=True,
            shows_way=True,
            can_evaluate=can_evaluate,
        )
    if not (registration.status == Status.CONFIRMED or attendance.took_part(registration)):
        return Standpoint(heading, _("You had no seat in it."), _("You can choose another class."))
    words, then = was_there(registration)
    if can_evaluate:
        then = evaluation_words(registration)
    return Standpoint(heading, words, then, shows_way=True, can_evaluate=can_evaluate)


def was_there(registration: Registration) -> tuple[str, str]:
    """As attendance says it; until it is recorded, the seat."""
    if attendance.took_part(registration):
        return _("You took part in it."), _("Below stands what is recorded, day by day.")
    if attendance.missed_all(registration):
        return _("You are recorded as not there."), _("If that is wrong, write to us.")
    return _("You had a seat in it."), _("Attendance is not all recorded yet.")


def evaluation_words(registration: Registration) -> str:
    """What is asked of them, and whether it counts."""
    sentences = [
        _("Please tell us how it was."),
        evaluation_sentence(registration.scheduled_class),
        _("It takes about 5 minutes. You can stop at any page and go on later."),
        _("Your answers are kept apart from your name."),
    ]
    return " ".join(filter(None, sentences))


def answer_by(registration: Registration) -> str:
    moment = registration.answer_by
    return zones.full_moment(moment, registration.scheduled_class.zone) if moment else ""
