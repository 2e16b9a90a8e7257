"""Whom mail does not reach."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import zones
from courses.zones import Zone
from registrations.deadlines import DAYS_TO_ANSWER
from registrations.desk import addresses
from registrations.desk.facts import Facts
from registrations.desk.things import ToDo
from registrations.models import Letter, Registration, RegistrationEvent

Status = Registration.Status

#: An offer ends after so long, so a person whom no mail reaches should be called before.
TIME_TO_CALL = dt.timedelta(days=DAYS_TO_ANSWER)

#: Who never answered is worth a call for a week. After that the list would only grow.
A_WEEK = dt.timedelta(days=7)


def mail_came_back(facts: Facts) -> Iterator[ToDo]:
    """From people who have or may still get a seat in a class to come."""
    count = sum(people.came_back for people in facts.people.values())
    if count:
        words = ngettext(
            "Mail came back from %(count)s person.", "Mail came back from %(count)s people.", count
        )
        when = _("First on %(day)s. Call them, and correct the address together.")
        moments = [people.first for people in facts.people.values() if people.first]
        first = min(moments, default=facts.now)
        yield ToDo(
            first + TIME_TO_CALL,
            words % {"count": count},
            when % {"day": day(first)},
            addresses.people(mail="came_back"),
        )


def never_answered(facts: Facts) -> Iterator[ToDo]:
    """Whose seat or place ended without a word: perhaps the address was typed wrong."""
    ends = RegistrationEvent.objects.filter(
        at__gte=facts.now - A_WEEK,
        to_status=Status.LAPSED,
        registration__status=Status.LAPSED,
        registration__proved_at=None,
        registration__erased_at=None,
        registration__scheduled_class__in=facts.upcoming,
    )
    found = ends.aggregate(count=Count("registration", distinct=True), first=Min("at"))
    if found["count"]:
        words = ngettext(
            "%(count)s person never answered our mail.",
            "%(count)s people never answered our mail.",
            found["count"],
        )
        when = _("Since %(day)s. Perhaps the address is wrong: call those who left a phone number.")
        yield ToDo(
            found["first"] + A_WEEK,
            words % {"count": found["count"]},
            when % {"day": day(found["first"])},
            addresses.people(mail="never"),
        )


def letters_given_up(facts: Facts) -> Iterator[ToDo]:
    given_up = Letter.objects.filter(state=Letter.State.GIVEN_UP)
    found = given_up.aggregate(count=Count("pk"), first=Min("created_at"))
    if found["count"]:
        words = ngettext(
            "%(count)s letter was given up after many tries.",
            "%(count)s letters were given up after many tries.",
            found["count"],
        )
        when = _("The oldest is from %(day)s. Read what went wrong, and try again.")
        yield ToDo(
            facts.now,
            words % {"count": found["count"]},
            when % {"day": day(found["first"])},
            addresses.letters(state__exact=Letter.State.GIVEN_UP),
        )


def day(moment: dt.datetime) -> str:
    return zones.weekday_date(moment, Zone.MOUNTAIN)
