"""The pages that everybody reads."""

import datetime as dt

from courses.models import CourseApproval, Instructor, ScheduledClass
from registrations.services import seats
from registrations.services.scheduling import cancel_class
from tests.browser.states.visit import Seen, Visit, state
from tests.factories import NOW, make_class
from tests.registrations.people import join, register

A_WHILE = dt.timedelta(days=3)


def full(**fields: object) -> ScheduledClass:
    scheduled_class = make_class(capacity=1, **fields)
    join(scheduled_class, "who was first")
    return scheduled_class


def line_full() -> ScheduledClass:
    scheduled_class = full(line_size=1)
    register(scheduled_class, "who was second")
    return scheduled_class


def not_yet_open() -> ScheduledClass:
    return make_class(registration_opens_at=NOW + A_WHILE)


def closed() -> ScheduledClass:
    return make_class(registration_closes_at=NOW - A_WHILE)


def cancelled() -> ScheduledClass:
    scheduled_class = make_class()
    cancel_class(scheduled_class=scheduled_class, actor=seats.SITE, now=NOW - A_WHILE)
    return scheduled_class


def past() -> ScheduledClass:
    scheduled_class = make_class()
    for meeting in scheduled_class.class_sessions.all():
        meeting.starts_at -= dt.timedelta(days=90)
        meeting.ends_at -= dt.timedelta(days=90)
        meeting.save()
    return scheduled_class


def with_all_there_is_to_say() -> ScheduledClass:
    scheduled_class = make_class(
        delivery="both",
        capacity=2,
        taken=1,
        town="Denver",
        address="The Library of the Peers\n1 Long Street\nDenver, CO 80202",
        what_to_bring="A pen.\nSomething to eat.",
        about_days="An hour for lunch and four breaks of 15 minutes each day.",
    )
    robin = Instructor.objects.create(name="Robin Vale", credentials="CPFS")
    scheduled_class.instructors.add(robin)
    return scheduled_class


def one_of_each() -> None:
    for make in (make_class, with_all_there_is_to_say, full, line_full, not_yet_open, closed):
        make()
    cancelled()
    past()


@state("courses:course")
def no_class(visit: Visit) -> Seen:
    return visit.get("courses:course")


@state("courses:course")
def one_class(visit: Visit) -> Seen:
    make_class()
    return visit.get("courses:course")


@state("courses:course")
def many_classes_and_approvals(visit: Visit) -> Seen:
    one_of_each()
    course = ScheduledClass.objects.first().course  # type: ignore[union-attr]  # just made
    CourseApproval.objects.create(course=course, body="NAADAC", credits=10)
    CourseApproval.objects.create(course=course, body="IC&RC", credits=12)
    return visit.get("courses:course")


@state("courses:classes")
def no_dates(visit: Visit) -> Seen:
    return visit.get("courses:classes")


@state("courses:classes")
def past_ones_only(visit: Visit) -> Seen:
    past()
    return visit.get("courses:classes")


@state("courses:classes")
def a_list_of_every_state(visit: Visit) -> Seen:
    one_of_each()
    return visit.get("courses:classes")


@state("courses:class")
def seats_free(visit: Visit) -> Seen:
    return visit.get("courses:class", make_class().slug)


@state("courses:class")
def few_seats_and_all_there_is_to_say(visit: Visit) -> Seen:
    return visit.get("courses:class", with_all_there_is_to_say().slug)


@state("courses:class")
def full_with_a_line(visit: Visit) -> Seen:
    return visit.get("courses:class", full().slug)


@state("courses:class")
def full_line(visit: Visit) -> Seen:
    return visit.get("courses:class", line_full().slug)


@state("courses:class")
def registration_opens_later(visit: Visit) -> Seen:
    return visit.get("courses:class", not_yet_open().slug)


@state("courses:class")
def registration_closed(visit: Visit) -> Seen:
    return visit.get("courses:class", closed().slug)


@state("courses:class")
def class_cancelled(visit: Visit) -> Seen:
    return visit.get("courses:class", cancelled().slug)


@state("courses:class")
def class_over(visit: Visit) -> Seen:
    return visit.get("courses:class", past().slug)


@state("content:page")
def privacy(visit: Visit) -> Seen:
    return visit.get("content:page", "privacy")


@state("content:page")
def accessibility(visit: Visit) -> Seen:
    return visit.get("content:page", "accessibility")
