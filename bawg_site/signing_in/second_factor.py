"""Whether somebody has proved more than a password, and what follows from it."""

from typing import cast

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

from bawg_site.sessions import end_sessions_of

#: In the web session: the key of the account whose second factor was proved in it.
MARK = "second_factor"

#: Recovery codes stand in for one of these, and for nothing alone.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_enough(request: HttpRequest) -> bool:
    """Whether this web session may open pages of the desk."""
    return not settings.SECOND_FACTOR_FORCED or is_proved(request)


def is_proved(request: HttpRequest) -> bool:
    return bool(request.session.get(MARK) == str(request.user.pk))


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def proved(request: HttpRequest) -> None:
    """After signing in with one, or setting one up. Where only a password was, it ends."""
    request.session[MARK] = str(request.user.pk)


def changed(request: HttpRequest) -> None:
    """A factor came or went: other sessions of the account have proved what counts no more."""
    user = cast("User", request.user)
    if not has_one(user):
        request.session.pop(MARK, None)
    end_sessions_of(user, but=request.session.session_key)
