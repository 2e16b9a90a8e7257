"""The files that answer an audit: what staff asked for, and what the worker put into each."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import ScheduledClass
from registrations.models.certificate import Certificate


class AuditFile(models.Model):
    """One file for one class. It rests for a while, goes with anybody in it, and is made anew.

    Written by `services.auditing` alone: first all that is written down, then the certificates,
    some at a time, then the list of what is in it.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    scheduled_class = models.ForeignKey(ScheduledClass, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(
        _("as of"), null=True, help_text=_("The moment of which it tells.")
    )
    people = models.JSONField(
        default=list, help_text=_("Keys of the registrations of whom it tells.")
    )
    certificates = models.PositiveIntegerField(_("certificates"), default=0)
    left = models.JSONField(
        _("still to do"), default=list, help_text=_("Keys of certificates, in order.")
    )
    made_at = models.DateTimeField(_("made"), null=True)

    class Meta:
        verbose_name = _("audit file")
        verbose_name_plural = _("audit files")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheduled_class"],
                condition=models.Q(made_at__isnull=True),
                name="one_audit_file_of_a_class_in_the_making",
            ),
        ]

    def __str__(self) -> str:
        return str(self.scheduled_class)


class AuditPart(models.Model):
    """One file in it: bytes of its own, or the paper of a certificate, which is frozen anyway."""

    audit_file = models.ForeignKey(AuditFile, models.CASCADE, related_name="parts")
    name = models.CharField(max_length=100)
    data = models.BinaryField(null=True)
    # Whoever erases a certificate has to take the audit files first that hold it.
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="+")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("part of an audit file")
        verbose_name_plural = _("parts of audit files")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit_file", "name"], name="a_part_once_in_an_audit_file"
            ),
            models.CheckConstraint(
                condition=models.Q(data__isnull=True, certificate__isnull=False)
                | models.Q(data__isnull=False, certificate__isnull=True),
                name="a_part_is_bytes_or_a_certificate",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def content(self) -> bytes:
        """PostgreSQL hands over a view of the bytes."""
        if self.certificate is not None:
            return self.certificate.paper
        return bytes(self.data or b"")
