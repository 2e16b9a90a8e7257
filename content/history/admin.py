"""The History of an object in the admin, in sentences, and the recording of what is saved there."""

import datetime as dt
from typing import Any, cast

from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from content.history import recording, words
from content.history.models import Actor, Change
from content.history.seen import TellsOfOthers

#: Lines of history on one page.
PAGE = 25


class WithHistory(TellsOfOthers):
    """Records what staff save and delete. Django's own log of the same is not kept beside it."""

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        vars(form)["recorded"] = recording.snapshot(obj) if change else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        before = vars(form)["recorded"]
        recording.write(form.instance, before, actor=actor_of(request), now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        with recording.recorded(obj, actor=actor_of(request), now=timezone.now()):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]  # Django's own answer, as in its history_view
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        page = Paginator(self.history_of(obj), PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": _("History"),
            "subtitle": str(obj),
            "page": page,
            "entries": [self.history_entry(obj, row) for row in page],
            **(extra_context or {}),
        }
        return render(request, "admin/history/history.html", context)

    def history_of(self, obj: Any) -> models.QuerySet[Any]:
        """What the History shows, the newest first."""
        return Change.objects.of(obj)

    def history_entry(self, obj: Any, row: Any) -> words.Entry:
        return words.entry(row, lambda at: self.history_moment(obj, at))

    def history_moment(self, obj: Any, at: dt.datetime) -> str:
        return words.mountain_time(at)


def actor_of(request: HttpRequest) -> Actor:
    return Actor.staff(cast("User", request.user))
