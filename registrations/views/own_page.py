"""A person's own page, opened by the link in their mail.

GET shows and changes nothing: mail scanners open every link. The buttons act by POST.
"""

import datetime as dt
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import zones
from courses.views import calendar_answer
from registrations.letters.calendar_parts import own_calendar
from registrations.models import Registration
from registrations.services import seats
from registrations.standpoint import standpoint
from registrations.views.of_the_link import (
    back_to_page,
    of_the_link,
    opened_by_link,
    own,
    sentence_page,
)
from registrations.way import way_to_the_certificate

Status = Registration.Status


@require_safe
@of_the_link
def own_page(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    now = timezone.now()
    turn = standpoint(registration, now)
    context = {
        "registration": registration,
        "scheduled_class": registration.scheduled_class,
        "turn": turn,
        "steps": way_to_the_certificate(registration, now) if turn.shows_way else [],
        "certificates": list(all_certificates(registration)),
        "asks_credential": asks_credential(registration, now),
        "token": token,
    }
    return render(request, "registrations/own_page.html", context)


def all_certificates(registration: Registration) -> Iterator[tuple[str, str]]:
    """(number, what it is now), the newest first."""
    zone = registration.scheduled_class.zone
    issued = registration.certificates.defer("pdf", "facts").select_related("replaced_by")
    for one in issued.defer("replaced_by__pdf", "replaced_by__facts").order_by("-pk"):
        day = {"day": zones.date(one.revoked_at or one.replaced_at or one.issued_at, zone)}
        if one.revoked_at:
            words = _("Revoked on %(day)s: %(why)s")
            yield one.number, words % (day | {"why": one.revoked_why})
        elif one.replacement:
            words = _("Replaced on %(day)s by %(number)s. It does not count any more.")
            yield one.number, words % (day | {"number": one.replacement.number})
        else:
            yield one.number, _("Valid. Issued on %(day)s.") % day


def asks_credential(registration: Registration, now: dt.datetime) -> bool:
    """Just before the certificate: from the first day on, while there is none."""
    starts_at = registration.scheduled_class.starts_at
    return (
        registration.status == Status.CONFIRMED
        and starts_at is not None
        and starts_at <= now
        and not registration.credential
        and not registration.certificates.valid().exists()
    )


@require_safe
@of_the_link
def calendar(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """The days of someone with a seat as a file. Without the link to join: calendars get shared."""
    if not standpoint(registration, timezone.now()).has_calendar:
        return render(request, "404.html", status=404)
    return calendar_answer(own_calendar(registration), "training")


@require_POST
@opened_by_link
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
        back = own("own_page", token)
        return sentence_page(request, registration, _("This did not work"), sentence, back=back)
    except seats.AlreadyRegistered:
        sentence = _("You have registered again since. The link in your newest mail opens it.")
        back = own("own_page", token)
        return sentence_page(request, registration, _("This did not work"), sentence, back=back)
    return back_to_page(token)


@require_http_methods(["GET", "HEAD", "POST"])
@of_the_link
def give_up(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """GET asks once more, POST gives up the seat or place."""
    if request.method == "POST":
        seats.leave(registration=registration, actor=seats.PERSON, now=timezone.now())
    turn = standpoint(registration, timezone.now())
    if request.method == "POST" or not (turn.can_leave or turn.can_cancel):
        return back_to_page(token)
    context = {
        "registration": registration,
        "scheduled_class": registration.scheduled_class,
        "back": own("own_page", token),
    }
    return render(request, "registrations/confirm.html", context | question(registration))


def question(registration: Registration) -> dict[str, str]:
    """What is given up, in the words of the page that asks once more."""
    again = _("You can join again while the class takes people.")
    if registration.status == Status.CONFIRMED:
        return {
            "question": _("Cancel your seat?"),
            "explanation": " ".join([_("Your seat is then free for someone else."), again]),
            "button": _("Cancel my seat"),
        }
    if registration.status == Status.OFFERED and registration.place is None:
        return {
            "question": _("Give up this seat?"),
            "explanation": " ".join([_("It is then free for someone else."), again]),
            "button": _("Give up this seat"),
        }
    lost = _("You give up your place in line.")
    if registration.status == Status.OFFERED:
        lost = _("You give up this seat and your place in line.")
    return {
        "question": _("Leave the line for this class?"),
        "explanation": f"{lost} {again}",
        "button": _("Leave the line"),
    }
