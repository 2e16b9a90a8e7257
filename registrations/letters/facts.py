"""What the placeholders of a letter stand for, as true as the moment it is delivered."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import zones
from courses.listing import listings
from courses.models import ClassSession, ScheduledClass
from registrations import standing
from registrations.letters import changes
from registrations.models import Letter, Registration, RegistrationEvent

Status = Registration.Status

#: Most letters have few placeholders: what takes work is worked out for those that have it.
Fact = str | Callable[[], str]

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


def in_words(fact: Fact) -> str:
    return fact() if callable(fact) else fact


def facts_of(letter: Letter, scheduled_class: ScheduledClass | None) -> dict[str, Fact]:
    """Plain text for each placeholder; empty where it has no meaning now."""
    facts = facts_of_class(letter, scheduled_class)
    if letter.registration:
        facts |= personal_facts(letter.registration)
    return facts


def facts_of_class(letter: Letter, scheduled_class: ScheduledClass | None) -> dict[str, Fact]:
    """The same without what only the person's own row can tell: those are empty."""
    facts: dict[str, Fact] = dict.fromkeys(PLACEHOLDERS, "")
    facts["classes_link"] = classes_link
    if scheduled_class:
        facts |= class_facts(scheduled_class, letter)
    return facts


def classes_link() -> str:
    return f"{settings.SITE_URL}{reverse('courses:classes')}"


def class_facts(scheduled_class: ScheduledClass, letter: Letter) -> dict[str, Fact]:
    return {
        "dates": lambda: scheduled_class.dates,
        "class": lambda: scheduled_class.title,
        "first_day": partial(first_day, scheduled_class),
        "session": partial(session_sentence, scheduled_class, letter.about),
        "where": partial(where, scheduled_class),
        "join": partial(join_sentence, scheduled_class, letter),
        "what_to_bring": lambda: scheduled_class.what_to_bring,
        "evaluation": partial(evaluation_sentence, scheduled_class),
        "changes": partial(changes_in_words, scheduled_class, letter),
        "other_classes": partial(other_classes, scheduled_class),
    }


def first_day(scheduled_class: ScheduledClass) -> str:
    """Empty for a class whose sessions were taken out: it can be cancelled, and people told."""
    return "".join(day_sentence(m, scheduled_class) for m in scheduled_class.meetings[:1])


def changes_in_words(scheduled_class: ScheduledClass, letter: Letter) -> str:
    told = letter.detail.get("changes", [])
    return "\n\n".join(changes.sentence(change, scheduled_class.zone) for change in told)


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


def personal_facts(registration: Registration) -> dict[str, Fact]:
    return {
        "answer_by": partial(answer_by, registration, zones.full_moment),
        "answer_by_short": partial(answer_by, registration, zones.short_moment),
        "standing": partial(standing.in_words, registration),
        "still": partial(still, registration),
        "cancelled": partial(cancelled_words, registration),
    }


def answer_by(
    registration: Registration, in_words: Callable[[dt.datetime, zones.Zone], str]
) -> str:
    moment = registration.answer_by
    return in_words(moment, registration.scheduled_class.zone) if moment else ""


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
