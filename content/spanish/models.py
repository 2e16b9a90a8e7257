from django.db import models
from django.utils.translation import gettext_lazy as _


class Reading(models.Model):
    """A speaker of Spanish has read one text beside its English: these words and no others.

    The fingerprint is of both, so that a change of either takes the mark away by itself.
    """

    what = models.CharField(max_length=60, help_text=_("For example: content.section"))
    key = models.BigIntegerField()
    field = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64)
    reader = models.CharField(_("read by"), max_length=100)
    read_at = models.DateTimeField(_("read on"))

    class Meta:
        verbose_name = _("reading of a Spanish text")
        verbose_name_plural = _("readings of Spanish texts")
        constraints = [
            models.UniqueConstraint(
                fields=["what", "key", "field"], name="one_reading_of_each_spanish_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.key}, {self.field}: {self.reader}"
