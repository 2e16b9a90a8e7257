"""Find a person: who it is, how they stand, whether their link works, and what can be done."""

from django import forms
from django.contrib import admin
from django.core.validators import ProhibitNullCharactersValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.staff_pages import staff_page
from registrations.admin.acts import path_of
from registrations.admin.reach import last_links, link_in_words
from registrations.models import Registration

#: More than fit on one page are too many to look through.
SHOWN = 25


class FindForm(forms.Form):
    q = forms.CharField(
        label=_("Name, phone or address"),
        max_length=200,
        help_text=_(
            "A part is enough. Accents, capitals and how a phone is spelled do not matter."
        ),
        validators=[ProhibitNullCharactersValidator()],
        error_messages={"required": _("Enter a part of a name, a phone number or an address.")},
    )


@staff_page("registrations.view_registration")
def find(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET if "q" in request.GET else None)
    context = {
        **admin.site.each_context(request),
        "title": _now("Find a person"),
        "form": form,
        "asked": form.is_bound and form.is_valid(),
    }
    if context["asked"]:
        context |= found(form.cleaned_data["q"], may_act=request.user.has_perm(CHANGES_PEOPLE))
    return render(request, "admin/registrations/find.html", context)


CHANGES_PEOPLE = "registrations.change_registration"


def found(typed: str, *, may_act: bool) -> dict[str, object]:
    people = Registration.objects.exclude(full_name="").found_by(typed).order_by("-pk")
    related = people.select_related("scheduled_class")
    shown = list(related.prefetch_related("scheduled_class__class_sessions")[: SHOWN + 1])
    links = last_links(shown)
    return {
        "people": [
            {
                "person": person,
                "path": path_of(person),
                "link_works": link_in_words(person, links.get(person.pk)),
                "acts": acts_for(person) if may_act else [],
            }
            for person in shown[:SHOWN]
        ],
        "there_are_more": len(shown) > SHOWN,
    }


def acts_for(person: Registration) -> list[tuple[str, str]]:
    """The two that a call is about most often; the rest is on the person's page."""
    steps = [("address", _now("Correct the address"))]
    if person.email:
        steps.insert(0, ("link", _now("Send a new link")))
    return [
        (reverse(f"admin:registrations_registration_{step}", args=[person.pk]), words)
        for step, words in steps
    ]
