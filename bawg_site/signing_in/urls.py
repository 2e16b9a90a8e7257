"""What is needed of the library's addresses, and no more: no sign-up, no addresses of mail.

They stand before those of the desk: `/admin/login/` is the library's page.
"""

from django.urls import path

from bawg_site.signing_in import pages

urlpatterns = [
    path("login/", pages.login, name="account_login"),
    path("login/code/", pages.code, name="mfa_authenticate"),
    path("login/cancel/", pages.cancel, name="account_logout"),
    path("sign-in/", pages.index, name="mfa_index"),
    path("sign-in/app/", pages.set_up_app, name="mfa_activate_totp"),
    path("sign-in/app/remove/", pages.remove_app, name="mfa_deactivate_totp"),
    path("sign-in/passkeys/", pages.passkeys, name="mfa_list_webauthn"),
    path("sign-in/passkeys/add/", pages.add_passkey, name="mfa_add_webauthn"),
    path("sign-in/passkeys/<int:pk>/remove/", pages.remove_passkey, name="mfa_remove_webauthn"),
    path("sign-in/codes/", pages.codes, name="mfa_view_recovery_codes"),
    path("sign-in/codes/new/", pages.new_codes, name="mfa_generate_recovery_codes"),
    path("sign-in/again/", pages.again, name="account_reauthenticate"),
    path("password_reset/", pages.forgotten, name="admin_password_reset"),
    path("password_reset/done/", pages.forgotten_sent, name="password_reset_done"),
    path("password_reset/set/", pages.new_password_set, name="password_reset_complete"),
    path("password_reset/<uidb64>/<token>/", pages.new_password, name="password_reset_confirm"),
]
