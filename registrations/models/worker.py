from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When the worker last finished each of its jobs, and last began those that rest between."""

    job = models.CharField(_("job"), max_length=40, primary_key=True)
    beat_at = models.DateTimeField(_("last done"), null=True)
    begun_at = models.DateTimeField(_("last begun"), null=True)
    failed_at = models.DateTimeField(
        _("failed"), null=True, help_text=_("Empty once it was done again.")
    )

    class Meta:
        verbose_name = _("worker's heartbeat")
        verbose_name_plural = _("worker's heartbeats")

    def __str__(self) -> str:
        return self.job
