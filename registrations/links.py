"""The key to a person's own page: signed, for this purpose alone, with a version.

It is made when a letter is delivered and stored nowhere. Raising `link_version` ends all older
links of a registration.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from registrations.models import Registration

_signer = signing.Signer(sep=".", salt="registrations.own-page")


class BadLink(Exception):
    """The token was not made here, or was changed on its way."""


class OldLink(Exception):
    """The token was good once. `registration` says whose it was."""

    def __init__(self, registration: Registration) -> None:
        super().__init__(registration.pk)
        self.registration = registration


def token_for(registration: Registration) -> str:
    key, version = int_to_base36(registration.pk), int_to_base36(registration.link_version)
    return _signer.sign(f"{key}-{version}")


def link_to(registration: Registration) -> str:
    """The whole address of the person's page."""
    path = reverse("registrations:own_page", args=[token_for(registration)])
    return f"{settings.SITE_URL}{path}"


def registration_of(token: str) -> Registration:
    """Raises BadLink or OldLink."""
    try:
        key, version = _signer.unsign(token).split("-")
        registration = Registration.objects.select_related("scheduled_class").get(
            pk=base36_to_int(key)
        )
    except (signing.BadSignature, ValueError, Registration.DoesNotExist) as problem:
        raise BadLink from problem
    if base36_to_int(version) != registration.link_version:
        raise OldLink(registration)
    return registration
