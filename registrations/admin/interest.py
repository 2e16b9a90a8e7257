"""The people who wait for news of a class. Their addresses are shown one at a time."""

import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses import zones
from registrations.admin.look_only import LookOnly
from registrations.models import InterestSignup
from registrations.services import interest


class AnsweredFilter(admin.SimpleListFilter):
    title = _("address answered")
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", str(_("Yes: waits for news"))), ("no", str(_("Not yet")))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[InterestSignup]
    ) -> QuerySet[InterestSignup]:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(confirmed_at__isnull=self.value() == "no")


@admin.register(InterestSignup)
class InterestSignupAdmin(LookOnly, admin.ModelAdmin):
    list_display = ["__str__", "confirmed", "signed_up", "language"]
    list_filter = [AnsweredFilter]
    list_per_page = 25
    search_fields = ["email"]
    search_help_text = _("A part of an email address")
    fields = ["email", "language", "signed_up", "confirmed"]
    actions = ["take_off"]

    @admin.display(description=_("signed up"), ordering="created_at")
    def signed_up(self, signup: InterestSignup) -> str:
        return day(signup.created_at)

    @admin.display(description=_("confirmed"), ordering="confirmed_at")
    def confirmed(self, signup: InterestSignup) -> str:
        return day(signup.confirmed_at)

    @admin.action(description=_("Take off the list"), permissions=["take_off"])
    def take_off(self, request: HttpRequest, signups: QuerySet[InterestSignup]) -> None:
        """For somebody who asks by phone."""
        people = list(signups)
        for signup in people:
            interest.leave(signup=signup)
        words = ngettext(
            "%(count)s person is off the list.", "%(count)s people are off the list.", len(people)
        )
        self.message_user(request, words % {"count": len(people)}, messages.SUCCESS)

    def has_take_off_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registrations.delete_interestsignup")


def day(moment: dt.datetime | None) -> str:
    return zones.date(moment, zones.Zone.MOUNTAIN) if moment else "-"
