"""The links in mail: each signed for its purpose alone, made at delivery and stored nowhere.

Raising a registration's `link_version` ends all its older links.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from courses.models import ScheduledClass
from registrations.models import InterestSignup, Letter, Registration

_signer = signing.Signer(sep=".", salt="registrations.own-page")
_address_signer = signing.Signer(salt="registrations.new-address")
_confirm_signer = signing.Signer(sep=".", salt="registrations.interest.confirm")
_leave_signer = signing.Signer(sep=".", salt="registrations.interest.leave")


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


def link_to(registration: Registration, page: str = "own_page") -> str:
    """The whole address of the person's page, or of one below it."""
    path = reverse(f"registrations:{page}", args=[token_for(registration)])
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


def new_address_link(registration: Registration, address: str) -> str:
    """Proves that the new address is the person's: it is sent there and nowhere else."""
    token = _address_signer.sign_object([registration.pk, registration.link_version, address])
    return f"{settings.SITE_URL}{reverse('registrations:new_address', args=[token])}"


def new_address_of(token: str) -> tuple[Registration, str]:
    """The registration and the address that was proved. Raises BadLink or OldLink."""
    try:
        key, version, address = _address_signer.unsign_object(token)
        registration = Registration.objects.select_related("scheduled_class").get(pk=key)
    except (signing.BadSignature, ValueError, Registration.DoesNotExist) as problem:
        raise BadLink from problem
    if (version, address) != (registration.link_version, registration.new_email):
        raise OldLink(registration)
    return registration, address


def interest_link(letter: Letter) -> str:
    """Where the button of a letter about news leads: to confirm, or to the class."""
    if letter.kind == Letter.Kind.INTEREST_NEWS:
        scheduled_class = ScheduledClass.objects.get(pk=int(letter.about))
        return f"{settings.SITE_URL}{scheduled_class.get_absolute_url()}"
    if letter.kind == Letter.Kind.INTEREST_CONFIRM and letter.interest:
        token = _confirm_signer.sign(int_to_base36(letter.interest.pk))
        return f"{settings.SITE_URL}{reverse('registrations:interest_confirm', args=[token])}"
    return ""


def interest_leave_link(signup: InterestSignup) -> str:
    """For `List-Unsubscribe` (RFC 8058), and at the end of a letter to someone on the list."""
    token = _leave_signer.sign(int_to_base36(signup.pk))
    return f"{settings.SITE_URL}{reverse('registrations:interest_leave', args=[token])}"


def signup_to_confirm(token: str) -> InterestSignup | None:
    """None when the address is not on the list any more. Raises BadLink."""
    return _signup_of(token, _confirm_signer)


def signup_to_leave(token: str) -> InterestSignup | None:
    """None when the address is not on the list any more. Raises BadLink."""
    return _signup_of(token, _leave_signer)


def _signup_of(token: str, signer: signing.Signer) -> InterestSignup | None:
    try:
        key = base36_to_int(signer.unsign(token))
    except (signing.BadSignature, ValueError) as problem:
        raise BadLink from problem
    return InterestSignup.objects.filter(pk=key).first()
