"""A new class from one that was: everything but its people, on other days."""

import datetime as dt

from django.db import transaction
from django.utils.text import slugify

from content.history.recording import write
from courses.models import ClassSession, ScheduledClass
from courses.zones import Zone
from registrations.services import seats
from registrations.services.seats import Actor

#: What a copy never has from the class it is made from. A join link belongs to one class, and a
#: copy was never on the site, so it was moved from nowhere.
OWN = {"id", "slug", "status", "join_link", "cancelled_at", "was_published", "moved_from"}

#: Moved with the sessions.
MOVED = ["registration_opens_at", "registration_closes_at"]


class NoSuchHour(Exception):
    """The clock leaps over the hour on that day, or has it twice. `at`: as it would be read."""

    def __init__(self, at: dt.datetime) -> None:
        super().__init__(at)
        self.at = at


class NoDays(Exception):
    """A class without sessions cannot be moved."""


def copy_class(
    *, scheduled_class: ScheduledClass, first_day: dt.date, actor: Actor, now: dt.datetime
) -> ScheduledClass:
    """A draft that begins on `first_day`; its other days follow as they did, at the same hours.

    Without people, and without the join link. Raises NoSuchHour and NoDays.
    """
    starts_at = scheduled_class.starts_at
    if starts_at is None:
        raise NoDays
    zone = scheduled_class.zone
    days = first_day - starts_at.astimezone(zone.info).date()
    with transaction.atomic():
        copy = ScheduledClass(**facts(scheduled_class), status=ScheduledClass.Status.DRAFT)
        for name in MOVED:
            moment = getattr(scheduled_class, name)
            setattr(copy, name, moved(moment, days, zone) if moment else None)
        copy.slug = free_address(first_day, copy)
        copy.save()
        copy.instructors.set(scheduled_class.instructors.all())
        ClassSession.objects.bulk_create(
            ClassSession(
                scheduled_class=copy,
                starts_at=moved(meeting.starts_at, days, zone),
                ends_at=moved(meeting.ends_at, days, zone),
                credit_minutes=meeting.credit_minutes,
            )
            for meeting in scheduled_class.meetings
        )
        write(copy, {}, actor=actor, now=now)
        capacity = scheduled_class.seats.capacity
        seats.set_capacity(scheduled_class_id=copy.pk, capacity=capacity, actor=actor, now=now)
        return copy


def facts(scheduled_class: ScheduledClass) -> dict[str, object]:
    return {
        field.attname: getattr(scheduled_class, field.attname)
        for field in ScheduledClass._meta.concrete_fields
        if field.name not in OWN
    }


def moved(moment: dt.datetime, days: dt.timedelta, zone: Zone) -> dt.datetime:
    """By whole days on the clock of the zone: 9 am stays 9 am on both sides of a change of it."""
    there = moment.astimezone(zone.info).replace(tzinfo=None) + days
    at = there.replace(tzinfo=zone.info)
    if at.utcoffset() != at.replace(fold=1).utcoffset():
        raise NoSuchHour(at)
    return at


def free_address(first_day: dt.date, scheduled_class: ScheduledClass) -> str:
    """`march-2027-online`, with a number when another class has that."""
    named = slugify(f"{first_day:%B}-{first_day.year}-{scheduled_class.delivery.replace('_', '-')}")
    taken = {*ScheduledClass.objects.filter(slug__startswith=named).values_list("slug", flat=True)}
    numbers = (f"{named}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in [named, *numbers] if slug not in taken)
