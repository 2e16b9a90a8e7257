"""What the placeholders of a letter stand for, as true as the moment it is delivered."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import zones
from courses.listing import listings
from courses.models import ClassSession, ScheduledClass
from registrations import standing
from registrations.letters import changes
from registrations.models import Letter, Registration, RegistrationEvent

Status = Registration.Status

#: What staff may write into a letter, and what stands there in the mail.
PLACEHOLDERS = {
    "dates": gettext_lazy("January 16 and 23, 2027"),
    "class": gettext_lazy("January 16 and 23, 2027, online"),
    "first_day": gettext_lazy("Day 1 is Saturday, January 16, 2027, 9:00 am to 5:00 pm …"),
    "session": gettext_lazy("Day 2 is Saturday, January 23, 2027, 9:00 am to 5:00 pm …"),
    "where": gettext_lazy("the place, or: Online, by video meeting"),
    "join": gettext_lazy("how to join; the link itself only on the morning of a session"),
    "what_to_bring": gettext_lazy("what to bring or have ready, from the class"),
    "answer_by": gettext_lazy("Friday, November 27, 2026, 6:00 pm Mountain Time"),
    "answer_by_short": gettext_lazy("Friday, 6:00 pm Mountain Time"),
    "standing": gettext_lazy("3rd"),
    "still": gettext_lazy("You still have your seat. (or place)"),
    "cancelled": gettext_lazy("You cancelled on November 30, 2026. (or staff, and why)"),
    "changes": gettext_lazy("what has changed, old and new"),
    "evaluation": gettext_lazy("Your certificate needs it. (or nothing, when it does not)"),
    "classes_link": gettext_lazy("the address of the list of classes"),
    "other_classes": gettext_lazy("the classes that are open now"),
}


def facts_of(letter: Letter, scheduled_class: ScheduledClass | None) -> dict[str, str]:
    """Plain text for each placeholder; empty where it has no meaning now."""
    facts = facts_of_class(letter, scheduled_class)
    if letter.registration:
        facts |= personal_facts(letter.registration)
    return facts


def facts_of_class(letter: Letter, scheduled_class: ScheduledClass | None) -> dict[str, str]:
    """The same without what only the person's own row can tell: those are empty."""
    facts = dict.fromkeys(PLACEHOLDERS, "")
    facts["classes_link"] = f"{settings.SITE_URL}{reverse('courses:classes')}"
    if scheduled_class:
        facts |= class_facts(scheduled_class, letter)
    return facts


def when_read(words: Callable[[Any], str]) -> Callable[[Any], str]:
    """What takes a query is asked only for a letter that has its placeholder."""
    return lazy(words, str)


def class_facts(scheduled_class: ScheduledClass, letter: Letter) -> dict[str, str]:
    return {
        "dates": scheduled_class.dates,
        "class": scheduled_class.title,
        # A class whose sessions were taken out can still be cancelled, and people told.
        "first_day": "".join(
            day_sentence(m, scheduled_class) for m in scheduled_class.meetings[:1]
        ),
        "session": session_sentence(scheduled_class, letter.about),
        "where": where(scheduled_class),
        "join": join_sentence(scheduled_class, letter),
        "what_to_bring": scheduled_class.what_to_bring,
        "evaluation": evaluation_sentence(scheduled_class),
        "changes": "\n\n".join(
            changes.sentence(change, scheduled_class.zone)
            for change in letter.detail.get("changes", [])
        ),
        "other_classes": when_read(other_classes)(scheduled_class),
    }


def other_classes(scheduled_class: ScheduledClass) -> str:
    """The classes of the course that take people now, each with its address."""
    now = timezone.now()
    classes = ScheduledClass.objects.published().upcoming(now).for_page()
    others = classes.filter(course=scheduled_class.course_id).exclude(pk=scheduled_class.pk)
    rows = [
        f"{row.scheduled_class.title}: {settings.SITE_URL}{row.scheduled_class.get_absolute_url()}"
        for row in listings(others, now)
        if row.takes_registrations
    ]
    return "\n\n".join([_("These classes are open now:"), *rows]) if rows else ""


def personal_facts(registration: Registration) -> dict[str, str]:
    zone = registration.scheduled_class.zone
    answer_by = registration.answer_by
    return {
        "answer_by": zones.full_moment(answer_by, zone) if answer_by else "",
        "answer_by_short": zones.short_moment(answer_by, zone) if answer_by else "",
        "standing": when_read(standing.in_words)(registration),
        "still": still(registration),
        "cancelled": when_read(cancelled_words)(registration),
    }


def day_sentence(meeting: ClassSession, scheduled_class: ScheduledClass) -> str:
    """`Day 1 is Saturday, January 16, 2027, 9:00 am to 5:00 pm Mountain Time.`"""
    words = _("Day %(number)s is %(day)s, %(hours)s.")
    if len(scheduled_class.meetings) == 1:
        words = _("The class is on %(day)s, %(hours)s.")
    return words % {"number": meeting.number, "day": meeting.day, "hours": meeting.hours}


def session_sentence(scheduled_class: ScheduledClass, about: str) -> str:
    """The session that a reminder is about: `about` begins with its key."""
    for meeting in scheduled_class.meetings:
        if about.partition(":")[0] == str(meeting.pk):
            return day_sentence(meeting, scheduled_class)
    return ""


def join_sentence(scheduled_class: ScheduledClass, letter: Letter) -> str:
    """How to join. The link itself is in the morning's mail alone: mail lies about for long."""
    if not scheduled_class.is_online:
        return ""
    if letter.kind == Letter.Kind.MORNING and scheduled_class.join_link:
        return _("Join here: %(link)s") % {"link": scheduled_class.join_link}
    return _("The link to join stands on your page. It is for you alone.")


def evaluation_sentence(scheduled_class: ScheduledClass) -> str:
    required = scheduled_class.course.evaluation_required
    return _("Your certificate needs it.") if required else ""


def still(registration: Registration) -> str:
    if registration.status == Status.CONFIRMED:
        return _("You still have your seat.")
    return _("You still have your place.")


def cancelled_words(registration: Registration) -> str:
    """Who cancelled, on which day, and the reason staff gave."""
    cancelling = registration.events.filter(to_status=Status.CANCELLED)
    event = cancelling.exclude(from_status=Status.CANCELLED).last()
    if event is None:
        return ""
    day = zones.date(event.at, registration.scheduled_class.zone)
    if event.by == RegistrationEvent.By.PERSON:
        return _("You cancelled on %(day)s.") % {"day": day}
    if event.why:
        return _("Staff cancelled it on %(day)s: “%(why)s”.") % {"day": day, "why": event.why}
    return _("Staff cancelled it on %(day)s.") % {"day": day}


def class_rows(scheduled_class: ScheduledClass) -> list[tuple[str, str]]:
    """The class as labels and values: each day, and where."""
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
