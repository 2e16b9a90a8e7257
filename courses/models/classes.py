"""When it is taught: one dated run of a course, its meetings and its seats."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.public import PublicModel, PublicQuerySet
from content.translated import Translated, TranslatedWords
from courses import zones
from courses.models.course import Course, Instructor
from courses.models.seats import Seats, State
from courses.zones import Zone

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class ScheduledClassQuerySet(PublicQuerySet["ScheduledClass"]):
    def published(self) -> "ScheduledClassQuerySet":
        """Not a draft: a cancelled class still says so at its address."""
        return self.exclude(status=ScheduledClass.Status.DRAFT)

    def upcoming(self, now: dt.datetime) -> "ScheduledClassQuerySet":
        """Those whose last meeting has not ended, the soonest first."""
        # Asked first: dates are then looked up for these few alone, and not for all of years.
        to_come = ClassSession.objects.filter(ends_at__gt=now).values("scheduled_class")
        dated = self.filter(pk__in=to_come).with_dates()
        return dated.order_by("first_start", "pk")  # type: ignore[misc]  # annotated

    def past(self, now: dt.datetime) -> "ScheduledClassQuerySet":
        """Those that took place, the latest first."""
        dated = self.with_dates().filter(status=ScheduledClass.Status.PUBLISHED)
        past = dated.filter(last_end__lte=now)  # type: ignore[misc]  # annotated
        return past.order_by("-first_start", "pk")  # type: ignore[misc]  # annotated

    def first_of_all(self, count: int) -> "ScheduledClassQuerySet":
        """The first of these, found by their keys: whole rows are read of these few alone."""
        return self.filter(pk__in=self.values("pk")[:count])

    def taught_by(self, instructor: Instructor) -> "ScheduledClassQuerySet":
        """Those with the instructor among their teachers: their own, or else the course's."""
        as_own = models.Q(instructors=instructor)
        with_the_course = models.Q(
            instructors=None, course__course_instructors__instructor=instructor
        )
        found = self.model.objects.filter(as_own | with_the_course).values("pk")
        return self.filter(pk__in=found)

    def with_dates(self) -> "ScheduledClassQuerySet":
        return self.annotate(
            first_start=models.Min("class_sessions__starts_at"),
            last_end=models.Max("class_sessions__ends_at"),
        )

    def for_page(self) -> "ScheduledClassQuerySet":
        """With all that a class's page and its row in a list need."""
        return self.select_related("course", "seats").prefetch_related("class_sessions")


