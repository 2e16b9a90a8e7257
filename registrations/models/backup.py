import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Backup(models.Model):
    """One archive that was made of this database.

    The row is written before the archive, so that the archive holds it. A later state of the same
    database is known by it: what was erased there must not come back from the archive.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    taken_at = models.DateTimeField(_("taken"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")

    def __str__(self) -> str:
        return f"{self.taken_at:%Y-%m-%d %H:%M}"
