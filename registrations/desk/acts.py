"""What can be done with a class, and where: a line for each act, by what a person wants."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import ScheduledClass
from registrations.desk import addresses

Condition = Callable[[ScheduledClass], bool]
Status = ScheduledClass.Status


@dataclass(frozen=True)
class Act:
    words: str | Promise
    url: str


@dataclass(frozen=True)
class Group:
    """Acts that stand together. What takes something away stands apart, and last."""

    words: str | Promise
    takes_away: bool = False


PEOPLE = Group(_("People"))
THE_CLASS = Group(_("The class"))
AFTERWARDS = Group(_("On the days and after"))
RECORDS = Group(_("Records"))
TAKING_AWAY = Group(_("With care"), takes_away=True)


def always(scheduled_class: ScheduledClass) -> bool:
    return True


def is_published(scheduled_class: ScheduledClass) -> bool:
    return scheduled_class.status == Status.PUBLISHED


def is_draft(scheduled_class: ScheduledClass) -> bool:
    return scheduled_class.status == Status.DRAFT


def was_public(scheduled_class: ScheduledClass) -> bool:
    """Somebody may plan by it, and it is not cancelled yet."""
    seats = scheduled_class.seats
    is_known = scheduled_class.was_published or bool(seats.taken or seats.waiting)
    return is_known and scheduled_class.status != Status.CANCELLED


def was_held(scheduled_class: ScheduledClass) -> bool:
    ends_at = scheduled_class.ends_at
    return is_published(scheduled_class) and ends_at is not None and ends_at <= timezone.now()


def has_days(scheduled_class: ScheduledClass) -> bool:
    return bool(scheduled_class.meetings)


def has_begun(scheduled_class: ScheduledClass) -> bool:
    starts_at = scheduled_class.starts_at
    return starts_at is not None and starts_at <= timezone.now()


def is_public(scheduled_class: ScheduledClass) -> bool:
    return scheduled_class.status != Status.DRAFT


def has_people(scheduled_class: ScheduledClass) -> bool:
    return bool(scheduled_class.seats.taken or scheduled_class.seats.waiting)


def seat_is_free(scheduled_class: ScheduledClass) -> bool:
    seats = scheduled_class.seats
    return is_published(scheduled_class) and bool(seats.free and seats.waiting)


def line_of(scheduled_class: ScheduledClass) -> str:
    return addresses.people(scheduled_class, status__exact="waitlisted")


#: In which group, words, where, when, and the permission it takes. A new act is a new line; the
#: groups stand in this order, and so do the acts in each, the usual ones first.
ACTS: list[tuple[Group, Promise, Callable[[ScheduledClass], str], Condition, str]] = [
    (PEOPLE, _("All people"), addresses.people, always, "registrations.view_registration"),
    (
        PEOPLE,
        _("Give a free seat by hand"),
        line_of,
        seat_is_free,
        "registrations.change_registration",
    ),
    (
        PEOPLE,
        _("Add someone"),
        addresses.of_class("add_person"),
        is_published,
        "registrations.change_registration",
    ),
    (PEOPLE, _("Write to people"), addresses.writing, has_people, "registrations.add_message"),
    (
        PEOPLE,
        _("Tell people who wait for news"),
        addresses.announcing,
        is_published,
        "courses.change_scheduledclass",
    ),
    (THE_CLASS, _("Publish"), addresses.publishing, is_draft, "courses.change_scheduledclass"),
    (THE_CLASS, _("Change"), addresses.class_form, always, "courses.change_scheduledclass"),
    (
        THE_CLASS,
        _("See it on the site"),
        ScheduledClass.get_absolute_url,
        is_public,
        "courses.view_scheduledclass",
    ),
    (
        THE_CLASS,
        _("Copy to other days"),
        addresses.copying,
        has_days,
        "courses.add_scheduledclass",
    ),
    (
        AFTERWARDS,
        _("Sheet to sign"),
        addresses.of_class("sheet"),
        has_people,
        "registrations.view_registration",
    ),
    (
        AFTERWARDS,
        _("Attendance"),
        addresses.attendance,
        has_days,
        "registrations.change_attendance",
    ),
    (
        AFTERWARDS,
        _("Certificates"),
        addresses.certificates,
        has_begun,
        "registrations.view_certificate",
    ),
    (
        AFTERWARDS,
        _("Evaluation"),
        addresses.evaluation,
        was_held,
        "registrations.view_evaluation",
    ),
    (RECORDS, _("Audit file"), addresses.audit, has_begun, "registrations.view_auditfile"),
    (RECORDS, _("Numbers"), addresses.numbers, always, "registrations.view_registration"),
    (
        RECORDS,
        _("People as a file"),
        addresses.of_class("export"),
        has_people,
        "registrations.export_registration",
    ),
    (
        TAKING_AWAY,
        _("Take off the site"),
        addresses.taking_off,
        is_published,
        "courses.change_scheduledclass",
    ),
    (
        TAKING_AWAY,
        _("Cancel the class"),
        addresses.cancelling,
        was_public,
        "courses.change_scheduledclass",
    ),
]


def groups_of_acts(
    scheduled_class: ScheduledClass, user: User
) -> Iterator[tuple[Group, list[Act]]]:
    """What this user can do with it now; no group is empty."""
    possible = (
        (group, Act(words, where(scheduled_class)))
        for group, words, where, is_possible, permission in ACTS
        if user.has_perm(permission) and is_possible(scheduled_class)
    )
    for group, acts in groupby(possible, key=lambda found: found[0]):
        yield group, [act for _group, act in acts]


def acts_on(scheduled_class: ScheduledClass, user: User) -> Iterator[Act]:
    for _group, acts in groups_of_acts(scheduled_class, user):
        yield from acts
