"""Two people at one page of the admin: the second is told what the first has changed.

The form carries the last line of history that its page knew. When it comes back and there are later
lines, nothing is saved: the page comes again with them in sentences, and with everything that was
typed. A second press then saves, for now they have been seen.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from content.history import words
from content.history.models import Change

#: The hidden field, which `templates/admin/change_form.html` writes.
SEEN = "_seen"

#: More lines of news than this nobody reads.
MANY = 10


class ToldFirst:
    """The form of somebody who does not know what is stored: refused, with what has changed."""

    news: list[str] = []

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]  # stands before a form
        self.add_error(None, self.news)  # type: ignore[attr-defined]
        return cleaned


class TellsOfOthers(admin.ModelAdmin):
    """What an admin with a history has for it."""

    def history_moment(self, obj: Any, at: dt.datetime) -> str:
        return words.mountain_time(at)

    def lock(self, obj: Any) -> None:
        """Whoever saves second waits here, and then reads what the first has stored."""
        list(self.model._base_manager.select_for_update().filter(pk=obj.pk))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        # Before the object: a change in between is then told, not missed.
        vars(request)["last_line"] = self.last_line(object_id)
        found = super().get_object(request, object_id, from_field)
        if found and request.method == "POST" and connection.in_atomic_block:
            self.lock(found)
            vars(request)["last_line"] = self.last_line(object_id)
            found = super().get_object(request, object_id, from_field)
        return found

    def last_line(self, object_id: str) -> int:
        """The number of the last line of its history; 0 for none."""
        key = int(object_id[:18]) if object_id.isdecimal() else 0
        lines = Change.objects.filter(owner=self.model._meta.label_lower, owner_key=key)
        return lines.order_by("-pk").values_list("pk", flat=True).first() or 0

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT002  # Django's own signature
        **kwargs: Any,
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None or request.method != "POST":
            return form
        news = self.news_since(request.POST.get(SEEN, ""), obj)
        if not news:
            return form
        vars(request)["told"] = True
        return type(form.__name__, (ToldFirst, form), {"news": news})

    def news_since(self, seen: str, obj: Any) -> list[str]:
        """What was changed after the last line that was seen, in sentences; empty when nothing."""
        lines = Change.objects.of(obj)
        if seen.isdecimal():
            lines = lines.filter(pk__gt=int(seen[:18]))
            if not lines:
                return []
        told = [
            sentence
            for line in reversed(lines[:MANY])
            for sentence in news_of(line, lambda at: self.history_moment(obj, at))
        ]
        return [
            _("This was changed after you opened the page. Nothing of yours is saved yet."),
            *told,
            _("What you typed is still here. To put it in the place of theirs, save again."),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """What was seen stays what was seen, until the news have been told."""
        obj = context["original"]
        if obj and request.method == "POST" and "told" not in vars(request):
            context["seen"] = request.POST.get(SEEN, "")
        elif obj:
            context["seen"] = str(vars(request)["last_line"])
        return super().render_change_form(request, context, *args, **kwargs)


def news_of(line: Change, tell: words.Tell) -> Iterator[str]:
    """Who did what, and what stands there now: `Ana changed the cost.`, `Cost: 9 dollars`."""
    yield f"{words.what_happened(line)}."
    if line.kind == Change.Kind.DELETED:
        yield _("Tick Delete in its row here too, or open the page anew.")
        return
    fields = words.fields_of(line)
    for name in words.in_order(line):
        now = words.in_words(fields.get(name), line.fields[name][1], tell)
        values = {"label": capfirst(words.label(line, name)), "now": Truncator(now).chars(200)}
        yield (_("%(label)s: %(now)s") if now else _("%(label)s: empty")) % values
