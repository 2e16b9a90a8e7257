from django.db import models
from django.utils.translation import gettext_lazy as _


class Tries(models.Model):
    """How often one network did one thing within one span of time: see `registrations/limits.py`.

    The network, with what it tried where one address is counted, is a hash with the site's secret
    and the day: nobody reads an address here.
    """

    what = models.CharField(max_length=20)
    network = models.CharField(max_length=64)
    since = models.DateTimeField(_("since"))
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("tries")
        verbose_name_plural = _("tries")
        constraints = [
            models.UniqueConstraint(
                fields=["what", "network", "since"], name="tries_are_counted_once"
            ),
        ]
        indexes = [models.Index(fields=["since"], name="tries_since")]

    def __str__(self) -> str:
        return f"{self.what}: {self.count}"
