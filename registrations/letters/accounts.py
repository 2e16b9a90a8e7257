"""Letters to accounts of staff: what happened to a sign-in, and what to do if it was somebody else.

In English, as the desk is. No letter holds a code, and only the one that was asked for a link.
"""

from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.functional import Promise
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.services import site_settings
from courses import zones
from courses.zones import Zone
from registrations.models import AccountLetter

Kind = AccountLetter.Kind
Text = str | Promise

HAPPENED: dict[str, list[Text]] = {
    Kind.APP_ADDED: [
        _("An authenticator app was set up for the account %(username)s on %(when)s."),
        _("From now on we ask for its code after your password."),
    ],
    Kind.APP_REMOVED: [
        _("The authenticator app of the account %(username)s was removed on %(when)s."),
    ],
    Kind.PASSKEY_ADDED: [
        _("A passkey was added to the account %(username)s on %(when)s."),
    ],
    Kind.PASSKEY_REMOVED: [
        _("A passkey of the account %(username)s was removed on %(when)s."),
    ],
    Kind.CODES_RENEWED: [
        _("New recovery codes were made for the account %(username)s on %(when)s."),
        _("The old ones work no more."),
    ],
    Kind.CODE_USED: [
        _("A recovery code of the account %(username)s was used on %(when)s."),
        _("Codes that are left: %(left)s."),
    ],
    Kind.RESET: [
        _(
            "Whoever looks after the server reset how you sign in as %(username)s, on %(when)s. "
            "App, passkeys and recovery codes are gone."
        ),
        _("Sign in with your password, and set up your app or passkey again."),
    ],
    Kind.PASSWORD_CHANGED: [
        _("The password of the account %(username)s was changed on %(when)s."),
        _("Everywhere else the account is signed out."),
    ],
    Kind.TOO_MANY_TRIES: [
        _("Somebody typed too many wrong passwords or codes for the account %(username)s."),
        _("It happened on %(when)s. For some minutes no more are taken."),
    ],
    Kind.FORGOTTEN: [
        _("Press the button to choose a new password for the account %(username)s."),
        _("It works once, for one hour. Your app or passkey stays as it is."),
    ],
}

TO_DO: dict[str, Text] = {
    Kind.FORGOTTEN: _("If you did not ask for this, do nothing. Your password stays as it is."),
    Kind.TOO_MANY_TRIES: _(
        "If it was you, wait and try again. If not, choose a new password and tell whoever looks "
        "after the server."
    ),
}
IF_IT_WAS_NOT_YOU: Text = _(
    "If it was you, you need to do nothing. If not, choose a new password now and tell whoever "
    "looks after the server."
)


def compose(letter: AccountLetter, user: User) -> EmailMultiAlternatives:
    """The mail as it goes out now."""
    with translation.override("en"):
        link = link_of(letter, user)
        site = site_settings()
        content = {
            "subject": subject_of(letter),
            "paragraphs": paragraphs_of(letter, user),
            "button": _now("Choose a new password") if link else "",
            "link": link,
            "help_words": "",
            "help_email": site.help_email,
            "site_name": site.site_name,
            "why": _now("You get this mail because you have an account at the staff desk."),
        }
        mail = EmailMultiAlternatives(
            subject=str(content["subject"]),
            body=render_to_string("letters/letter.txt", content),
            to=[user.email],
            reply_to=[site.help_email] if site.help_email else None,
            headers=headers(letter, user),
        )
        mail.attach_alternative(render_to_string("letters/letter.html", content), "text/html")
        return mail


def link_of(letter: AccountLetter, user: User) -> str:
    """It opens one page once, for as long as `PASSWORD_RESET_TIMEOUT` says."""
    if letter.kind != Kind.FORGOTTEN:
        return ""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("password_reset_confirm", args=[key, default_token_generator.make_token(user)])
    return f"{settings.SITE_URL}{path}"


def subject_of(letter: AccountLetter) -> str:
    if letter.kind == Kind.FORGOTTEN:
        return _now("A new password for the staff desk")
    return _now("Your sign-in at the staff desk")


def paragraphs_of(letter: AccountLetter, user: User) -> list[str]:
    """What happened and when, what follows, and what to do."""
    facts = {
        "username": user.get_username(),
        "when": zones.full_moment(letter.happened_at, Zone.MOUNTAIN),
        "left": letter.codes_left,
    }
    said = [*HAPPENED[letter.kind], TO_DO.get(letter.kind, IF_IT_WAS_NOT_YOU)]
    return [str(text) % facts for text in said]


def headers(letter: AccountLetter, user: User) -> dict[str, str]:
    """Message-ID is the same for every try, so a mail that arrives twice can be told as one."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return {
        "Message-ID": f"<account-letter-{letter.pk}-{user.pk}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
