"""The page that compares earlier words with today's, and the button that brings them back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from content.fields import RichTextField
from content.history import bringing_back, words
from content.history.admin import WithHistory, actor_of
from content.history.bringing_back import ChangedMeanwhile, NotThere
from content.history.models import Change
from content.staff_pages import ACTS, staff_page


@dataclass(frozen=True)
class Comparison:
    """One field: today's words turned into the earlier ones, and the earlier ones as they read."""

    label: str
    marked: SafeString
    earlier: str
    is_rich: bool


class BringsBack(WithHistory):
    """A History whose earlier words can be brought back: of words that nobody plans a day by."""

    def get_urls(self) -> list[URLPattern]:
        room, name = self.opts.app_label, self.opts.model_name
        page = staff_page(f"{room}.change_{name}", ACTS)(self.bring_back)
        own = path("<int:key>/history/<int:line>/", page, name=f"{room}_{name}_bring_back")
        return [own, *super().get_urls()]

    def history_entry(self, obj: Any, row: Change) -> words.Entry:
        """With the ways back to the words that stood there before."""
        entry = super().history_entry(obj, row)
        way = reverse(f"admin:{row.owner.replace('.', '_')}_bring_back", args=[obj.pk, row.pk])
        if row.kind == Change.Kind.CHANGED:
            label = _("Compare with today, or bring back: %(field)s")
            entry.ways_back.extend(
                (label % {"field": one.label}, f"{way}?field={one.field}")
                for one in entry.differences
                if one.is_text
            )
        elif row.kind == Change.Kind.DELETED and row.what != row.owner:
            entry.ways_back.append((_("Look at it, or bring it back"), way))
        return entry

    def bring_back(self, request: HttpRequest, key: int, line: int) -> HttpResponse:
        """GET compares, POST brings back. Without a `field` it is a whole part that was deleted."""
        owner = self.get_object(request, str(key))
        if owner is None:
            raise Http404
        if not self.has_change_permission(request, owner):
            raise PermissionDenied
        change = get_object_or_404(Change.objects.of(owner), pk=line)
        field = (request.POST or request.GET).get("field", "")
        if request.method == "POST" and self.is_brought_back(request, owner, change, field):
            messages.success(request, _("The earlier words are back, and on the site."))
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", key)
        try:
            compared = list(comparisons(owner, change, field))
        except NotThere:
            compared = []
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": owner,
            "title": _("Earlier words"),
            "subtitle": str(owner),
            "entry": words.entry(change),
            "compared": compared,
            "field": field,
            "seen": bringing_back.newest(owner),
        }
        return render(request, "admin/history/bring_back.html", context)

    def is_brought_back(
        self, request: HttpRequest, owner: models.Model, change: Change, field: str
    ) -> bool:
        """False, with a sentence why, when nothing was done."""
        seen = request.POST.get("seen", "")
        doing: dict[str, Any] = {
            "owner": owner,
            "change": change,
            "seen": int(seen) if seen.isdecimal() else 0,
            "actor": actor_of(request),
            "now": timezone.now(),
        }
        try:
            if field:
                bringing_back.bring_back_words(field=field, **doing)
            else:
                bringing_back.bring_back_part(**doing)
        except ChangedMeanwhile:
            sentence = _(
                "Something has changed here meanwhile. Nothing was brought back: look again."
            )
            messages.error(request, sentence)
        except NotThere:
            messages.error(request, _("Nothing was brought back: its place is not there any more."))
        except ValidationError as refusal:
            messages.error(request, " ".join([_("Nothing was brought back."), *refusal.messages]))
        else:
            return True
        return False


def comparisons(owner: models.Model, change: Change, field: str) -> Iterator[Comparison]:
    """Raises NotThere."""
    if field:
        row = bringing_back.row_of(change)
        earlier = bringing_back.words_at(change, field)
        yield comparison(row, field, getattr(row, field), earlier)
        return
    part = bringing_back.deleted_part(owner, change)
    for name in words.in_order(change):
        if bringing_back.is_of_words(change, name) and getattr(part, name):
            yield comparison(part, name, "", getattr(part, name))


def comparison(row: models.Model, name: str, today: str, earlier: str) -> Comparison:
    known: Any = row._meta.get_field(name)
    label = str(known.verbose_name)
    if not isinstance(known, RichTextField):
        return Comparison(label, words.marked_words(today, earlier), earlier, is_rich=False)
    marked = words.marked_words(words.readable(today), words.readable(earlier))
    return Comparison(label, marked, SafeString(known.sanitize(earlier)), is_rich=True)
