"""What can be done with a class, and where: a line for each act."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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


#: Words, where, when, and the permission it takes.
ACTS: list[tuple[Promise, Callable[[ScheduledClass], str], Condition, str]] = [
    (_("Publish"), addresses.publishing, is_draft, "courses.change_scheduledclass"),
    (_("Change"), addresses.class_form, always, "courses.change_scheduledclass"),
    (_("Give a free seat by hand"), line_of, seat_is_free, "registrations.change_registration"),
    (_("Attendance"), addresses.attendance, has_days, "registrations.change_attendance"),
    (_("All people"), addresses.people, always, "registrations.view_registration"),
    (_("Write to people"), addresses.writing, has_people, "registrations.add_message"),
    (
        _("Add someone"),
        addresses.of_class("add_person"),
        is_published,
        "registrations.change_registration",
    ),
    (
        _("Sheet to sign"),
        addresses.of_class("sheet"),
        has_people,
        "registrations.view_registration",
    ),
    (
        _("People as a file"),
        addresses.of_class("export"),
        has_people,
        "registrations.export_registration",
    ),
    (
        _("Tell people who wait for news"),
        addresses.announcing,
        is_published,
        "courses.change_scheduledclass",
    ),
    (_("Certificates"), addresses.certificates, has_begun, "registrations.view_certificate"),
    (_("Evaluation"), addresses.evaluation, was_held, "registrations.view_evaluation"),
    (_("Numbers"), addresses.numbers, always, "registrations.view_registration"),
    (
        _("See it on the site"),
        ScheduledClass.get_absolute_url,
        is_public,
        "courses.view_scheduledclass",
    ),
    (_("Copy to other days"), addresses.copying, has_days, "courses.add_scheduledclass"),
    (
        _("Take off the site"),
        addresses.taking_off,
        is_published,
        "courses.change_scheduledclass",
    ),
    (_("Cancel the class"), addresses.cancelling, was_public, "courses.change_scheduledclass"),
]


def acts_on(scheduled_class: ScheduledClass, user: User) -> Iterator[Act]:
    for words, where, is_possible, permission in ACTS:
        if user.has_perm(permission) and is_possible(scheduled_class):
            yield Act(words, where(scheduled_class))
