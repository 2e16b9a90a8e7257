from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkRequest(models.Model):
    """Somebody asked for the link of an address. The worker looks whose it is, and forgets it.

    The page that takes the request looks nothing up: it costs and says the same for every address.
    """

    email_key = models.CharField(max_length=300)
    asked_at = models.DateTimeField(_("asked"))

    class Meta:
        verbose_name = _("request for a link")
        verbose_name_plural = _("requests for a link")

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
