"""The page that lists what is missing in Spanish, and the word of it at the fields themselves."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from translated_fields import to_attribute

from content.history.words import mountain_time
from content.spanish.services import mark_read
from content.spanish.texts import (
    State,
    Text,
    all_texts,
    texts_of,
    who_read_the_interface,
    with_readings,
)
from content.translated import SPANISH


class WordsForm(forms.ModelForm):
    """A form of words in two languages, which says at the Spanish whether a speaker has read it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for text in with_readings(texts_of(self.instance)):
                field = self.fields.get(to_attribute(text.field, SPANISH))
                if field and text.spanish:
                    field.help_text = in_words(text)


def in_words(text: Text) -> str:
    match text.state:
        case State.MISSING:
            return _("No Spanish yet: readers of Spanish see the English.")
        case State.BEHIND:
            return _("The English was changed after the Spanish. Not read by a speaker since.")
        case State.READ if text.reading:
            said = {"name": text.reading.reader, "day": mountain_time(text.reading.read_at)}
            return _("Read by %(name)s on %(day)s.") % said
    return _("Not read by a speaker yet.")


def what_is_missing(request: HttpRequest) -> HttpResponse:
    """GET lists all texts that the reader may change, POST marks some as read by a speaker."""
    user = cast("User", request.user)
    texts = [text for text in all_texts(timezone.now()) if may_change(user, text)]
    if request.method == "POST":
        return mark(request, texts)
    context = {
        **admin.site.each_context(request),
        "title": _("Spanish: what is missing"),
        "groups": [
            {"heading": heading, "state": state, "rows": rows(texts, state)}
            for state, heading in headings().items()
            if rows(texts, state)
        ],
        "interface_reader": who_read_the_interface(),
        "name": user.get_full_name() or user.get_username(),
        "can_mark": any(text.state in {State.BEHIND, State.UNREAD} for text in texts),
    }
    return render(request, "admin/spanish.html", context)


def headings() -> dict[State, str]:
    """The most urgent first."""
    return {
        State.MISSING: _("No Spanish yet"),
        State.BEHIND: _("The English was changed after the Spanish"),
        State.UNREAD: _("Not read by a speaker yet"),
        State.READ: _("Read by a speaker"),
    }


def rows(texts: list[Text], state: State) -> list[tuple[Text, str]]:
    return [(text, in_words(text)) for text in texts if text.state == state]


def may_change(user: User, text: Text) -> bool:
    room, name = text.what.split(".")
    return user.has_perm(f"{room}.change_{name}")


def mark(request: HttpRequest, texts: list[Text]) -> HttpResponse:
    """Only in the words that stood on the page: what was changed meanwhile is to be read again."""
    asked = set(request.POST.getlist("text"))
    reader = " ".join(request.POST.get("reader", "").split())[:100]
    chosen = [text for text in texts if text.mark in asked]
    if not reader:
        messages.error(request, _("Say who read them. Nothing is marked."))
    elif not asked:
        messages.error(request, _("Choose the texts that were read. Nothing is marked."))
    else:
        tell(request, mark_read(chosen, reader=reader, now=timezone.now()), len(asked))
    return HttpResponseRedirect(request.path)


def tell(request: HttpRequest, count: int, asked: int) -> None:
    if count:
        words = ngettext(
            "%(count)s text is marked as read by a speaker.",
            "%(count)s texts are marked as read by a speaker.",
            count,
        )
        messages.success(request, words % {"count": count})
    if count < asked:
        words = _("What was changed meanwhile is not marked. Read it again.")
        messages.warning(request, words)
