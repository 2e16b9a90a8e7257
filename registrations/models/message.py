"""A message that staff write to people of one class."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import ScheduledClass


class Message(models.Model):
    """Its words, once. Who gets it is a `Letter` for each person, whose `about` is the key."""

    key = models.UUIDField(
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text=_("Of the form that it was typed into: pressed twice, it is sent once."),
    )
    scheduled_class = models.ForeignKey(
        ScheduledClass, models.PROTECT, related_name="messages", verbose_name=_("class")
    )
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("words"), max_length=3000)
    written_at = models.DateTimeField(_("written"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages to people of a class")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject
