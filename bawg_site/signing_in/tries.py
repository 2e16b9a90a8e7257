"""Passwords and codes are counted over all processes, and too many are told to the account."""

import datetime as dt

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import zones
from courses.zones import Zone
from registrations import limits
from registrations.limits import Limit, TooMany
from registrations.models import AccountLetter
from registrations.services import account_letters

#: The code of the form's error: its page answers with the status of too many requests, and says
#: when to come back in `Retry-After` too.
TOO_MANY = "too_many"


def refused(again_at: dt.datetime, now: dt.datetime) -> ValidationError:
    again = zones.hour_or_moment(again_at, Zone.MOUNTAIN, now)
    words = _("Too many tries. Try again after %(again)s.") % {"again": again}
    seconds = max(1, int((again_at - now).total_seconds()))
    return ValidationError(words, code=TOO_MANY, params={"seconds": seconds})


def count_sign_in(request: HttpRequest, username: str) -> None:
    """Before the password is looked at. Raises ValidationError."""
    now = timezone.now()
    try:
        limits.count(limits.SIGN_INS, request, now)
    except TooMany as refusal:
        raise refused(refusal.again_at, now) from None
    count_of(limits.PASSWORDS, username)


def count_of(limit: Limit, username: str) -> None:
    now = timezone.now()
    try:
        limits.count_of(limit, username, now)
    except TooMany as refusal:
        tell(username, now)
        raise refused(refusal.again_at, now) from None


def was_right(limit: Limit, username: str) -> None:
    limits.take_back(limit, username)


def tell(username: str, now: dt.datetime) -> None:
    """Once a day, so that nobody fills a mailbox by typing nonsense."""
    user = User.objects.filter(username=username, is_active=True, is_staff=True).first()
    if user and limits.is_first("told of tries", username, now):
        account_letters.owe(user=user, kind=AccountLetter.Kind.TOO_MANY_TRIES, now=now)
