"""What the rules look at, each read once however many rules ask for it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from content.models import SiteSettings
from content.services import site_settings
from courses.models import ClassSession, CourseApproval, ScheduledClass
from courses.models.classes import ScheduledClassQuerySet
from courses.publishing import for_publishing
from registrations.models import (
    Announcement,
    Attendance,
    Backup,
    Certificate,
    CertificateBatch,
    Heartbeat,
    InterestSignup,
    Letter,
    Registration,
)
from registrations.services.completion import completion_of
from registrations.services.jobs import JOBS, late_jobs

Status = ScheduledClass.Status

#: Attendance that was not taken for so long is not asked for any more.
NOT_TAKEN_SINCE = dt.timedelta(days=365)

#: Among so many of the newest is the letter that was sent last, whatever was tried again.
NEWEST = 100


@dataclass(frozen=True)
class People:
    """How many hold an offer, from how many mail came back, and when it did first."""

    offered: int = 0
    came_back: int = 0
    first: dt.datetime | None = None


class Facts:
    """The site at one moment; or one class of it, when `classes` names it alone."""

    def __init__(self, now: dt.datetime, classes: Iterable[ScheduledClass] | None = None) -> None:
        self.now = now
        self.classes = None if classes is None else list(classes)
        if self.classes is not None:
            self.upcoming = self.classes

    @cached_property
    def upcoming(self) -> list[ScheduledClass]:
        """What is to come, the soonest first and those without dates last. No cancelled ones."""
        return list(for_publishing(to_come(self.now)))

    @cached_property
    def published(self) -> list[ScheduledClass]:
        return [one for one in self.upcoming if one.status == Status.PUBLISHED]

    @cached_property
    def people(self) -> dict[int, People]:
        """Of each class: those who have or may get a seat."""
        live = Registration.objects.live().filter(scheduled_class__in=self.upcoming).order_by()
        counted = live.values_list("scheduled_class").annotate(
            offered=Count("pk", filter=Q(status=Registration.Status.OFFERED)),
            came_back=Count("pk", filter=~Q(mail_problem="")),
            first=Min("mail_problem_at"),
        )
        return {key: People(*numbers) for key, *numbers in counted}

    def offered(self, scheduled_class: ScheduledClass) -> int:
        """How many seats are held for somebody who has not answered yet."""
        return self.people.get(scheduled_class.pk, People()).offered

    @cached_property
    def ended(self) -> list[ClassSession]:
        """Sessions that are over, as far as something is to do about who was there.

        With `people` who have a seat, `recorded`, how many of them are, and `without`, how many of
        those never had a certificate. What is older than a year is left alone.
        """
        sessions = ClassSession.objects.filter(
            scheduled_class__status=Status.PUBLISHED,
            ends_at__lte=self.now,
            ends_at__gt=self.now - NOT_TAKEN_SINCE,
        )
        if self.classes is not None:
            sessions = sessions.filter(scheduled_class__in=self.classes)
        recorded = attendance_of_session()
        counted = sessions.annotate(
            people=counted_people(),
            recorded=counted_rows(recorded, "class_session"),
            without=counted_rows(recorded.filter(~Exists(certificates_of_it())), "class_session"),
        )
        lacking = counted.filter(Q(recorded__lt=F("people")) | Q(without__gt=0))
        return list(lacking.order_by("ends_at", "pk").select_related("scheduled_class"))

    @property
    def not_taken(self) -> list[ClassSession]:
        """Those without attendance of everyone who has a seat."""
        return [one for one in self.ended if vars(one)["recorded"] < vars(one)["people"]]

    @cached_property
    def certificates_ready(self) -> dict[ScheduledClass, int]:
        """Of classes that are over: how many people have earned a certificate and never had one.

        What the worker is asked to issue is not ready, it is as good as done.
        """
        classes = {one.scheduled_class_id for one in self.ended if vars(one)["without"]}
        if not classes:
            return {}
        over = ScheduledClass.objects.past(self.now).filter(pk__in=classes)
        being_made = CertificateBatch.objects.filter(
            scheduled_class=OuterRef("scheduled_class"), done_at=None
        )
        people = Registration.objects.filter(
            ~Exists(Certificate.objects.filter(registration=OuterRef("pk"))),
            ~Exists(being_made),
            scheduled_class__in=over.order_by().values("pk"),
            status=Registration.Status.CONFIRMED,
        ).exclude(full_name="")
        found = list(people)
        outcomes = completion_of(found, self.now)
        earned = [one for one in found if outcomes[one.pk].outcome.earns_certificate]
        return Counter(one.scheduled_class for one in earned)

    @cached_property
    def announced(self) -> set[int]:
        told = Announcement.objects.filter(scheduled_class__in=self.upcoming)
        return set(told.values_list("scheduled_class", flat=True))

    @cached_property
    def wait_for_news(self) -> tuple[int, dt.datetime | None]:
        """How many people wait for news of a class, and since when the first."""
        waiting = InterestSignup.objects.confirmed()
        found = waiting.aggregate(count=Count("pk"), first=Min("confirmed_at"))
        return found["count"], found["first"]

    @cached_property
    def approvals(self) -> list[CourseApproval]:
        return list(CourseApproval.objects.select_related("course").order_by("position", "pk"))

    @cached_property
    def site(self) -> SiteSettings:
        return site_settings()

    @cached_property
    def late_jobs(self) -> dict[str, dt.datetime | None]:
        return late_jobs({beat.job: beat.beat_at for beat in self.heartbeats}, self.now)

    @property
    def is_silent(self) -> bool:
        """Whether the worker is gone: none of what it does all the time is done."""
        return all(job.name in self.late_jobs for job in JOBS if not job.every)

    @property
    def failed_jobs(self) -> dict[str, dt.datetime]:
        """What went wrong when it was tried last, and when."""
        return {beat.job: beat.failed_at for beat in self.heartbeats if beat.failed_at}

    @cached_property
    def heartbeats(self) -> list[Heartbeat]:
        return list(Heartbeat.objects.order_by("job"))

    @cached_property
    def late_letters(self) -> tuple[int, Letter | None]:
        """How many letters should have gone out long ago, and the one that waits longest."""
        late = Letter.objects.late(self.now)
        oldest = late.first()
        return (late.count() if oldest else 0), oldest

    @cached_property
    def last_backup(self) -> dt.datetime | None:
        """Of which moment the newest one is that was finished."""
        finished = Backup.objects.filter(finished_at__isnull=False)
        newest = finished.order_by("-taken_at").values_list("taken_at", flat=True)
        return newest.first()

    @cached_property
    def last_mail(self) -> dt.datetime | None:
        """When a letter went out last."""
        sent = Letter.objects.filter(state=Letter.State.SENT).order_by("-pk")
        newest = list(sent.values_list("sent_at", flat=True)[:NEWEST])
        return max((moment for moment in newest if moment), default=None)


def counted_people() -> Coalesce:
    """Of a session: how many have a seat in its class."""
    people = Registration.objects.filter(
        scheduled_class=OuterRef("scheduled_class"), status=Registration.Status.CONFIRMED
    ).exclude(full_name="")
    return counted_rows(people, "scheduled_class")


def attendance_of_session() -> QuerySet[Attendance]:
    """What is recorded of those."""
    recorded = Attendance.objects.filter(
        class_session=OuterRef("pk"), registration__status=Registration.Status.CONFIRMED
    )
    return recorded.exclude(presence="")


def certificates_of_it() -> QuerySet[Certificate]:
    """Of the person of a row of attendance, whatever became of them."""
    return Certificate.objects.filter(registration=OuterRef("registration"))


def counted_rows(rows: QuerySet[Any], by: str) -> Coalesce:
    numbers = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(numbers), 0)


def to_come(now: dt.datetime) -> ScheduledClassQuerySet:
    # Asked of the sessions, so that dates are worked out for these few and not for all of years.
    sessions = ClassSession.objects.filter(scheduled_class=OuterRef("pk"))
    ahead = ClassSession.objects.filter(ends_at__gt=now).values("scheduled_class")
    classes = ScheduledClass.objects.filter(Q(pk__in=ahead) | ~Exists(sessions))
    to_come = classes.exclude(status=Status.CANCELLED).with_dates()
    return to_come.order_by(F("first_start").asc(nulls_last=True), "pk")
