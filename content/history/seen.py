"""Two people at one page of the admin: the second is told what the first has changed.

The form carries the last line of history that its page knew. When it comes back and there are later
lines, nothing is saved: the page comes again with them in sentences, and with everything that was
typed. A second press then saves, for now they have been seen.
"""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from content.history import words
from content.history.models import Change

#: The hidden field, which `templates/admin/change_form.html` writes.
SEEN = "_seen"

#: More lines of news than this nobody reads.
MANY = 10


class ToldFirst(forms.BaseModelForm):
    """The form of somebody who does not know what is stored: refused, with what has changed."""

    #: The sentences, and the lines of history that they are about, the first first.
    news: list[str] = []
    lines: list[Change] = []

    def clean(self) -> Any:
        cleaned = super().clean()
        self.data: Any = self.data.copy()  # what a page sends
        for line in self.lines:
            self.take_over(line)
        self.add_error(None, self.news)
        return cleaned

    def take_over(self, line: Change) -> None:
        """A field that the other changed and this person left alone shows what is stored now."""
        if line.what != line.owner:
            return
        for name, (old, _new) in line.fields.items():
            if name in self.cleaned_data and as_kept(self.cleaned_data[name]) == as_kept(old):
                key, known = self.add_prefix(name), self.fields[name]
                put(self.data, key, known, known.prepare_value(self.initial.get(name)))


def as_kept(value: Any) -> Any:
    """A value of a form as history keeps it, so that the two can be compared."""
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, models.QuerySet):
        return sorted(str(one) for one in value)
    if isinstance(value, dt.datetime):
        value = value.astimezone(dt.UTC)
    if isinstance(value, str):
        # What a browser makes of the end of a line is no change.
        return value.replace("\r\n", "\n")
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def put(data: QueryDict, key: str, known: forms.Field, value: Any) -> None:
    """The value into what a page sends: a moment has two parts there, a choice of many has many."""
    widget: Any = getattr(known.widget, "widget", known.widget)
    if isinstance(widget, forms.MultiWidget):
        for number, part in enumerate(widget.decompress(value) or []):
            data[f"{key}_{number}"] = widget.widgets[number].format_value(part) or ""
    elif getattr(widget, "allow_multiple_selected", False):
        data.setlist(key, [str(one) for one in value or []])
    else:
        data[key] = "" if value is None else str(value)


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
        seen = request.POST.get(SEEN, "")
        lines = list(Change.objects.of(obj).filter(pk__gt=number_of(seen)))[::-1]
        if seen.isdecimal() and not lines:
            return form
        vars(request)["told"] = True
        told = {"news": self.news(lines[-MANY:], obj), "lines": lines}
        return type(form.__name__, (ToldFirst, form), told)

    def news(self, lines: list[Change], obj: Any) -> list[str]:
        told = [
            sentence
            for line in lines
            for sentence in news_of(line, lambda at: self.history_moment(obj, at))
        ]
        return [
            _("This was changed after you opened the page. Nothing of yours is saved yet."),
            *told,
            _("What you typed is still here. Read it through, then save again to keep yours."),
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


def number_of(seen: str) -> int:
    """The line that was seen; 0 for a form that does not say."""
    return int(seen[:18]) if seen.isdecimal() else 0


def news_of(line: Change, tell: words.Tell) -> Iterator[str]:
    """Who did what, and what stands there now: `Ana changed the cost.`, `Cost: 9 dollars`."""
    yield f"{words.what_happened(line)}."
    if line.kind == Change.Kind.DELETED:
        yield _("Tick Delete in its row here too, or open the page anew.")
        return
    if line.kind == Change.Kind.ADDED:
        yield _("It is not on this page yet, and stays when you save.")
        return
    fields = words.fields_of(line)
    for name in words.in_order(line):
        now = words.in_words(fields.get(name), line.fields[name][1], tell)
        values = {"label": capfirst(words.label(line, name)), "now": Truncator(now).chars(200)}
        yield (_("%(label)s: %(now)s") if now else _("%(label)s: empty")) % values
    if line.what != line.owner:
        yield _("Its row here shows what was before: change it here too, or open the page anew.")
