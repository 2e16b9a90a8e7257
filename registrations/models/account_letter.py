import datetime as dt

from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountLetterQuerySet(models.QuerySet["AccountLetter"]):
    def due(self, now: dt.datetime) -> "AccountLetterQuerySet":
        return self.filter(next_try_at__lte=now).order_by("next_try_at", "pk")


class AccountLetter(models.Model):
    """A mail that is owed to the account of one of the staff: what happened to its sign-in.

    It is gone when it was sent. The page that takes an address for a forgotten password looks
    nothing up, and costs and says the same for every address: the worker looks whose it is, and
    makes the link then.
    """

    class Kind(models.TextChoices):
        APP_ADDED = "app_added", _("An authenticator app was set up")
        APP_REMOVED = "app_removed", _("The authenticator app was removed")
        PASSKEY_ADDED = "passkey_added", _("A passkey was added")
        PASSKEY_REMOVED = "passkey_removed", _("A passkey was removed")
        CODES_RENEWED = "codes_renewed", _("There are new recovery codes")
        CODE_USED = "code_used", _("A recovery code was used")
        RESET = "reset", _("The second factor was reset by hand")
        PASSWORD_CHANGED = "password_changed", _("The password was changed")
        TOO_MANY_TRIES = "too_many_tries", _("Too many wrong tries to sign in")
        FORGOTTEN = "forgotten", _("A new password was asked for")

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    address = models.EmailField(_("address that was typed"), blank=True)
    kind = models.CharField(_("letter"), max_length=20, choices=Kind)
    codes_left = models.PositiveSmallIntegerField(_("recovery codes left"), null=True)
    happened_at = models.DateTimeField(_("happened"))
    next_try_at = models.DateTimeField(_("next try"))

    objects = AccountLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter to an account")
        verbose_name_plural = _("letters to accounts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True, kind="forgotten")
                | models.Q(user__isnull=False) & ~models.Q(kind="forgotten"),
                name="an_account_letter_knows_whose_it_is_unless_asked_for",
            ),
        ]
        indexes = [models.Index(fields=["next_try_at"], name="account_letter_due")]

    def __str__(self) -> str:
        return self.get_kind_display()
