"""Pages that only the link in somebody's mail opens."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from registrations import limits
from registrations.links import BadLink, OldLink, registration_of
from registrations.models import Registration
from registrations.services.ledger import Erased
from registrations.views.throttled import too_many_page

Page = Callable[[HttpRequest, Registration, str], HttpResponse]
View = Callable[[HttpRequest, str], HttpResponse]


def private(view: View) -> View:
    """The address is a key: no cache keeps the page, no referrer tells it, no robot lists it.

    Without a referrer, browsers send no origin either, so Django's check against forged posts would
    refuse every button. It is not needed here: whoever can post to this address holds the key, and
    no cookie lends anybody more.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except (OldLink, Erased):
            response = render(request, "registrations/old_link.html", {"token": token}, status=410)
        except BadLink:
            response = render(request, "404.html", status=404)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store, private"
        return response

    return guarded


def opened_by_link(page: Page) -> View:
    """A page of the registration that the token opens."""

    @private
    @wraps(page)
    def view(request: HttpRequest, token: str) -> HttpResponse:
        return page(request, registration_of(token), token)

    return view


def of_the_link(page: Page) -> View:
    """The same, where a script that presses buttons without end is stopped."""

    @opened_by_link
    @wraps(page)
    def counted(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
        if request.method == "POST":
            now = timezone.now()
            try:
                limits.count(limits.OWN_PAGE, request, now, of=str(registration.pk))
            except limits.TooMany as refusal:
                return too_many_page(request, refusal, now)
        return page(request, registration, token)

    return counted


def own(page: str, token: str) -> str:
    """The path of one of a person's own pages."""
    return reverse(f"registrations:{page}", args=[token])


def back_to_page(token: str) -> HttpResponse:
    return HttpResponseRedirect(own("own_page", token))


def sentence_page(
    request: HttpRequest, registration: Registration, heading: str, sentence: str, **more: Any
) -> HttpResponse:
    """A page that says one thing about the person's class."""
    context = {
        "scheduled_class": registration.scheduled_class,
        "heading": heading,
        "sentence": sentence,
    }
    return render(request, "registrations/refused.html", context | more)
