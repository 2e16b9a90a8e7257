"""Reaching a person whose mail does not: seen in words, and put right with them on the phone."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.staff_pages import ACTS, staff_page
from courses import zones
from registrations.models import Registration
from registrations.services import details
from registrations.services.seats import Actor, AlreadyRegistered

Status = Registration.Status


class MailFilter(admin.SimpleListFilter):
    title = _("mail")
    parameter_name = "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("came_back", _("Mail came back")),
            ("never", _("Never answered")),
            ("not_yet", _("Not answered yet")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Registration]
    ) -> QuerySet[Registration]:
        silent = queryset.filter(proved_at=None).exclude(email="")
        match self.value():
            case "came_back":
                return queryset.exclude(mail_problem="")
            case "never":
                return silent.filter(status=Status.LAPSED)
            case "not_yet":
                return silent.filter(status__in=[Status.OFFERED, Status.WAITLISTED])
        return queryset


def mail_in_words(registration: Registration) -> str:
    """Whether mail reaches the person: `Mail came back on January 5, 2027`."""
    if not registration.email:
        return _now("Erased")
    if registration.mail_problem_at:
        day = zones.date(registration.mail_problem_at, registration.scheduled_class.zone)
        return _now("Mail came back on %(day)s") % {"day": day}
    if registration.proved_at:
        return _now("Answered")
    if registration.status == Status.LAPSED:
        return _now("Never answered")
    return _now("Not answered yet")


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        error_messages={
            "required": _("Enter a whole email address."),
            "invalid": _("Enter a whole email address."),
        },
        help_text=_("Read it back to them letter by letter."),
    )


@staff_page("registrations.change_registration", ACTS)
def correct_address(request: HttpRequest, pk: int) -> HttpResponse:
    registration = person_for(pk)
    form = AddressForm(request.POST or None, initial={"email": registration.email})
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        try:
            details.take_new_address(
                registration=registration,
                address=address,
                actor=Actor.staff(cast("User", request.user)),
                now=timezone.now(),
            )
        except AlreadyRegistered:
            sentence = _now("Somebody is registered for this class with this address already.")
            form.add_error("email", sentence)
        else:
            words = _now(
                "A new link goes to %(address)s. Links in older mails have stopped working."
            )
            messages.success(request, words % {"address": address})
            return back_to(registration)
    return page(
        request,
        registration,
        title=_now("Correct the address"),
        explanation=_now(
            "Only while you speak with the person. The new address gets their link. The old one is "
            "told of the change, if it ever answered."
        ),
        button=_now("Use this address"),
        form=form,
    )


@staff_page("registrations.change_registration", ACTS)
def send_link_again(request: HttpRequest, pk: int) -> HttpResponse:
    registration = person_for(pk)
    if request.method == "POST":
        if details.send_link(registration=registration, now=timezone.now()):
            words = _now("The link goes to %(address)s within a few minutes.")
            messages.success(request, words % {"address": registration.email})
        else:
            messages.warning(request, _now("A link was sent less than 2 minutes ago. Wait for it."))
        return back_to(registration)
    return page(
        request,
        registration,
        title=_now("Send the link again"),
        explanation=_now("We write to %(address)s. Links in older mails keep working.")
        % {"address": registration.email},
        button=_now("Send the link"),
    )


def person_for(pk: int) -> Registration:
    """Somebody who is not erased."""
    known = Registration.objects.exclude(full_name="").select_related("scheduled_class")
    return get_object_or_404(known, pk=pk)


def back_to(registration: Registration) -> HttpResponse:
    return redirect("admin:registrations_registration_change", registration.pk)


def page(request: HttpRequest, registration: Registration, **words: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "registration": registration,
        "opts": Registration._meta,
        **words,
    }
    return render(request, "admin/registrations/act.html", context)
