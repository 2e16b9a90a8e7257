"""A person's own page, opened by the link in their mail.

GET shows and changes nothing: mail scanners open every link. The buttons act by POST.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.listing import Listing
from registrations.links import BadLink, OldLink, registration_of
from registrations.models import Registration
from registrations.services import seats
from registrations.standpoint import standpoint

Page = Callable[[HttpRequest, Registration, str], HttpResponse]


def of_the_link(page: Page) -> Callable[[HttpRequest, str], HttpResponse]:
    """Finds whose page it is. The address is a key: no cache keeps it, no referrer tells it.

    Without a referrer, browsers send no origin either, so Django's check against forged posts would
    refuse every button. It is not needed here: whoever can post to this address holds the key, and
    no cookie lends anybody more.
    """

    @csrf_exempt
    @wraps(page)
    def view(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = page(request, registration_of(token), token)
        except OldLink:
            response = render(request, "registrations/old_link.html", status=410)
        except BadLink:
            response = render(request, "404.html", status=404)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store, private"
        return response

    return view


@require_safe
@of_the_link
def own_page(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    now = timezone.now()
    scheduled_class = registration.scheduled_class
    context = {
        "registration": registration,
        "scheduled_class": scheduled_class,
        "listing": Listing(scheduled_class, now),
        "turn": standpoint(registration, now),
        "token": token,
    }
    return render(request, "registrations/own_page.html", context)


@require_POST
@of_the_link
def take(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """The mail's button: takes the seat, or keeps the place in line."""
    seats.answer(registration=registration, now=timezone.now())
    return back_to_page(token)


@require_POST
@of_the_link
def pass_on(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    seats.pass_on(registration=registration, now=timezone.now())
    return back_to_page(token)


@require_POST
@of_the_link
def rejoin(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    try:
        seats.rejoin(registration=registration, now=timezone.now())
    except seats.NotTaken:
        sentence = _("The class takes nobody now. Nothing has changed.")
        return refused(request, registration, sentence)
    except seats.AlreadyRegistered:
        sentence = _("You have registered again since. The link in your newest mail opens it.")
        return refused(request, registration, sentence)
    return back_to_page(token)


@require_http_methods(["GET", "HEAD", "POST"])
@of_the_link
def leave_line(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    question = {
        "question": _("Leave the line for this class?"),
        "explanation": _("Your place goes to the next person."),
        "button": _("Leave the line"),
    }
    return ask_then_leave(request, registration, token, question)


@require_http_methods(["GET", "HEAD", "POST"])
@of_the_link
def cancel_seat(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    question = {
        "question": _("Cancel your seat?"),
        "explanation": _("Your seat goes to the next person in line."),
        "button": _("Cancel my seat"),
    }
    return ask_then_leave(request, registration, token, question)


def ask_then_leave(
    request: HttpRequest, registration: Registration, token: str, question: dict[str, str]
) -> HttpResponse:
    """GET asks once more, POST gives up the seat or place."""
    if request.method == "POST":
        seats.leave(registration=registration, actor=seats.PERSON, now=timezone.now())
        return back_to_page(token)
    context = {
        "registration": registration,
        "scheduled_class": registration.scheduled_class,
        "back": reverse("registrations:own_page", args=[token]),
    }
    return render(request, "registrations/confirm.html", context | question)


def refused(request: HttpRequest, registration: Registration, sentence: str) -> HttpResponse:
    context = {
        "scheduled_class": registration.scheduled_class,
        "heading": _("This did not work"),
        "sentence": sentence,
    }
    return render(request, "registrations/refused.html", context)


def back_to_page(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("registrations:own_page", args=[token]))
