import datetime as dt
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class By(models.TextChoices):
    PERSON = "person", _("the person")
    STAFF = "staff", _("staff")
    SITE = "site", _("the site")


@dataclass(frozen=True)
class Actor:
    """Who caused something: a person in a class, the site itself, or one of the staff."""

    by: By
    user: User | None = None

    @classmethod
    def staff(cls, user: User) -> Self:
        return cls(By.STAFF, user)


SITE = Actor(By.SITE)


class ChangeQuerySet(models.QuerySet["Change"]):
    def of(self, owner: models.Model) -> "ChangeQuerySet":
        """All that happened to it and to its parts, the newest first."""
        here = self.filter(owner=owner._meta.label_lower, owner_key=owner.pk)
        return here.select_related("by_user").order_by("-pk")

    def of_field(self, owner: models.Model, *names: str) -> "ChangeQuerySet":
        """The changes of the row itself that touched one of these fields, in any language."""
        columns = [f"{name}_{code}" for name in names for code, _language in settings.LANGUAGES]
        here = self.of(owner).filter(what=models.F("owner"), key=models.F("owner_key"))
        return here.filter(fields__has_any_keys=[*names, *columns])


class Change(models.Model):
    """One row that was added, changed or deleted: written in the same transaction, never changed.

    `owner` is what staff open to see it: a section belongs to its page, a session to its class.
    """

    class Kind(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")

    at = models.DateTimeField(_("when"))
    by = models.CharField(_("by"), max_length=10, choices=By)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    owner = models.CharField(max_length=60, help_text=_("For example: content.page"))
    owner_key = models.BigIntegerField()
    what = models.CharField(max_length=60, help_text=_("For example: content.section"))
    key = models.BigIntegerField()
    name = models.CharField(max_length=200, help_text=_("What it was called then."))
    kind = models.CharField(max_length=10, choices=Kind)
    fields = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, help_text=_("Of each field: old and new.")
    )
    why = models.CharField(_("why"), max_length=300, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("history")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["owner", "owner_key"], name="change_owner"),
            models.Index(fields=["at"], name="change_at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("History is append-only.")
        super().save(*args, **kwargs)


def last_changed(owner: models.Model, *names: str) -> dt.datetime | None:
    """When one of these fields was last changed: in whichever language."""
    return Change.objects.of_field(owner, *names).values_list("at", flat=True).first()
