"""What somebody reads who tried too often: that, when again, and everything they typed."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from courses import zones
from courses.zones import Zone
from registrations.limits import TooMany


def too_many_words(refusal: TooMany, now: dt.datetime, zone: Zone = Zone.MOUNTAIN) -> str:
    """For a page that shows again what was typed."""
    return f"{when_again(refusal, now, zone)} " + _("Your answers are kept below.")


def when_again(refusal: TooMany, now: dt.datetime, zone: Zone = Zone.MOUNTAIN) -> str:
    moment = {"moment": zones.hour_or_moment(refusal.again_at, zone, now)}
    return _("Too many tries from this network.") + " " + _("Try again after %(moment)s.") % moment


def throttled(response: HttpResponse, refusal: TooMany, now: dt.datetime) -> HttpResponse:
    """The page, told to software as well. What it holds of a person is kept nowhere else."""
    response.status_code = 429
    response["Retry-After"] = str(max(1, int((refusal.again_at - now).total_seconds())))
    response["Cache-Control"] = "no-store, private"
    return response


def too_many_page(request: HttpRequest, refusal: TooMany, now: dt.datetime) -> HttpResponse:
    """For any form: what was typed goes along, and its button sends the same once more."""
    context = {
        "refusal": when_again(refusal, now),
        "typed": [(name, value) for name, values in request.POST.lists() for value in values],
    }
    return throttled(render(request, "registrations/too_many.html", context), refusal, now)
