"""The register of all certificates, and what can be done to one."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content import typesetting
from content.staff_pages import ACTS, staff_page
from courses import zones
from registrations.admin.acts import Act, Refused, act_page, staff, typed
from registrations.admin.certificates.issuing import pdf_answer
from registrations.admin.look_only import PageToRead
from registrations.certificates import numbers
from registrations.certificates.paper import restored
from registrations.desk import addresses
from registrations.finding import folded
from registrations.forms import full_name_field, one_line
from registrations.models import Certificate
from registrations.recorded import state_of
from registrations.services import certificates


@admin.register(Certificate)
class CertificateAdmin(PageToRead):
    list_display = ["number", "full_name", "course_class", "issued_on", "state"]
    list_filter = [("issued_at", admin.DateFieldListFilter)]
    date_hierarchy = "issued_at"
    search_fields = ["number"]
    search_help_text = _("A number or a name.")
    list_select_related = ["registration__scheduled_class", "replaced_by"]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/paper/", paper, name="registrations_certificate_paper"),
            path("<int:pk>/replace/", replace, name="registrations_certificate_replace"),
            path("<int:pk>/revoke/", revoke, name="registrations_certificate_revoke"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Certificate]:
        issued = super().get_queryset(request).defer("pdf", "facts", "replaced_by__pdf")
        return issued.defer("replaced_by__facts").prefetch_related(
            "registration__scheduled_class__class_sessions"
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Certificate], search_term: str
    ) -> tuple[QuerySet[Certificate], bool]:
        """A number in any writing, a part of one, or words of a name."""
        if not search_term.strip():
            return queryset, False
        try:
            found = Q(number=numbers.read(search_term))
        except numbers.TypingError:
            named = Q()
            for word in folded(search_term).split():
                named &= Q(name_key__contains=word)
            found = named | Q(number__contains=search_term.strip().upper())
        return queryset.filter(found), False

    @admin.display(description=_("class"))
    def course_class(self, certificate: Certificate) -> str:
        return str(certificate.registration.scheduled_class)

    @admin.display(description=_("issued"), ordering="issued_at")
    def issued_on(self, certificate: Certificate) -> str:
        zone = certificate.registration.scheduled_class.zone
        return zones.date(certificate.issued_at, zone)

    @admin.display(description=_("state"))
    def state(self, certificate: Certificate) -> str:
        return state_of(certificate)

    def page_of(self, request: HttpRequest, certificate: Certificate) -> HttpResponse:
        facts = restored(certificate.facts)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": certificate.number,
            "certificate": certificate,
            "facts": facts,
            "lines": [(line.label, line.value) for line in facts.lines],
            "state": state_of(certificate),
            "rows": list(what_happened(certificate)),
            "acts": list(acts_on(certificate, request)),
        }
        return render(request, "admin/registrations/certificate.html", context)


def what_happened(certificate: Certificate) -> Iterator[tuple[str, str]]:
    zone = certificate.registration.scheduled_class.zone
    yield _now("State"), state_of(certificate)
    yield _now("Class"), str(certificate.registration.scheduled_class)
    issued = zones.full_moment(certificate.issued_at, zone)
    yield _now("Issued"), ", ".join(filter(None, [issued, str(certificate.issued_by or "")]))
    if certificate.replaces:
        yield _now("Replaces"), certificate.replaces.number
    if certificate.replaced_at:
        yield _now("Replaced"), zones.full_moment(certificate.replaced_at, zone)
    if certificate.revoked_at:
        revoked = zones.full_moment(certificate.revoked_at, zone)
        who = ", ".join(filter(None, [revoked, str(certificate.revoked_by or "")]))
        yield _now("Revoked"), f"{who}: {certificate.revoked_why}"


def acts_on(certificate: Certificate, request: HttpRequest) -> Iterator[tuple[str, Any]]:
    """(address, words)."""
    yield (
        reverse("admin:registrations_certificate_paper", args=[certificate.pk]),
        _now("See the paper as it was issued"),
    )
    yield (
        reverse("registrations:certificate", args=[certificate.number]),
        _now("See it on the site"),
    )
    yield addresses.person(certificate.registration), _now("The page of this person")
    if certificate.is_valid and request.user.has_perm("registrations.change_certificate"):
        yield (
            reverse("admin:registrations_certificate_replace", args=[certificate.pk]),
            _now("Replace it with a corrected one"),
        )
        yield (
            reverse("admin:registrations_certificate_revoke", args=[certificate.pk]),
            _now("Revoke it"),
        )


@staff_page("registrations.view_certificate")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    certificate = get_object_or_404(Certificate, pk=pk)
    return pdf_answer(certificate.paper, f"certificate-{certificate.number}.pdf")


# Replace and revoke.


class CorrectionForm(forms.Form):
    full_name = full_name_field(_("As it should stand on the paper."))
    state = one_line(_("State"), longest=60, too_long=_("Shorten the state to 60 characters"))
    credential = one_line(
        _("Credential"), longest=60, too_long=_("Shorten the credential to 60 characters")
    )
    credential_number = one_line(
        _("Credential number"), longest=60, too_long=_("Shorten the number to 60 characters")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


@staff_page("registrations.change_certificate", ACTS)
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    certificate = with_person(pk)
    person = certificate.registration
    names = list(CorrectionForm.base_fields)
    form = CorrectionForm(typed(request), initial={name: getattr(person, name) for name in names})

    def do(now: dt.datetime) -> None:
        try:
            certificates.replace(
                certificate=with_person(pk),
                corrected=form.cleaned_data,
                actor=staff(request),
                now=now,
            )
        except certificates.NotValid as problem:
            raise Refused(_now("It was replaced or revoked meanwhile.")) from problem
        except typesetting.NoGlyph as problem:
            signs = {"signs": " ".join(problem.characters)}
            words = _now("These signs cannot be printed: %(signs)s") % signs
            raise Refused(words, "full_name") from problem
        except typesetting.CannotSet as problem:
            raise Refused(_now("It does not fit on one page."), "full_name") from problem

    act = Act(
        title=_now("Replace certificate %(number)s") % {"number": certificate},
        explanation=_now(
            "A new one is issued with these details and says “Replacement”. All else stays as the "
            "old one has it. The old one then says that it was replaced."
        ),
        button=_now("Replace it"),
        done=_now("A corrected certificate is issued."),
        do=do,
    )
    return act_on(request, certificate, act, form)


class RevokeForm(forms.Form):
    why = one_line(
        _("Reason"),
        hint=_("Everybody who checks the number reads it: one plain sentence, nothing private."),
        longest=200,
        too_long=_("Shorten the reason to 200 characters."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = True
        self.fields["why"].error_messages["required"] = _now("Write why it is revoked.")


@staff_page("registrations.change_certificate", ACTS)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    certificate = with_person(pk)
    form = RevokeForm(typed(request))

    def do(now: dt.datetime) -> None:
        try:
            certificates.revoke(
                certificate=with_person(pk),
                why=form.cleaned_data["why"],
                actor=staff(request),
                now=now,
            )
        except certificates.NotValid as problem:
            raise Refused(_now("It was replaced or revoked meanwhile.")) from problem

    act = Act(
        title=_now("Revoke certificate %(number)s") % {"number": certificate},
        explanation=_now(
            "It does not count any more: the page that checks it and the person's own page say so, "
            "with the reason. It cannot be taken back. No mail goes out, so write to the person."
        ),
        button=_now("Revoke it"),
        done=_now("It is revoked."),
        do=do,
        tells=False,
    )
    return act_on(request, certificate, act, form)


def with_person(pk: int) -> Certificate:
    related = Certificate.objects.without_paper().select_related("registration__scheduled_class")
    return get_object_or_404(related, pk=pk)


def act_on(
    request: HttpRequest, certificate: Certificate, act: Act, form: forms.Form
) -> HttpResponse:
    register = reverse("admin:registrations_certificate_changelist")
    own = addresses.certificate(certificate)
    return act_page(
        request,
        act,
        form,
        back=own,
        crumbs=[(_now("Certificates"), register), (certificate.number, own)],
        who=f"{certificate.full_name}, {certificate.registration.scheduled_class}",
    )
