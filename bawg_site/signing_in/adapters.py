"""What the library for signing in asks of this site: words, pictures, secrets."""

import base64
import hashlib
import time
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bawg_site.signing_in import tries
from registrations import limits


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "This username and password do not fit together. Mind capital letters."
        ),
        "incorrect_password": _("This is not your password. Mind capital letters."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:
        """The password: a second factor is proved in this session already."""
        return [{"id": "reauthenticate", "url": reverse("account_reauthenticate")}]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of somebody who signed in a few minutes ago."""
        records = get_authentication_records(self.request, self.request.user)
        recently = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        return not records or records[-1]["at"] <= recently

    def reauthenticate(self, user: User, password: str) -> bool:
        tries.count_of(limits.PASSWORDS, user.get_username())
        right = bool(super().reauthenticate(user, password))
        if right:
            tries.was_right(limits.PASSWORDS, user.get_username())
        return right

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Pages say what is so. Of the library's own messages only a refusal is shown."""
        if kwargs.get("message"):
            messages.add_message(request, level, kwargs["message"])


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code is not right, or was used already. The app shows a new one every 30 seconds."
        ),
    }

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  # the library's name
        there = Authenticator.objects.filter(user=user, type=type).count()
        return _now("Passkey %(number)s") % {"number": there + 1}

    def build_totp_svg(self, url: str) -> SafeString:
        """Drawn into the page itself: the policy allows no picture that is data."""
        code = segno.make(url, error="m", micro=False)
        drawn = code.svg_inline(scale=5, border=4, dark="#2b2723", light="#f3eee4", omitsize=True)
        return mark_safe(drawn)  # noqa: S308  # squares, drawn by the library

    def encrypt(self, text: str) -> str:
        return keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """With a SECRET_KEY that is gone, a secret that no code fits: the command resets it."""
        try:
            return keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return str(generate_totp_secret())


def keys() -> MultiFernet:
    """A copy of the database alone makes nobody's codes."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"second factor {secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
