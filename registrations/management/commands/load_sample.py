"""Invented classes and people, for a machine on which someone looks around."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from courses.models import ClassSession, Course, Instructor, ScheduledClass
from courses.zones import Zone
from registrations.evaluation import questions_of
from registrations.management.sample_certificates import certify
from registrations.models import Registration
from registrations.services import attendance, auditing, evaluation, seats
from registrations.services.attendance import Entry
from registrations.services.seats import SITE, Answers

Role = Registration.Role

#: Addresses that end in `.invalid` lead nowhere, and delivery never mails them.
NOWHERE = "people.invalid"

SATURDAY = 5
WEEK = dt.timedelta(weeks=1)
DAY = dt.timedelta(days=1)

NAMES = """
Maria Lopez, Dan Whitehorse, Aisha Rahman, Tom Becker, Nguyễn Thị Hoa, Ruth Abramson, Luis Ortega,
Grace Kim, Peter Lindqvist, Odalys Peña, James Okafor, Hannah Weiss, Ravi Menon, Colleen Byrne,
Samuel Tso, Yuki Tanaka, Denise Carter, Marek Nowak, Lena Fischer, Andre Baptiste, Sunita Rao,
Bill Ferguson, Teuila Faleolo, Noor Haddad, Joan Pruitt, Kofi Mensah, Elena Petrova, Wes Yazzie
"""

#: What they say of a class: words, and points in the order of the questions.
SAID = {
    "missing": [
        "More time for questions on the second day.",
        "A list of further reading to take home.",
        "",
        "An example of a taper plan, made by a prescriber.",
        "",
        "Nothing. It was the right length.",
        "",
    ],
    "comments": [
        "The part about boundaries will stay with me.",
        "",
        "The breaks were long enough, which is rare. Thank you.",
        "",
        "",
        "I could follow the captions well. Please keep them.",
        "I would send a colleague.",
    ],
}
POINTS = [5, 4, 5, 5, 3, 4, 5, 2, 5, 4, 4]

ABOUT = "An hour for lunch and four breaks of 15 minutes each day."
ABOUT_ES = "Una hora para almorzar y cuatro descansos de 15 minutos cada día."


class Command(BaseCommand):
    help = "Add sample classes with invented people. Does nothing when there is any class."

    def handle(self, **options: Any) -> None:
        course = Course.objects.first()
        if course is None:
            raise CommandError("There is no course yet. Run load_content first.")
        words = "There are classes already. Nothing is added."
        if not ScheduledClass.objects.exists():
            load_sample(course=course, now=timezone.now())
            words = "Four sample classes are there, with invented people."
        if options["verbosity"]:
            self.stdout.write(words)


@transaction.atomic
def load_sample(*, course: Course, now: dt.datetime) -> None:
    """One class open and in Spanish, one in person nearly full, one full with a line, one past."""
    robin = Instructor.objects.create(name="Robin Vale", credentials="CPFS")
    jordan = Instructor.objects.create(name="Jordan Reyes", credentials="LAC")

    past = schedule(course, saturday(now - 6 * WEEK), "online", seats_for=24, now=now - 16 * WEEK)
    past.instructors.set([robin, jordan])
    seat(past, people(0, 21), now - 12 * WEEK)
    take_attendance(past)
    evaluate(past, 13, now - 4 * WEEK)
    certify(past)
    auditing.order(scheduled_class=past, key=uuid.uuid4(), actor=SITE, now=now)

    full = schedule(course, saturday(now + 4 * WEEK), "online", seats_for=16, now=now - 4 * WEEK)
    full.instructors.set([robin])
    seat(full, people(0, 16), now - 3 * WEEK)
    seat(full, people(16, 20), now - 2 * WEEK)
    hold(full, people(20, 21), now - DAY)

    near = schedule(course, saturday(now + 7 * WEEK), "in_person", seats_for=12, now=now - 3 * WEEK)
    near.instructors.set([robin, jordan])
    seat(near, people(5, 14), now - 2 * WEEK)
    hold(near, people(14, 15), now - DAY)

    far = schedule(
        course, saturday(now + 11 * WEEK), "online", seats_for=24, now=now - WEEK, language="es"
    )
    far.instructors.set([jordan])
    seat(far, people(21, 26), now - 5 * DAY)
    hold(far, people(26, 28), now - DAY)


def saturday(moment: dt.datetime) -> dt.date:
    """The first Saturday from the moment on, in Mountain Time."""
    day = moment.astimezone(Zone.MOUNTAIN.info).date()
    return day + (SATURDAY - day.weekday()) % 7 * DAY


def schedule(
    course: Course,
    first_day: dt.date,
    delivery: str,
    *,
    seats_for: int,
    now: dt.datetime,
    language: str = "en",
) -> ScheduledClass:
    """A published class: two Saturdays online, or a weekend in person."""
    online = delivery == ScheduledClass.Delivery.ONLINE
    scheduled_class = ScheduledClass(
        course=course,
        slug=f"{first_day:%B-%Y}-{delivery}".lower().replace("_", "-"),
        status=ScheduledClass.Status.PUBLISHED,
        delivery=delivery,
        language=language,
        town="" if online else "Denver, Colorado",
        address="" if online else "Sample Community Center\n100 Example Street\nDenver, Colorado",
        join_link="https://meeting.invalid/sample" if online else "",
        about_days_en=f"{ABOUT} Captions are on." if online else ABOUT,
        about_days_es=f"{ABOUT_ES} Hay subtítulos." if online else ABOUT_ES,
        cost_en="Free",
        cost_es="Gratis",
        cancellation_en="You can cancel on your own page at any time before the class begins.",
        cancellation_es="Puede cancelar en su página hasta que empiece la clase.",
    )
    scheduled_class.full_clean()
    scheduled_class.save()
    for day in [first_day, first_day + (WEEK if online else DAY)]:
        ClassSession.objects.create(
            scheduled_class=scheduled_class,
            starts_at=dt.datetime.combine(day, dt.time(9), Zone.MOUNTAIN.info),
            ends_at=dt.datetime.combine(day, dt.time(17), Zone.MOUNTAIN.info),
            credit_minutes=360,
        )
    seats.set_capacity(
        scheduled_class_id=scheduled_class.pk, capacity=seats_for, actor=SITE, now=now
    )
    return scheduled_class


def people(first: int, end: int) -> list[Answers]:
    """Some of the invented people, always the same ones."""
    names = [name.strip() for name in NAMES.split(",")][first:end]
    return [
        Answers(
            full_name=name,
            email=f"person-{number}@{NOWHERE}",
            role=[Role.PEER, Role.PEER, Role.COUNSELOR, Role.CAREGIVER, Role.PROVIDER][number % 5],
            access_needs="Captions, please." if number % 7 == 0 else "",
            phone="303 555 0100" if number % 4 == 0 else "",
        )
        for number, name in enumerate(names, start=first)
    ]


def evaluate(scheduled_class: ScheduledClass, count: int, now: dt.datetime) -> None:
    """So many of those who had a seat answer the evaluation, each a little differently."""
    questions = questions_of(scheduled_class)
    there = scheduled_class.registrations.filter(status=Registration.Status.CONFIRMED)
    for number, registration in enumerate(there.order_by("pk")[:count]):
        answers = {
            one.name: SAID[one.name][number % len(SAID[one.name])]
            if one.in_words
            else POINTS[(number * 3 + place) % len(POINTS)]
            for place, one in enumerate(questions)
        }
        evaluation.save(registration=registration, answers=answers, now=now)
        evaluation.send(registration=registration, now=now)


def hold(scheduled_class: ScheduledClass, sent: Iterable[Answers], now: dt.datetime) -> None:
    """They sent the form, one an hour, and have not answered the mail."""
    for hours, answers in enumerate(sent):
        moment = now + dt.timedelta(hours=hours)
        seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=moment)


def seat(scheduled_class: ScheduledClass, sent: list[Answers], now: dt.datetime) -> None:
    """They sent the form and pressed the button in the mail."""
    hold(scheduled_class, sent, now)
    keys = [answers.email for answers in sent]
    for registration in scheduled_class.registrations.filter(email__in=keys).order_by("pk"):
        answered = registration.created_at + dt.timedelta(minutes=20)
        seats.answer(registration=registration, now=answered)


def take_attendance(scheduled_class: ScheduledClass) -> None:
    """Nearly everyone was there. One missed too much, one was excused, one entry was wrong."""
    first, last = scheduled_class.meetings
    record(scheduled_class, first, {"Tom Becker": ("partly", 20), "Ruth Abramson": ("excused", 0)})
    record(scheduled_class, last, {"Luis Ortega": ("partly", 50), "Grace Kim": ("absent", 0)})
    record(scheduled_class, first, {"Tom Becker": ("present", 0)}, why="He was in the other room.")


def record(
    scheduled_class: ScheduledClass,
    meeting: ClassSession,
    exceptions: dict[str, tuple[str, int]],
    *,
    why: str = "",
) -> None:
    """Everyone was there but for the exceptions; a correction is of those alone."""
    entries = [
        Entry(person.pk, meeting.pk, *exceptions.get(person.full_name, ("present", 0)))
        for person in scheduled_class.registrations.order_by("pk")
        if not why or person.full_name in exceptions
    ]
    attendance.record(
        scheduled_class_id=scheduled_class.pk,
        entries=entries,
        actor=SITE,
        now=meeting.ends_at + dt.timedelta(minutes=90 if why else 10),
        why=why,
    )
