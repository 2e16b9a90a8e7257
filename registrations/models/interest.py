"""People who want one mail when a class has dates, and the telling of them."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import ScheduledClass
from registrations.addresses import masked


class InterestSignupQuerySet(models.QuerySet["InterestSignup"]):
    def confirmed(self) -> "InterestSignupQuerySet":
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed_since(self, moment: dt.datetime) -> "InterestSignupQuerySet":
        return self.filter(confirmed_at__isnull=True, created_at__lte=moment)


class InterestSignup(models.Model):
    """An address that wants one mail when a class has dates. The row goes when it was sent."""

    email = models.EmailField(_("email address"))
    email_key = models.CharField(max_length=300, unique=True, editable=False)
    language = models.CharField(
        _("language of mail"),
        max_length=5,
        choices=ScheduledClass.Language,
        default=ScheduledClass.Language.ENGLISH,
    )
    created_at = models.DateTimeField(_("signed up"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    turn = models.PositiveIntegerField(default=0, help_text=_("Rises with each mail asked for."))

    objects = InterestSignupQuerySet.as_manager()

    class Meta:
        verbose_name = _("person who waits for news")
        verbose_name_plural = _("people who wait for news")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return masked(self.email)


class Announcement(models.Model):
    """Staff told the list about a class, once. The worker writes the letters in batches."""

    scheduled_class = models.OneToOneField(
        ScheduledClass, models.CASCADE, related_name="+", verbose_name=_("class")
    )
    asked_at = models.DateTimeField(_("asked for"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    written = models.PositiveIntegerField(_("letters written"), default=0)
    done_at = models.DateTimeField(_("all written"), null=True, blank=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return str(self.scheduled_class)
