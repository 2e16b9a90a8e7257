"""The pages of signing in: the library's views, in the look of the desk and under its rules."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.views import LoginView, LogoutView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import admin
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.contrib.auth.views import (
    PasswordResetCompleteView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
)
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView
from django.views.generic.edit import FormView

from bawg_site.signing_in import second_factor, tries
from bawg_site.signing_in.forms import ForgottenForm
from registrations import limits
from registrations.addresses import email_key
from registrations.models import AccountLetter
from registrations.services import account_letters

Kind = AccountLetter.Kind

View = Callable[..., HttpResponseBase]

#: Stricter than the desk's: nothing inline, no picture that is data.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def page(title: str | Promise, view: View) -> View:
    """A page of the desk: its frame, its policy, and the status of too many tries."""

    @never_cache
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Content-Security-Policy"] = POLICY
        if isinstance(response, TemplateResponse):
            given = response.context_data or {}
            frame = admin.site.each_context(request)
            own = {"title": title, "passkeys_work": passkeys_work(request)}
            response.context_data = frame | given | own
            if seconds := throttled_for(given.get("form")):
                response.status_code = 429
                response.headers["Retry-After"] = str(seconds)
        return response

    return shown


def passkeys_work(request: HttpRequest) -> bool:
    """Browsers make none for an address without https, but for this machine's own name."""
    return request.is_secure() or request.get_host().partition(":")[0] == "localhost"


def throttled_for(form: Any) -> int:
    """For how many seconds nothing is let through; 0 for a form that was not refused so."""
    if form is None or not form.is_bound:
        return 0
    found = [error for errors in form.errors.as_data().values() for error in errors]
    return next((one.params["seconds"] for one in found if one.code == tries.TOO_MANY), 0)


def of_staff(title: str | Promise, view: View) -> View:
    """For somebody who is signed in, and who has proved a second factor when they have one."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_set_up(request):
            return redirect("admin:login")
        return view(request, *args, **kwargs)

    return page(title, inner)


def may_set_up(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return False
    return second_factor.is_proved(request) or not second_factor.has_one(user)


def sign_in_or_on(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; of somebody who is signed in, where they have to go first."""
    user = request.user
    if not isinstance(user, User) or admin.site.has_permission(request):
        return sign_in(request)
    if user.is_active and user.is_staff and not second_factor.has_one(user):
        return redirect("mfa_index")
    # No staff any more, or a session from before a second factor was needed.
    logout(request)
    return sign_in(request)


sign_in: View = LoginView.as_view(template_name="admin/signing_in/login.html")


class CodePage(AuthenticateView):
    template_name = "admin/signing_in/code.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        second_factor.proved(self.request)
        used = getattr(form, "authenticator", None)
        if used and used.type == Authenticator.Type.RECOVERY_CODES:
            left = len(Authenticator.objects.get(pk=used.pk).wrap().get_unused_codes())
            tell(self.request, Kind.CODE_USED, codes_left=left)
        return response


class Adds:
    """A factor that is added is proved by it; other sessions have only the password."""

    told: Kind
    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the library's
            second_factor.proved(self.request)
            second_factor.changed(self.request)
            tell(self.request, self.told)
        return response


class Removes:
    told: Kind
    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the library's
            second_factor.changed(self.request)
            tell(self.request, self.told)
        return response


def tell(request: HttpRequest, kind: Kind, **facts: int) -> None:
    user = cast("User", request.user)
    account_letters.owe(user=user, kind=kind, now=timezone.now(), **facts)


class AppPage(Adds, ActivateTOTPView):
    template_name = "admin/signing_in/app.html"
    told = Kind.APP_ADDED


class PasskeyPage(Adds, AddWebAuthnView):
    template_name = "admin/signing_in/passkey.html"
    told = Kind.PASSKEY_ADDED


class RemoveAppPage(Removes, DeactivateTOTPView):
    template_name = "admin/signing_in/remove.html"
    told = Kind.APP_REMOVED


class RemovePasskeyPage(Removes, RemoveWebAuthnView):
    template_name = "admin/signing_in/remove.html"
    told = Kind.PASSKEY_REMOVED


class NewCodesPage(GenerateRecoveryCodesView):
    template_name = "admin/signing_in/new_codes.html"

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            tell(self.request, Kind.CODES_RENEWED)
        return response


class ForgottenPage(FormView):  # type: ignore[type-arg]  # Django's own fails to import with one
    """It looks nothing up: it costs and says the same for every address."""

    template_name = "admin/signing_in/forgotten.html"
    form_class = ForgottenForm
    success_url = reverse_lazy("password_reset_done")

    def form_valid(self, form: ForgottenForm) -> HttpResponse:
        address, now = form.cleaned_data["email"], timezone.now()
        try:
            tried = {limits.FORGOTTEN: "", limits.FORGOTTEN_BY_ADDRESS: email_key(address)}
            limits.count_each(tried, self.request, now)
        except limits.TooMany as refusal:
            form.add_error(None, tries.refused(refusal.again_at, now))
            return self.form_invalid(form)
        account_letters.ask_for_password(address=address, now=now)
        return super().form_valid(form)


login = page(_("Sign in"), sign_in_or_on)
passkeys = page(_("Passkeys"), RedirectView.as_view(pattern_name="mfa_index"))
index = of_staff(
    _("How you sign in"), IndexView.as_view(template_name="admin/signing_in/index.html")
)
code = page(_("One step more"), CodePage.as_view())
cancel = page(_("Sign in"), require_POST(LogoutView.as_view()))
set_up_app = of_staff(_("Set up an authenticator app"), AppPage.as_view())
remove_app = of_staff(_("Remove the authenticator app"), RemoveAppPage.as_view())
add_passkey = of_staff(_("Add a passkey"), PasskeyPage.as_view())
remove_passkey = of_staff(_("Remove a passkey"), RemovePasskeyPage.as_view())
codes = of_staff(
    _("Your recovery codes"),
    ViewRecoveryCodesView.as_view(template_name="admin/signing_in/codes.html"),
)
new_codes = of_staff(
    _("Make new recovery codes"),
    NewCodesPage.as_view(),
)
again = of_staff(
    _("Your password once more"),
    ReauthenticateView.as_view(template_name="admin/signing_in/again.html"),
)
forgotten = page(_("Forgotten your password?"), ForgottenPage.as_view())
forgotten_sent = page(
    _("Now look in your mail"),
    PasswordResetDoneView.as_view(template_name="admin/signing_in/forgotten_sent.html"),
)
new_password = page(
    _("Choose a new password"),
    PasswordResetConfirmView.as_view(template_name="admin/signing_in/new_password.html"),
)
new_password_set = page(
    _("Your new password is set"),
    PasswordResetCompleteView.as_view(template_name="admin/signing_in/new_password_set.html"),
)
