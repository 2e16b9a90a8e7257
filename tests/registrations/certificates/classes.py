"""A class that has ended, with everything settled that a certificate needs."""

import datetime as dt
import uuid
from collections.abc import Iterable

from content.models import Provider
from courses.models import CourseApproval, CourseDomain, Instructor, ScheduledClass
from registrations.models import Certificate, Letter, Registration, RegistrationEvent
from registrations.services import attendance, certificates, seats
from registrations.services.attendance import Entry
from registrations.services.seats import Actor
from tests.factories import DENVER, NOW, make_answers, make_class
from tests.registrations.certificates.papers import make_png

OVER = dt.datetime(2027, 1, 25, 9, tzinfo=DENVER)
STAFF = Actor(RegistrationEvent.By.STAFF)


def settle(scheduled_class: ScheduledClass) -> None:
    """What staff write down once."""
    Provider.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Sample Work Group",
            "contact": "1 Example Street, Denver, Colorado\ntraining@peers.test",
            "signed_by": "Robin Vale, CPFS",
            "signed_as": "Training lead",
            "signature": make_png(),
        },
    )
    course = scheduled_class.course
    course.certificate_title = "Recovering from Benzodiazepines for Peer Specialists"
    course.save()
    CourseDomain.objects.create(course=course, position=1, name="Advocacy", hours=12)
    CourseDomain.objects.create(course=course, position=2, name="Ethical responsibility", hours=0)
    CourseApproval.objects.create(
        course=course,
        body="COPA/CPFS",
        number="77",
        valid_from=dt.date(2026, 1, 1),
        valid_until=dt.date(2028, 12, 31),
    )
    CourseApproval.objects.create(course=course, body="Old Board", valid_until=dt.date(2026, 1, 1))
    scheduled_class.instructors.add(
        Instructor.objects.create(name="Robin Vale", credentials="CPFS")
    )


def seated(scheduled_class: ScheduledClass, name: str) -> Registration:
    return seats.add_by_staff(
        scheduled_class_id=scheduled_class.pk,
        answers=make_answers(str(Registration.objects.count()), full_name=name),
        actor=STAFF,
        now=NOW,
    )


def record(person: Registration, *presences: str) -> None:
    """One word for each day: `present`, `absent`."""
    meetings = ScheduledClass.objects.get(pk=person.scheduled_class_id).meetings
    attendance.record(
        scheduled_class_id=person.scheduled_class_id,
        entries=[
            Entry(person.pk, meeting.pk, presence)
            for meeting, presence in zip(meetings, presences, strict=True)
        ],
        actor=STAFF,
        now=OVER,
        why="test",
    )


def past_class(*names: str) -> ScheduledClass:
    """Settled, and each of them was there on both days."""
    scheduled_class = make_class()
    settle(scheduled_class)
    for name in names:
        record(seated(scheduled_class, name), "present", "present")
    mine = Letter.objects.filter(registration__scheduled_class=scheduled_class)
    mine.update(state=Letter.State.SENT, sent_at=NOW)
    return scheduled_class


def order(scheduled_class: ScheduledClass, people: Iterable[Registration] | None = None) -> None:
    chosen = people if people is not None else scheduled_class.registrations.all()
    certificates.order(
        scheduled_class=scheduled_class,
        key=uuid.uuid4(),
        people=[person.pk for person in chosen],
        actor=STAFF,
        now=OVER,
    )


def work(now: dt.datetime = OVER) -> None:
    """The worker, until there is nothing more to issue."""
    while certificates.issue_ordered(now):
        pass


def issued_to(name: str = "Ana Ruiz") -> Certificate:
    """The certificate of one person in a class of their own."""
    scheduled_class = past_class(name)
    order(scheduled_class)
    work()
    return Certificate.objects.get(registration__scheduled_class=scheduled_class)
