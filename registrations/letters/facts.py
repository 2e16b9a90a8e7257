"""What the placeholders of a letter stand for, as true as the moment it is delivered."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from courses import zones
from courses.models import ScheduledClass
from registrations import standing
from registrations.models import Registration, RegistrationEvent

Status = Registration.Status


def facts_of(registration: Registration) -> dict[str, str]:
    """Plain text for each placeholder; empty where it has no meaning now."""
    scheduled_class = registration.scheduled_class
    zone = scheduled_class.zone
    answer_by = registration.answer_by
    return {
        "dates": scheduled_class.dates,
        "answer_by": zones.full_moment(answer_by, zone) if answer_by else "",
        "answer_by_short": zones.short_moment(answer_by, zone) if answer_by else "",
        "first_day": first_day(scheduled_class),
        "join_words": join_words(scheduled_class),
        "standing": standing.in_words(registration),
        "still": still(registration),
        "cancelled_words": cancelled_words(registration),
        "classes_link": f"{settings.SITE_URL}{reverse('courses:classes')}",
    }


def first_day(scheduled_class: ScheduledClass) -> str:
    """`Day 1 is Saturday, January 16, 2027, 9:00 am to 5:00 pm Mountain Time.`"""
    first = scheduled_class.meetings[0]
    words = _("Day 1 is %(day)s, %(hours)s.")
    if len(scheduled_class.meetings) == 1:
        words = _("It is on %(day)s, %(hours)s.")
    return words % {"day": first.day, "hours": first.hours}


def join_words(scheduled_class: ScheduledClass) -> str:
    if not scheduled_class.is_online:
        return ""
    return _("The link to join stands on your page. It is for you alone.")


def still(registration: Registration) -> str:
    if registration.status == Status.CONFIRMED:
        return _("You still have your seat.")
    return _("You still have your place.")


def cancelled_words(registration: Registration) -> str:
    """Who cancelled, on which day, and the reason staff gave."""
    event = registration.events.filter(to_status=Status.CANCELLED).last()
    if event is None:
        return ""
    day = zones.date(event.at, registration.scheduled_class.zone)
    if event.by == RegistrationEvent.By.PERSON:
        return _("You cancelled on %(day)s.") % {"day": day}
    if event.why:
        return _("Staff cancelled it on %(day)s: “%(why)s”.") % {"day": day, "why": event.why}
    return _("Staff cancelled it on %(day)s.") % {"day": day}


def class_rows(scheduled_class: ScheduledClass) -> list[tuple[str, str]]:
    """The class as labels and values: each day, where, and whom it is for."""
    rows = [
        (_("Day %(number)s") % {"number": meeting.number}, f"{meeting.day}, {meeting.hours}")
        for meeting in scheduled_class.meetings
    ]
    return [*rows, (_("Where"), where(scheduled_class))]


def where(scheduled_class: ScheduledClass) -> str:
    """The place as everybody may know it: never the join link."""
    place = " ".join(scheduled_class.address.split()) or scheduled_class.town
    if scheduled_class.delivery == ScheduledClass.Delivery.IN_PERSON:
        return place or _("In person")
    if scheduled_class.delivery == ScheduledClass.Delivery.ONLINE:
        return _("Online, by video meeting")
    return _("%(place)s, or online by video meeting") % {"place": place}
