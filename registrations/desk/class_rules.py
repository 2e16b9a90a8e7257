"""What a class needs."""

import datetime as dt
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import publishing, zones
from courses.models import ClassSession, ScheduledClass
from registrations import deadlines
from registrations.desk import addresses
from registrations.desk.facts import Facts
from registrations.desk.things import ToDo
from registrations.services.announcing import is_news

A_WEEK = dt.timedelta(days=7)

#: A draft that starts within this time leaves people little time to plan.
TIME_TO_PLAN = dt.timedelta(days=30)


def no_way_in(facts: Facts) -> Iterator[ToDo]:
    """People cannot get in, and it starts within a week."""
    for scheduled_class in facts.upcoming:
        day = next_day(scheduled_class, facts.now)
        has_people = scheduled_class.seats.taken or scheduled_class in facts.published
        if not day or not has_people or day.starts_at > facts.now + A_WEEK:
            continue
        words = ""
        if scheduled_class.is_online and not scheduled_class.join_link.strip():
            words = _("The class on %(dates)s has no join link.")
        elif scheduled_class.is_in_person and not scheduled_class.address.strip():
            words = _("The class on %(dates)s has no place.")
        if words:
            yield concerning(scheduled_class, day.starts_at, words, begins(day, facts.now))


def something_missing(facts: Facts) -> Iterator[ToDo]:
    """On the site without something that people need before they register."""
    for scheduled_class in facts.published:
        errors = publishing.errors(scheduled_class, facts.now)
        if errors:
            words = _("The class on %(dates)s is on the site, and something is missing.")
            when = " ".join(error.sentence for error in errors)
            yield concerning(scheduled_class, facts.now, words, when)


def free_seats_after_the_cut_off(facts: Facts) -> Iterator[ToDo]:
    for scheduled_class in facts.published:
        seats, starts_at = scheduled_class.seats, scheduled_class.starts_at
        if not (starts_at and facts.now < starts_at and seats.free and seats.waiting):
            continue
        if deadlines.line_is_offered(facts.now, scheduled_class):
            continue
        words = ngettext(
            "%(free)s seat is free for %(dates)s, and %(waiting)s wait in line.",
            "%(free)s seats are free for %(dates)s, and %(waiting)s wait in line.",
            seats.free,
        )
        words %= {"free": seats.free, "waiting": seats.waiting, "dates": scheduled_class.dates}
        moment = zones.full_moment(starts_at, scheduled_class.zone)
        when = _("Fill them by hand before it starts: %(moment)s.") % {"moment": moment}
        url = addresses.people(scheduled_class, status__exact="waitlisted")
        yield ToDo(starts_at, words, when, url, scheduled_class.pk)


def off_the_site(facts: Facts) -> Iterator[ToDo]:
    """A draft with people in it: they get no reminder."""
    for scheduled_class in facts.upcoming:
        people = scheduled_class.seats.taken + scheduled_class.seats.waiting
        if scheduled_class in facts.published or not people:
            continue
        words = _("The class on %(dates)s is off the site, and people are registered.")
        when = ngettext(
            "%(count)s person gets no reminder until you publish it again.",
            "%(count)s people get no reminder until you publish it again.",
            people,
        )
        by = scheduled_class.starts_at or facts.now
        yield concerning(scheduled_class, by, words, when % {"count": people})


def not_published(facts: Facts) -> Iterator[ToDo]:
    for scheduled_class in facts.upcoming:
        day = next_day(scheduled_class, facts.now)
        is_soon = day is not None and day.starts_at <= facts.now + TIME_TO_PLAN
        has_people = scheduled_class.seats.taken + scheduled_class.seats.waiting
        if day and is_soon and scheduled_class not in facts.published and not has_people:
            words = _("The class on %(dates)s is not on the site yet.")
            yield concerning(scheduled_class, day.starts_at, words, begins(day, facts.now))


def odd_window(facts: Facts) -> Iterator[ToDo]:
    """Registration opens or closes at a moment that makes no sense any more."""
    for scheduled_class in facts.published:
        starts_at, opens_at = scheduled_class.starts_at, scheduled_class.registration_opens_at
        closes_at = scheduled_class.registration_closes_at
        if not starts_at or starts_at <= facts.now:
            continue
        if opens_at and opens_at >= starts_at:
            words = _("Nobody can register for %(dates)s before it starts.")
            when, moment = _("Registration opens %(moment)s."), opens_at
        elif closes_at and closes_at > starts_at:
            words = _("Registration for %(dates)s closes after the class has begun.")
            when, moment = _("It closes %(moment)s."), closes_at
        else:
            continue
        when %= {"moment": zones.full_moment(moment, scheduled_class.zone)}
        yield concerning(scheduled_class, facts.now + A_WEEK, words, when)


