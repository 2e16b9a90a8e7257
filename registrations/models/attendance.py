"""Who was there: a line for each person and class session, and every change of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.history import models as history
from courses.models import ClassSession
from registrations.completion import Presence
from registrations.models.registration import Registration


class Attendance(models.Model):
    """What is recorded now of one person in one class session.

    Written by `services.attendance` alone, together with its change. `presence` is empty while
    nothing is known of the session itself: it may have been made up in a later class all the same.
    """

    Presence = Presence

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="attendances", verbose_name=_("person")
    )
    class_session = models.ForeignKey(
        ClassSession, models.PROTECT, related_name="+", verbose_name=_("class session")
    )
    presence = models.CharField(_("attendance"), max_length=10, choices=Presence, blank=True)
    missed_minutes = models.PositiveSmallIntegerField(
        _("minutes missed"),
        default=0,
        help_text=_("Coming late and leaving early, taken together."),
    )
    made_up_in = models.ForeignKey(
        ClassSession,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made up in"),
    )
    missed_there = models.PositiveSmallIntegerField(_("minutes missed there"), default=0)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "class_session"],
                name="attendance_once_per_person_and_session",
            ),
            models.CheckConstraint(
                condition=models.Q(presence__in=["", *Presence.values]),
                name="attendance_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(presence=Presence.PARTLY, missed_minutes__gt=0)
                | (~models.Q(presence=Presence.PARTLY) & models.Q(missed_minutes=0)),
                name="only_who_was_there_in_part_missed_minutes",
            ),
            models.CheckConstraint(
                condition=models.Q(made_up_in__isnull=True)
                | ~models.Q(made_up_in=models.F("class_session")),
                name="made_up_in_another_session",
            ),
            models.CheckConstraint(
                condition=models.Q(made_up_in__isnull=False) | models.Q(missed_there=0),
                name="minutes_missed_there_need_a_session_there",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_presence_display() or _("Not recorded"))

    @property
    def values(self) -> dict[str, Any]:
        """What a change keeps of it."""
        return {
            "presence": self.presence,
            "missed_minutes": self.missed_minutes,
            "made_up_in": self.made_up_in_id,
            "missed_there": self.missed_there,
        }


class AttendanceChange(models.Model):
    """One entry or correction: written with what it changed, never changed itself."""

    By = history.By

    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="changes")
    at = models.DateTimeField(_("when"))
    by = models.CharField(_("by"), max_length=10, choices=By)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    old = models.JSONField(
        default=dict, help_text=_("`Attendance.values` before; empty for the first entry.")
    )
    new = models.JSONField(help_text=_("The same after it."))
    why = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("change of attendance")
        verbose_name_plural = _("changes of attendance")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.attendance.registration}, {self.at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("History is append-only.")
        super().save(*args, **kwargs)

    @property
    def is_correction(self) -> bool:
        return is_correction(self.old, self.new)


def is_correction(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether something that was recorded gets another value: that needs a reason."""
    was_recorded = bool(old.get("presence"))
    was_made_up = bool(old.get("made_up_in"))
    here, there = ("presence", "missed_minutes"), ("made_up_in", "missed_there")
    return (was_recorded and any(old[name] != new[name] for name in here)) or (
        was_made_up and any(old[name] != new[name] for name in there)
    )