class ScheduledClass(TranslatedWords, PublicModel):
    """One dated run of a course. Pages and admin say "class"."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft: only staff see it")
        PUBLISHED = "published", _("Published: on the site")
        CANCELLED = "cancelled", _("Cancelled: it will not take place")

    class Delivery(models.TextChoices):
        ONLINE = "online", _("Online")
        IN_PERSON = "in_person", _("In person")
        BOTH = "both", _("In person and online")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        SPANISH = "es", _("Spanish")

    course = models.ForeignKey(Course, models.PROTECT, related_name="scheduled_classes")
    slug = models.SlugField(
        _("address"),
        max_length=60,
        unique=True,
        help_text=_(
            "The last part of the class's address, for example: january-2027-online. "
            "It cannot change once the class is published."
        ),
        error_messages={"unique": _("Another class has this address. Choose a different one.")},
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    delivery = models.CharField(_("how it is held"), max_length=10, choices=Delivery)
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        choices=Zone,
        default=Zone.MOUNTAIN,
        help_text=_("All times on this page are in this zone."),
    )
    language = models.CharField(
        _("taught in"), max_length=5, choices=Language, default=Language.ENGLISH
    )
    town = models.CharField(
        _("town"), max_length=100, blank=True, help_text=_("For example: Denver, Colorado")
    )
    address = models.TextField(
        _("place"),
        max_length=500,
        blank=True,
        help_text=_("Name of the place, street, how to get in. Everybody can read it."),
    )
    join_link = models.URLField(
        _("join link"),
        max_length=500,
        blank=True,
        help_text=_("The video meeting. Only people with a seat see it."),
    )
    about_days = Translated(
        models.TextField(
            _("about the days"),
            max_length=1000,
            blank=True,
            help_text=_("Breaks, lunch, captions, whether a camera may be off."),
        )
    )
    what_to_bring = Translated(
        models.TextField(
            _("what to bring or have ready"),
            max_length=1000,
            blank=True,
            help_text=_("Stands in the reminders and on the page of everyone who has a seat."),
        )
    )
    cost = Translated(
        models.CharField(
            _("cost"),
            max_length=200,
            blank=True,
            help_text=_("Needed before publishing, even when it is: Free"),
        )
    )
    cancellation = Translated(
        models.CharField(
            _("how to give up a seat"),
            max_length=300,
            blank=True,
            help_text=_("Needed before publishing. For example: You can cancel on your own page."),
        )
    )
    line_size = models.PositiveSmallIntegerField(
        _("size of the line"),
        default=20,
        help_text=_("How many people can wait when all seats are taken. 0: no line."),
    )
    registration_opens_at = models.DateTimeField(
        _("registration opens"), null=True, blank=True, help_text=_("Empty: when it is published.")
    )
    registration_closes_at = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("Empty: when it begins.")
    )
    instructors: "models.ManyToManyField[Instructor, ClassInstructor]" = models.ManyToManyField(
        Instructor,
        through="ClassInstructor",
        verbose_name=_("instructors"),
        blank=True,
        help_text=_("Empty: the instructors of the course."),
    )
    moved_from = models.DateTimeField(
        null=True,
        editable=False,
        help_text=_("When it was to begin before it was moved, while it was on the site."),
    )
    cancelled_at = models.DateTimeField(_("cancelled on"), null=True, editable=False)
    was_published = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("Its address has been on the site, so people may have it."),
    )

    objects = ScheduledClassQuerySet.as_manager()  # type: ignore[assignment, misc]  # in place

    if TYPE_CHECKING:
        class_sessions: RelatedManager["ClassSession"]
        seats: "Seats"

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(registration_closes_at__gt=models.F("registration_opens_at")),
                name="registration_closes_after_it_opens",
                violation_error_message=_("Registration cannot close before it opens."),
            ),
            models.CheckConstraint(
                condition=models.Q(status="cancelled") | models.Q(cancelled_at__isnull=True),
                name="only_a_cancelled_class_has_a_cancelling_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dates or self.slug}, {self.get_delivery_display()}"

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """A new class gets its row of seats; one that is public is known to have been so."""
        is_new = self._state.adding
        self.was_published = self.was_published or self.status != self.Status.DRAFT
        if update_fields is not None:
            update_fields = {*update_fields, "was_published"}
        super().save(update_fields=update_fields, **kwargs)
        if is_new:
            Seats.objects.create(scheduled_class=self)

    def get_absolute_url(self) -> str:
        return reverse("courses:class", args=[self.slug])

    @classmethod
    def to_be_read(cls, now: dt.datetime) -> Iterable["ScheduledClass"]:
        """Those that people can still come to, and drafts."""
        rows = cls.objects.with_dates().for_page().exclude(status=cls.Status.CANCELLED)
        is_over = models.Q(last_end__lte=now)
        return rows.exclude(is_over).order_by("first_start", "pk")  # type: ignore[misc]  # annotated

    def is_in_spanish(self) -> bool:
        """With the title of its course, which its pages print."""
        return super().is_in_spanish() and not self.course.missing_in_spanish()

    @property
    def zone(self) -> Zone:
        return Zone(self.time_zone)

    @cached_property
    def meetings(self) -> list["ClassSession"]:
        """The class sessions in order of time, numbered from 1 (`meeting.number`)."""
        meetings = sorted(self.class_sessions.all(), key=lambda meeting: meeting.starts_at)
        for number, meeting in enumerate(meetings, start=1):
            meeting.number = number
            meeting.scheduled_class = self
        return meetings

    @property
    def starts_at(self) -> dt.datetime | None:
        return self.meetings[0].starts_at if self.meetings else None

    @property
    def ends_at(self) -> dt.datetime | None:
        return max((meeting.ends_at for meeting in self.meetings), default=None)

    @property
    def dates(self) -> str:
        """`January 16 and 23, 2027`: the days on which it meets, in its own zone."""
        days = [meeting.starts_at.astimezone(self.zone.info).date() for meeting in self.meetings]
        return zones.days_in_words(sorted(set(days)))

    @property
    def unbroken_dates(self) -> str:
        return zones.unbroken(self.dates)

    @property
    def title(self) -> str:
        """`January 16 and 23, 2027, online`."""
        return f"{self.dates}, {self.get_delivery_display().lower()}"

    @property
    def is_online(self) -> bool:
        return self.delivery != self.Delivery.IN_PERSON

    @property
    def is_in_person(self) -> bool:
        return self.delivery != self.Delivery.ONLINE

    @property
    def weekdays(self) -> str:
        """`Two Saturdays`, or `Saturday and Sunday` when they differ."""
        days = [meeting.starts_at.astimezone(self.zone.info) for meeting in self.meetings]
        if len(days) > 1 and len({day.weekday() for day in days}) == 1:
            counts = {2: _now("Two"), 3: _now("Three"), 4: _now("Four")}
            count = counts.get(len(days), str(len(days)))
            weekdays = zones.WEEKDAYS[days[0].weekday()]
            return _now("%(count)s %(weekdays)s") % {"count": count, "weekdays": weekdays}
        return capfirst(zones.listed([date_format(day, "l") for day in days]))

    @property
    def usual_hours(self) -> str:
        """`9:00 am to 5:00 pm Mountain Time` when every day has them, or empty."""
        hours = {meeting.hours for meeting in self.meetings}
        return hours.pop() if len(hours) == 1 else ""

    @property
    def teachers(self) -> list[Instructor]:
        """The class's own instructors, or the course's in their order."""
        own = list(self.instructors.all())
        if own:
            return own
        listed = self.course.course_instructors.select_related("instructor")
        return [entry.instructor for entry in listed]

    @property
    def closes_at(self) -> dt.datetime | None:
        return self.registration_closes_at or self.starts_at

    def state(self, now: dt.datetime) -> State:
        """What the class is to a newcomer. Costs the class's own rows, however many registered."""
        if self.status == self.Status.CANCELLED:
            return State.CANCELLED
        if self.status == self.Status.DRAFT:
            return State.CLOSED
        if self.ends_at is None or self.ends_at <= now:
            return State.PAST
        if self.registration_opens_at and now < self.registration_opens_at:
            return State.NOT_YET_OPEN
        if self.closes_at is None or self.closes_at <= now:
            return State.CLOSED
        return self.seats.state(self.line_size)


