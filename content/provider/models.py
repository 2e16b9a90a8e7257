from django.db import models
from django.utils.translation import gettext_lazy as _


class Provider(models.Model):
    """One row. What was issued keeps what it says, whatever changes here."""

    name = models.CharField(
        _("name"), max_length=150, help_text=_("Who gives the training, as certificates print it.")
    )
    contact = models.TextField(
        _("contact"),
        max_length=300,
        help_text=_("How a board reaches you, one line each: postal address, mail, phone."),
    )
    signed_by = models.CharField(
        _("who signs"),
        max_length=120,
        help_text=_("Name and credentials, for example Ana Ruiz, CPFS."),
    )
    signed_as = models.CharField(
        _("signs as"), max_length=120, blank=True, help_text=_("For example: Training lead.")
    )
    signature = models.BinaryField(_("signature"), blank=True, default=b"")

    class Meta:
        verbose_name = _("provider and signature")
        verbose_name_plural = _("provider and signature")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="provider_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("Provider and signature"))

    @property
    def signature_png(self) -> bytes:
        """PostgreSQL hands over a view of the bytes."""
        return bytes(self.signature)
