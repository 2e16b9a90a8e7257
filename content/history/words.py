"""History as people read it: sentences, and what was taken out and put in, word by word."""

import datetime as dt
import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from content.fields import RichTextField
from content.history.models import By, Change
from content.history.recording import parts_of

#: How a moment is told: with the name of a zone.
Tell: TypeAlias = Callable[[dt.datetime], str]


ONLY_HEARD = "visually-hidden"


def mountain_time(at: dt.datetime) -> str:
    """`Tuesday, November 3, 2026, 2:10 pm Mountain Time`: the work group's own clock."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    half = date_format(local, "A").lower()
    return _("%(day)s, %(time)s Mountain Time") % {
        "day": date_format(local, _("l, F j, Y")),
        "time": f"{date_format(local, 'g:i')} {half}",
    }


@dataclass(frozen=True)
class Difference:
    """One field: its name on the form, and old and new as one text with marks."""

    field: str
    label: str
    marked: SafeString
    is_text: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of history. `what` is the sentence without its moment."""

    at: dt.datetime
    what: str
    when: str
    why: str = ""
    #: What opens the old and new.
    opens: str = ""
    differences: list[Difference] = field(default_factory=list)
    #: Each as (words, address): to compare with today, and bring back.
    ways_back: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    @property
    def sentence(self) -> str:
        return _("%(what)s on %(when)s.") % {"what": self.what, "when": self.when}


def entry(change: Change, tell: Tell = mountain_time, *, url: str = "") -> Entry:
    return Entry(
        at=change.at,
        what=what_happened(change, at_home=True),
        when=tell(change.at),
        why=change.why,
        opens=_("Old and new") if change.kind == Change.Kind.CHANGED else _("What it said"),
        differences=list(all_differences(change, tell)),
        url=url,
    )


def short_entry(change: Change, tell: Tell = mountain_time, *, url: str = "") -> Entry:
    """For a list of many: the sentence alone."""
    return Entry(at=change.at, what=what_happened(change), when=tell(change.at), url=url)


def who(by: str, user: User | None) -> str:
    if user:
        return user.get_full_name() or user.get_username()
    return {By.PERSON: _("The person"), By.SITE: _("The site")}.get(By(by), _("Staff"))


def what_happened(change: Change, *, at_home: bool = False) -> str:
    """`Ana changed the section “Who we are”: words and heading`.

    At home, in the history of the thing itself, it needs no name: `Ana changed the notice`.
    """
    said = {
        "who": who(change.by, change.by_user),
        "kind": kind_of(change),
        "name": change.name,
        "fields": listed(in_a_sentence(label(change, name)) for name in in_order(change)),
    }
    match change.kind:
        case Change.Kind.ADDED:
            return _("%(who)s added the %(kind)s “%(name)s”") % said
        case Change.Kind.DELETED:
            return _("%(who)s deleted the %(kind)s “%(name)s”") % said
    if said["name"].lower() == said["kind"] or (at_home and change.what == change.owner):
        return _("%(who)s changed the %(fields)s") % said
    return _("%(who)s changed the %(kind)s “%(name)s”: %(fields)s") % said


def kind_of(change: Change) -> str:
    """`section`; for what the site knows no more, the name that it had."""
    try:
        return str(apps.get_model(change.what)._meta.verbose_name)
    except LookupError:
        return change.what.rpartition(".")[2]


def fields_of(change: Change) -> "dict[str, models.Field[Any, Any]]":
    """The fields of the row, and of a part that is one with it, in the order of the form."""
    try:
        model = apps.get_model(change.what)
    except LookupError:
        return {}
    one = [relation.related_model for relation in parts_of(model) if relation.one_to_one]
    return {
        known.name: known
        for place in [model, *one]
        for known in [*place._meta.concrete_fields, *place._meta.many_to_many]
    }


