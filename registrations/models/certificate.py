"""Certificates as they were issued, and what staff have asked to be issued."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import ScheduledClass
from registrations.finding import LONGEST_NAME_KEY, folded
from registrations.models.registration import Registration

#: What can still happen to a certificate. All else is as it was when it was issued.
ENDS = {"replaced_at", "revoked_at", "revoked_by", "revoked_why"}


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def valid(self) -> "CertificateQuerySet":
        """Neither replaced nor revoked: at most one for each registration."""
        return self.filter(replaced_at__isnull=True, revoked_at__isnull=True)

    def without_paper(self) -> "CertificateQuerySet":
        """For lists: a PDF is about 40 kB."""
        return self.defer("pdf")

    def update(self, **fields: Any) -> int:
        if not fields.keys() <= ENDS:
            raise TypeError("A certificate stays as it was issued.")
        return super().update(**fields)

    update.alters_data = True  # type: ignore[attr-defined]  # Django's own way to say so


class Certificate(models.Model):
    """Numbered and frozen: facts and paper are those of the moment of issue.

    Written by `services.certificates` alone. It goes with the name of its person, when nobody may
    ask for it any more.
    """

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="certificates", verbose_name=_("person")
    )
    number = models.CharField(_("number"), max_length=14, unique=True)
    full_name = models.CharField(_("name on it"), max_length=100)
    name_key = models.CharField(max_length=LONGEST_NAME_KEY, editable=False)
    facts = models.JSONField(_("what it says"), help_text=_("Every word on the paper."))
    pdf = models.BinaryField(_("paper"))
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("issued by"),
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_why = models.CharField(_("reason"), max_length=200, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=models.Q(replaced_at__isnull=True, revoked_at__isnull=True),
                name="one_valid_certificate_per_registration",
            ),
            models.CheckConstraint(
                condition=models.Q(replaced_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="a_certificate_is_replaced_or_revoked",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_why="")
                | (models.Q(revoked_at__isnull=False) & ~models.Q(revoked_why="")),
                name="a_revoked_certificate_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["issued_at"], name="certificate_issued")]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A certificate stays as it was issued.")
        self.name_key = folded(self.full_name)
        super().save(*args, **kwargs)

    @property
    def paper(self) -> bytes:
        """PostgreSQL hands over a view of the bytes."""
        return bytes(self.pdf)

    @property
    def is_valid(self) -> bool:
        return self.replaced_at is None and self.revoked_at is None

    @property
    def replacement(self) -> "Certificate | None":
        """What stands in its place now."""
        return getattr(self, "replaced_by", None)


class CertificateBatch(models.Model):
    """What staff asked to be issued with one press. The worker does it, person by person."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    scheduled_class = models.ForeignKey(ScheduledClass, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_for = models.PositiveIntegerField(_("asked for"))
    left = models.JSONField(_("still to do"), help_text=_("Keys of registrations, in order."))
    issued = models.PositiveIntegerField(_("issued"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificates asked for")
        verbose_name_plural = _("certificates asked for")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(done_at__isnull=True), name="batch_open")
        ]

    def __str__(self) -> str:
        return f"{self.issued} / {self.asked_for}"
