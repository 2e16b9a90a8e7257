"""What is needed of the library's addresses, and no more: no sign-up, no addresses of mail.

They stand before those of the desk: `/admin/login/` is the library's page. With what makes keys
the library's pages weigh 11 MB: a process loads them when the first of them is opened.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path


def page(name: str) -> Callable[..., HttpResponseBase]:
    """A page of `bawg_site/signing_in/pages.py`."""

    def loaded(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        view = getattr(import_module("bawg_site.signing_in.pages"), name)
        response: HttpResponseBase = view(request, **parts)
        return response

    return loaded


urlpatterns = [
    path("login/", page("login"), name="account_login"),
    path("login/code/", page("code"), name="mfa_authenticate"),
    path("login/cancel/", page("cancel"), name="account_logout"),
    path("sign-in/", page("index"), name="mfa_index"),
    path("sign-in/app/", page("set_up_app"), name="mfa_activate_totp"),
    path("sign-in/app/remove/", page("remove_app"), name="mfa_deactivate_totp"),
    path("sign-in/passkeys/", page("passkeys"), name="mfa_list_webauthn"),
    path("sign-in/passkeys/add/", page("add_passkey"), name="mfa_add_webauthn"),
    path("sign-in/passkeys/<int:pk>/remove/", page("remove_passkey"), name="mfa_remove_webauthn"),
    path("sign-in/codes/", page("codes"), name="mfa_view_recovery_codes"),
    path("sign-in/codes/new/", page("new_codes"), name="mfa_generate_recovery_codes"),
    path("sign-in/again/", page("again"), name="account_reauthenticate"),
    path("password_reset/", page("forgotten"), name="admin_password_reset"),
    path("password_reset/done/", page("forgotten_sent"), name="password_reset_done"),
    path("password_reset/set/", page("new_password_set"), name="password_reset_complete"),
    path("password_reset/<uidb64>/<token>/", page("new_password"), name="password_reset_confirm"),
]
