"""Verifying a certificate, which anybody may, and downloading one's own."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses import zones
from courses.zones import Zone
from registrations import limits
from registrations.certificates.paper import restored
from registrations.forms import CertificateNumberForm
from registrations.models import Certificate, Registration
from registrations.views.of_the_link import of_the_link
from registrations.views.throttled import throttled


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Where somebody types a number. The address of the answer has it."""
    typed = request.GET.get("number")
    if typed is None:
        return asked(request, CertificateNumberForm())
    form = CertificateNumberForm({"number": typed})
    if not form.is_valid():
        return asked(request, form, status=404)
    path = reverse("registrations:certificate", args=[form.cleaned_data["number"]])
    return HttpResponseRedirect(path)


@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """What the paper says, and whether it counts."""
    form = CertificateNumberForm({"number": number})
    if not form.is_valid():
        return asked(request, form, status=404)
    now = timezone.now()
    try:
        limits.count(limits.CERTIFICATE_LOOKUPS, request, now)
    except limits.TooMany as refusal:
        return too_many(request, form, refusal, now)
    known = Certificate.objects.without_paper().select_related(
        "registration__scheduled_class", "replaced_by"
    )
    found = known.filter(number=form.cleaned_data["number"]).first()
    if found is None:
        form.add_error("number", _("No certificate of ours has this number."))
        return asked(request, form, status=404)
    return unlisted(
        render(request, "registrations/certificate.html", shown(found, found.registration))
    )


def shown(found: Certificate, registration: Registration) -> dict[str, Any]:
    zone = registration.scheduled_class.zone
    ended_at = found.replaced_at or found.revoked_at
    return {
        "certificate": found,
        "facts": restored(found.facts),
        "ended_on": zones.date(ended_at, zone) if ended_at else "",
        "replacement": found.replacement,
    }


def asked(request: HttpRequest, form: CertificateNumberForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form}
    return unlisted(render(request, "registrations/certificates.html", context, status=status))


def too_many(
    request: HttpRequest, form: CertificateNumberForm, refusal: limits.TooMany, now: dt.datetime
) -> HttpResponse:
    moment = zones.hour_or_moment(refusal.again_at, Zone.MOUNTAIN, now)
    context = {
        "form": form,
        "sentence": _("Try again after %(moment)s.") % {"moment": moment},
    }
    page = render(request, "registrations/certificates.html", context)
    return unlisted(throttled(page, refusal, now))


def unlisted(response: HttpResponse) -> HttpResponse:
    """No search engine lists it, and no cache keeps it: it says what is so now."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@of_the_link
def own_certificate(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """The paper, as it was issued."""
    own = registration.certificates.valid().first()
    if own is None:
        return render(request, "404.html", status=404)
    response = HttpResponse(own.paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{own.number}.pdf"'
    return response
