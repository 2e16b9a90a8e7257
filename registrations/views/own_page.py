"""A person's own page, opened by the link in their mail.

GET shows and changes nothing: mail scanners open every link. The buttons act by POST.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.listing import Listing
from courses.views import calendar_answer
from registrations.letters.calendar_parts import own_calendar
from registrations.models import Registration
from registrations.services import seats
from registrations.standpoint import standpoint
from registrations.views.of_the_link import back_to_page, of_the_link, own, sentence_page


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


@require_safe
@of_the_link
def calendar(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """The days of someone with a seat as a file. Without the link to join: calendars get shared."""
    if not standpoint(registration, timezone.now()).has_calendar:
        return render(request, "404.html", status=404)
    return calendar_answer(own_calendar(registration), "training")


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
        return sentence_page(request, registration, _("This did not work"), sentence)
    except seats.AlreadyRegistered:
        sentence = _("You have registered again since. The link in your newest mail opens it.")
        return sentence_page(request, registration, _("This did not work"), sentence)
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
        "back": own("own_page", token),
    }
    return render(request, "registrations/confirm.html", context | question)
