"""What people say of a class: a draft that is theirs, and sums that are nobody's.

Nothing here leads from an answer to the person who gave it: `docs/decisions/evaluation.md`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import ScheduledClass
from registrations.models.registration import Registration


class EvaluationDraft(models.Model):
    """The answers that somebody has not sent yet. It goes when they are sent."""

    registration = models.OneToOneField(
        Registration, models.PROTECT, primary_key=True, related_name="evaluation_draft"
    )
    answers = models.JSONField(default=dict, help_text=_("By the name of the field."))
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("evaluation that is not sent")
        verbose_name_plural = _("evaluations that are not sent")

    def __str__(self) -> str:
        return str(self.registration)


class Evaluation(models.Model):
    """What all people of one class have sent, added up: one row, without a moment or an order."""

    scheduled_class = models.OneToOneField(
        ScheduledClass, models.PROTECT, primary_key=True, related_name="evaluation"
    )
    people = models.PositiveIntegerField(_("answered by"), default=0)
    objectives = models.JSONField(
        default=dict,
        help_text=_("How many chose each point, from 1 to 5, by the words of the objective."),
    )
    items = models.JSONField(
        default=dict, help_text=_("How many chose each point, by the name of the question.")
    )
    words = models.JSONField(
        default=dict, help_text=_("What was written, in no order, by the name of the question.")
    )

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")

    def __str__(self) -> str:
        return str(self.scheduled_class)
