"""What people read when their page could not be made."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bawg_site.display import Display
from bawg_site.requests import number_to_say
from content import away

#: In seconds, for software that comes back by itself.
TRY_AGAIN_AFTER = "60"


def server_error(request: HttpRequest) -> HttpResponse:
    """Called by Django while it handles what went wrong. Neither page needs the database."""
    if away.is_away(sys.exc_info()[1]):
        return database_away(request)
    return bare_page(request, 500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What came cannot be read: a broken form, too many fields, a host that is not ours."""
    return bare_page(request, 400)


def too_large(request: HttpRequest) -> HttpResponse:
    return bare_page(request, 413)


def bare_page(request: HttpRequest, status: int) -> HttpResponse:
    """Made of nothing but its words and the reader's choice of light."""
    context = {"display": Display.of(request), "number": number_to_say()}
    words = render_to_string(f"{status}.html", context)
    return HttpResponse(words, status=status, headers={"Cache-Control": "no-store"})


def database_away(request: HttpRequest) -> HttpResponse:
    away.note(request)
    words = render_to_string("503.html", request=request)
    return HttpResponse(words, status=503, headers={"Retry-After": TRY_AGAIN_AFTER})