class ClassInstructor(PublicModel):
    """Who teaches a class: Django's own table, written by a manager that marks the change."""

    scheduledclass = models.ForeignKey(ScheduledClass, models.CASCADE, related_name="+")
    instructor = models.ForeignKey(Instructor, models.CASCADE, related_name="+")

    class Meta:
        # Keeps the field as it is without this model: for the admin and for migrations.
        auto_created = True
        db_table = "courses_scheduledclass_instructors"
        unique_together = [("scheduledclass", "instructor")]
        verbose_name = _("teacher of a class")

    def __str__(self) -> str:
        return f"{self.instructor}, {self.scheduledclass}"


class ClassSession(PublicModel):
    """One meeting of a class. Breaks earn no credit, so its credit minutes are its own fact."""

    scheduled_class = models.ForeignKey(
        ScheduledClass, models.CASCADE, related_name="class_sessions"
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    credit_minutes = models.PositiveSmallIntegerField(
        _("credit minutes"),
        validators=[MinValueValidator(1)],
        help_text=_("Time taught without breaks. Six hours are 360."),
    )

    revision = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("Rises when its times or its place change, for calendars that know it."),
    )

    #: Its place in the class, from 1; set by `ScheduledClass.meetings`.
    number: int = 0

    class Meta:
        verbose_name = _("class session")
        verbose_name_plural = _("class sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("A session must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}, {self.hours}"

    @property
    def day(self) -> str:
        """`Saturday, January 16, 2027`."""
        return zones.weekday_date(self.starts_at, self.scheduled_class.zone)

    @property
    def hours(self) -> str:
        """`9:00 am to 5:00 pm Mountain Time`."""
        return self.hours_in(self.scheduled_class.zone)

    def hours_in(self, zone: Zone) -> str:
        return zones.hours(self.starts_at, self.ends_at, zone)

    @property
    def hours_elsewhere(self) -> list[str]:
        """The same hours in the other zones, with the day where it differs."""
        own = self.scheduled_class.zone
        return [self.hours_in(zone) for zone in zones.SHOWN_ZONES if zone != own]
