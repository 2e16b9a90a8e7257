"""What a person's calendar knows of their class."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import ClassSession
from registrations.models.registration import Registration


class CalendarEntry(models.Model):
    """One session in one person's calendar, by its UID for life (RFC 5545, RFC 5546).

    `sequence` rises with every change that was sent, with withdrawing and with coming back:
    calendars ignore what does not rise. The times stand here as they were last sent, so that an
    entry can be withdrawn when its session is gone.
    """

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="calendar_entries")
    class_session = models.ForeignKey(
        ClassSession, models.SET_NULL, null=True, related_name="calendar_entries"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=600, blank=True)
    is_withdrawn = models.BooleanField(default=False)

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