def outside_an_approval(facts: Facts) -> Iterator[ToDo]:
    for scheduled_class in facts.published:
        found = publishing.outside_an_approval(scheduled_class, facts.now)
        when = " ".join(sentence for _field, sentence in found)
        if when:
            words = _("The class on %(dates)s lies outside an approval of the course.")
            by = scheduled_class.starts_at or facts.now
            yield concerning(scheduled_class, by, words, when)


def attendance_not_taken(
    facts: Facts, where: Callable[[ScheduledClass], str] = addresses.attendance
) -> Iterator[ToDo]:
    for session in facts.not_taken:
        scheduled_class = session.scheduled_class
        zone = scheduled_class.zone
        counts = vars(session)
        left = counts["people"] - counts["recorded"]
        words = _("Attendance for %(day)s is not taken.")
        if counts["recorded"]:
            words = ngettext(
                "Attendance for %(day)s is not recorded of %(count)s person.",
                "Attendance for %(day)s is not recorded of %(count)s people.",
                left,
            )
        words %= {"day": zones.date(session.starts_at, zone), "count": left}
        when = _("It ended %(moment)s.") % {"moment": zones.full_moment(session.ends_at, zone)}
        yield ToDo(session.ends_at, words, when, where(scheduled_class), scheduled_class.pk)


def certificates_ready(facts: Facts) -> Iterator[ToDo]:
    for scheduled_class, count in facts.certificates_ready.items():
        words = ngettext(
            "%(count)s certificate is ready to issue for %(dates)s.",
            "%(count)s certificates are ready to issue for %(dates)s.",
            count,
        )
        ended = scheduled_class.ends_at or facts.now
        moment = zones.full_moment(ended, scheduled_class.zone)
        yield ToDo(
            ended + A_WEEK,
            words % {"count": count, "dates": scheduled_class.dates},
            _("The class ended %(moment)s.") % {"moment": moment},
            addresses.certificates(scheduled_class),
            scheduled_class.pk,
        )


def not_announced(facts: Facts) -> Iterator[ToDo]:
    """People wait for news, and of the soonest class that is news nobody has told them."""
    count, first = facts.wait_for_news
    if not count or first is None:
        return
    news = [one for one in facts.published if is_news(one, facts.now)]
    if not news or any(one.pk in facts.announced for one in news):
        return
    words = ngettext(
        "%(count)s person waits for news and has not been told of %(dates)s.",
        "%(count)s people wait for news and have not been told of %(dates)s.",
        count,
    )
    words %= {"count": count, "dates": news[0].dates}
    yield ToDo(facts.now + A_WEEK, words, since(first), addresses.announcing(news[0]), news[0].pk)


# How the rules speak.


def concerning(scheduled_class: ScheduledClass, by: dt.datetime, words: str, when: str) -> ToDo:
    """Something to do about the class, in the form where it is done."""
    dates = {"dates": scheduled_class.dates or scheduled_class.slug}
    url = addresses.class_form(scheduled_class)
    return ToDo(by, words % dates, when, url, scheduled_class.pk)


def next_day(scheduled_class: ScheduledClass, now: dt.datetime) -> ClassSession | None:
    """The first meeting that is not over."""
    return next((day for day in scheduled_class.meetings if day.ends_at > now), None)


def begins(day: ClassSession, now: dt.datetime) -> str:
    """`It starts in 6 days, on Saturday, January 16, 2027, 9:00 am Mountain Time.`"""
    zone = day.scheduled_class.zone
    moment = {"moment": zones.full_moment(day.starts_at, zone)}
    if day.starts_at <= now:
        return _("It began %(moment)s.") % moment
    days = days_between(now, day.starts_at, zone)
    if not days:
        return _("It starts today: %(moment)s.") % moment
    words = ngettext(
        "It starts tomorrow: %(moment)s.", "It starts in %(days)s days: %(moment)s.", days
    )
    return words % (moment | {"days": days})


def days_between(now: dt.datetime, then: dt.datetime, zone: zones.Zone) -> int:
    """Days as people count them: midnights in the zone."""
    return (then.astimezone(zone.info).date() - now.astimezone(zone.info).date()).days


def since(moment: dt.datetime) -> str:
    day = zones.weekday_date(moment, zones.Zone.MOUNTAIN)
    return _("The first has waited since %(day)s.") % {"day": day}
