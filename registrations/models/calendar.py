"""What a person's calendar knows of their class."""

import datetime as dt
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import ClassSession
from courses.zones import Zone
from registrations.models.letter import CARRIES_ALL_DATES, CARRIES_CHANGES
from registrations.models.registration import Registration


class CalendarEntryQuerySet(models.QuerySet["CalendarEntry"]):
    def live(self) -> "CalendarEntryQuerySet":
        return self.filter(is_withdrawn=False)

    def of_letter(self, kind: str, owed_since: dt.datetime) -> "CalendarEntryQuerySet":
        """What a letter of this kind carries.

        What changed with its turn or after it, and whatever no mail has told before it: the letter
        that should have told it may have been overtaken or given up.
        """
        untold = models.Q(told_sequence__isnull=True) | models.Q(
            told_sequence__lt=models.F("sequence")
        )
        carried = models.Q(pk__in=[])
        if kind in CARRIES_ALL_DATES:
            carried |= models.Q(is_withdrawn=False)
        if kind in CARRIES_CHANGES:
            carried |= untold | models.Q(changed_at__gte=owed_since)
        # Withdrawn ones first: a mail program that acts on the last part alone keeps a date.
        return self.filter(carried).order_by("-is_withdrawn", "starts_at", "pk")


class CalendarEntry(models.Model):
    """One session in one person's calendar, by its UID for life (RFC 5545, RFC 5546).

    `sequence` rises with every change that was sent, with withdrawing and with coming back:
    calendars ignore what does not rise. The facts of the session stand here as they were last sent,
    so that an entry can be withdrawn when its session is gone. Only `services/calendars.py` writes
    them.
    """

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="calendar_entries")
    class_session = models.ForeignKey(
        ClassSession, models.SET_NULL, null=True, related_name="calendar_entries"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    told_sequence = models.PositiveIntegerField(
        null=True, help_text=_("The sequence that went out by mail last.")
    )
    changed_at = models.DateTimeField(help_text=_("When the sequence became what it is."))
    number = models.PositiveSmallIntegerField(help_text=_("Day 1, Day 2; 0 for an only day."))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=40, choices=Zone)
    place = models.CharField(max_length=700, blank=True)
    is_withdrawn = models.BooleanField(default=False)

    objects = CalendarEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar entry")
        verbose_name_plural = _("calendar entries")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "class_session"],
                name="one_calendar_entry_per_person_and_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration}, {self.starts_at:%Y-%m-%d}"

    @property
    def zone(self) -> Zone:
        return Zone(self.time_zone)
