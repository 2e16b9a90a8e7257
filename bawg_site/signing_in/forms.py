"""The library's forms, with their tries counted and their words plain."""

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.forms import LoginForm
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm as _AdminPasswordChangeForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bawg_site.signing_in import tries
from registrations import limits


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, login=_("Username"), password=_("Password"))

    def add_prefix(self, field_name: str) -> str:
        """The name that browsers have kept with staff's passwords."""
        return str(super().add_prefix("username" if field_name == "login" else field_name))

    def clean(self) -> dict[str, Any]:
        """Of an account that is no staff the page says what it says of a wrong password."""
        if self.errors:
            return {}
        username = self.cleaned_data["login"]
        tries.count_sign_in(self.request, username)
        cleaned: dict[str, Any] = super().clean()
        if not self._login.user.is_staff:
            raise account_adapter().validation_error("username_password_mismatch")
        tries.was_right(limits.PASSWORDS, username)
        return cleaned


class CodeForm(AuthenticateForm):
    """A code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code=_("Code"))

    def clean_code(self) -> str:
        tries.count_of(limits.CODES, self.user.get_username())
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            use_once(self.user.pk, code)
        tries.was_right(limits.CODES, self.user.get_username())
        return code


class AppForm(ActivateTOTPForm):
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code=_("The 6 digits that the app shows now"))

    def clean_code(self) -> str:
        tries.count_of(limits.CODES, self.user.get_username())
        code: str = super().clean_code()
        use_once(self.user.pk, code)
        tries.was_right(limits.CODES, self.user.get_username())
        return code


def use_once(account: int, code: str) -> None:
    """The library notes a used code in a cache, which each process has for itself."""
    digits = "".join(filter(str.isdigit, code))
    if not limits.is_first("used codes", f"{account} {digits}", timezone.now()):
        raise mfa_adapter().validation_error("incorrect_code")


class PasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["name"] = ""
        super().__init__(*args, **kwargs)
        plain(self, name=_("A name for it, like “Ana's telephone” (optional)"))


class PasswordChangeForm(_AdminPasswordChangeForm):
    def clean_old_password(self) -> str:
        tries.count_of(limits.PASSWORDS, self.user.get_username())
        password = super().clean_old_password()
        tries.was_right(limits.PASSWORDS, self.user.get_username())
        return str(password)


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "vTextField"}),
    )


def plain(form: forms.BaseForm, **labels: Any) -> None:
    """Labels that stay when one types, in fields that look like the desk's."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)
        form.fields[name].help_text = ""
        form.fields[name].widget.attrs["class"] = "vTextField"