def in_order(change: Change) -> list[str]:
    """The names of what changed. PostgreSQL keeps no order in JSON."""
    known = fields_of(change)
    return [
        *(name for name in known if name in change.fields),
        *sorted({*change.fields} - {*known}),
    ]


def label(change: Change, name: str) -> str:
    """The field's name on the form; of one that the site has no more, what is left of it."""
    known = fields_of(change).get(name)
    return str(known.verbose_name) if known else name.replace("_", " ")


def in_a_sentence(label: str) -> str:
    """`Notice, in English` as `notice in English`."""
    return label[:1].lower() + label[1:].replace(",", "")


def listed(parts: Iterable[str]) -> str:
    *first, last = list(parts) or [""]
    if not first:
        return last
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


# Old and new.


def all_differences(change: Change, tell: Tell) -> Iterator[Difference]:
    for name in in_order(change):
        old, new = change.fields[name]
        known = fields_of(change).get(name)
        was, now = (in_words(known, value, tell) for value in (old, new))
        if not was and not now:
            continue
        if change.kind != Change.Kind.CHANGED:
            yield Difference(name, label(change, name), format_html("{}", was or now))
            continue
        is_text = isinstance(known, models.CharField | models.TextField) and not known.choices
        marked = marked_words(was, now) if is_text else marked_whole(was, now)
        if was == now:
            marked = format_html("{}", _("Only links, bold, italic or the kind of a list changed."))
        yield Difference(name, label(change, name), marked, is_text)


def in_words(known: "models.Field[Any, Any] | None", value: Any, tell: Tell) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return listed(str(one) for one in value)
    if known is not None and known.choices:
        return str(dict(known.flatchoices).get(value, value))
    if isinstance(known, models.DateTimeField):
        moment = parse_datetime(str(value))
        return tell(moment) if moment else str(value)
    if isinstance(known, models.DateField):
        day = parse_date(str(value))
        return date_format(day, _("l, F j, Y")) if day else str(value)
    if isinstance(known, RichTextField):
        return readable(str(value))
    return str(value)


def readable(rich: str) -> str:
    """Rich text as lines, with the address of a link after its words: a changed one is seen."""
    text = re.sub(r'(?is)<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', r"\2 (\1)", rich)
    text = re.sub(r"(?i)<li[^>]*>(\s*<p>)?", "• ", text)
    text = re.sub(r"(?i)</(p|li)>|<br ?/?>", "\n", text)
    return re.sub(r"\s*\n\s*", "\n", html.unescape(strip_tags(text))).strip()


def marked_words(old: str, new: str) -> SafeString:
    """The new words, with what was taken out and put in marked where it stood."""
    was, now = (re.findall(r"\n|\S+[^\S\n]*", text) for text in (old, new))
    parts = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    return format_html_join(
        "",
        "{}",
        (
            (piece,)
            for kind, a, b, c, d in parts
            for piece in pieces(kind, "".join(was[a:b]), "".join(now[c:d]))
        ),
    )


def pieces(kind: str, old: str, new: str) -> Iterator[SafeString | str]:
    if kind == "equal":
        yield new
        return
    if old:
        yield taken_out(old)
    if new:
        yield put_in(new)


def marked_whole(old: str, new: str) -> SafeString:
    both = [taken_out(old)] * bool(old) + [put_in(new)] * bool(new)
    return format_html_join(" ", "{}", ((part,) for part in both))


def taken_out(words: str) -> SafeString:
    """Struck through to the eye; a screen reader hears the word before it."""
    return format_html(
        '<del><span class="{}">[{}: </span>{}<span class="{}">]</span></del>',
        ONLY_HEARD,
        _("taken out"),
        words,
        ONLY_HEARD,
    )


def put_in(words: str) -> SafeString:
    return format_html(
        '<ins><span class="{}">[{}: </span>{}<span class="{}">]</span></ins>',
        ONLY_HEARD,
        _("put in"),
        words,
        ONLY_HEARD,
    )
