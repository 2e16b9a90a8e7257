"""What staff do to one person: read first who is told what, then done, or not at all.

A refused act changes nothing, sends nothing and says in one sentence why.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registrations.admin.previewing import (
    NotAsShown,
    Told,
    perform,
    preview_page,
    shown_to,
    wants_back,
)
from registrations.models import Registration
from registrations.services import seats
from registrations.services.ledger import Erased
from registrations.services.seats import Actor


class Refused(Exception):
    """It cannot be done; `sentence` says why, to staff, at the field that has to change."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class DoneBefore(Exception):
    """A second press of what is done once; `path` is where to see it."""

    def __init__(self, sentence: str, path: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.path = path


@dataclass(frozen=True)
class Act:
    """One act as its pages tell it. `button` without the number of people: "Cancel the seat".

    What tells nobody has no preview. `then` is where it leads when it was done, and `label` makes
    the button's words from how many are told, when they are none of "... and tell 2 people".
    """

    title: str
    explanation: str
    button: str
    done: str
    do: Callable[[dt.datetime], object]
    tells: bool = True
    then: Callable[[], str] | None = None
    label: Callable[[int], str] | None = None

    def button_for(self, told: Told) -> str:
        return self.label(told.count) if self.label else button_for(self.button, told)


def act_page(
    request: HttpRequest,
    act: Act,
    form: forms.Form | None = None,
    *,
    back: str,
    crumbs: list[tuple[str, str]],
    **context: Any,
) -> HttpResponse:
    """The form, then what it would do, then the doing. Without a form it begins with the second."""
    is_asked = request.method == "POST" or form is None
    if wants_back(request) and form is None:
        return redirect(back)
    if is_asked and not wants_back(request) and (form is None or form.is_valid()):
        try:
            told = perform_or_do(act, request)
        except NotAsShown as anew:
            return preview_page(
                request,
                anew.told,
                title=act.title,
                button=act.button_for(anew.told),
                sentences=[act.explanation] if form is None else [],
                crumbs=crumbs,
            )
        except DoneBefore as before:
            messages.info(request, before.sentence)
            return redirect(before.path)
        except Erased:
            messages.error(request, _("They were erased a moment ago. Nothing was done."))
            return redirect(back)
        except Refused as refusal:
            if form is None:
                messages.error(request, refusal.sentence)
                return redirect(back)
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, done_words(act.done, told))
            return redirect(act.then() if act.then else back)
    context |= {
        **admin.site.each_context(request),
        "title": act.title,
        "explanation": act.explanation,
        "form": form,
        "button": _("Next: see what happens") if act.tells else act.button,
        "back": back,
        "crumbs": crumbs,
    }
    return render(request, "admin/registrations/act.html", context)


def perform_or_do(act: Act, request: HttpRequest) -> int:
    """How many people were told."""
    now = timezone.now()
    if act.tells:
        return perform(act.do, now, shown_to(request)).count
    with transaction.atomic():
        act.do(now)
    return 0


def button_for(words: str, told: Told) -> str:
    """`Cancel the seat and tell 2 people`"""
    if not told.count:
        return words
    tells = ngettext(
        "%(act)s and tell %(count)s person", "%(act)s and tell %(count)s people", told.count
    )
    return tells % {"act": words, "count": told.count}


def done_words(words: str, count: int) -> str:
    tells = ngettext("%(count)s person is told.", "%(count)s people are told.", count)
    return f"{words} {tells % {'count': count}}" if count else words


# One person.


def person_for(pk: int) -> Registration:
    """Somebody who is not erased."""
    known = Registration.objects.exclude(full_name="").select_related("scheduled_class")
    return get_object_or_404(known, pk=pk)


def path_of(registration: Registration) -> str:
    return reverse("admin:registrations_registration_change", args=[registration.pk])


def act_on(
    request: HttpRequest, registration: Registration, act: Act, form: forms.Form | None = None
) -> HttpResponse:
    people = reverse("admin:registrations_registration_changelist")
    return act_page(
        request,
        act,
        form,
        back=path_of(registration),
        crumbs=[(_("People"), people), (str(registration), path_of(registration))],
        who=f"{registration}, {registration.scheduled_class}",
    )


def staff(request: HttpRequest) -> Actor:
    return Actor.staff(cast("User", request.user))


@contextmanager
def refusing(registration: Registration) -> Iterator[None]:
    """What a service of the seats refuses with, as a sentence about the person."""
    name = {"name": registration}
    try:
        yield
    except seats.NoFreeSeat as problem:
        raise Refused(_("No seat is free for %(name)s.") % name) from problem
    except seats.NotInLine as problem:
        raise Refused(_("%(name)s does not wait in line.") % name) from problem
    except seats.HasNotAnswered as problem:
        words = _("The address of %(name)s has not answered yet. Send the link again first.")
        raise Refused(words % name) from problem
    except seats.NotTaken as problem:
        raise Refused(_("The class of %(name)s is over.") % name) from problem


def typed(request: HttpRequest) -> QueryDict | None:
    """For a form: what was sent, also when that is nothing."""
    return request.POST if request.method == "POST" else None
