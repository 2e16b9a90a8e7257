"""Without a second factor nothing of the desk opens, where one is forced."""

from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import get_resolver, reverse

from bawg_site.signing_in import second_factor
from tests.bawg_site import test_settings
from tests.registrations import test_roles
from tests.registrations.test_roles import CHIEF

pytestmark = [pytest.mark.django_db, pytest.mark.once]

world = test_roles.world
read = test_settings.read


@pytest.fixture
def chief(settings: LazySettings, world: SimpleNamespace) -> Client:
    settings.SECOND_FACTOR_FORCED = True
    client = Client()
    client.force_login(world.users[CHIEF])
    return client


def test_no_address_of_the_desk_opens_with_a_password_alone(chief: Client, world: SimpleNamespace):
    before, opened = test_roles.everything(), []
    for name, route in test_roles.desk().items():
        path = test_roles.path_of(name, route, world)
        for method in ("get", "post"):
            response = getattr(chief, method)(path)
            if name == "login":
                assert response.headers["Location"] == "/admin/sign-in/"
            elif name == "logout":
                assert response.headers["Location"] == "/admin/"
            elif not response.headers.get("Location", "").startswith("/admin/login/?next="):
                opened.append(f"{method.upper()} {path}")
    assert opened == []
    assert test_roles.everything() == before


def test_a_superuser_without_a_second_factor_may_set_one_up_and_sign_out(
    chief: Client, world: SimpleNamespace
):
    world.users[CHIEF].set_password("a long and quiet password")
    world.users[CHIEF].save()
    chief.force_login(world.users[CHIEF])
    assert chief.get("/admin/sign-in/").status_code == 200
    assert chief.get("/admin/sign-in/app/").headers["Location"].startswith("/admin/sign-in/again/")
    assert chief.post("/admin/login/cancel/", {"next": "/"}).headers["Location"] == "/"
    assert chief.get("/admin/sign-in/").status_code == 302


def test_what_was_proved_for_one_account_opens_nothing_for_another(
    chief: Client, world: SimpleNamespace
):
    session = chief.session
    session[second_factor.MARK] = str(world.users[test_roles.STAFF].pk)
    session.save()
    assert chief.get("/admin/").status_code == 302
    session[second_factor.MARK] = str(world.users[CHIEF].pk)
    session.save()
    assert chief.get("/admin/").status_code == 200


#: All that there is below `/admin/` beside the desk: each of them decided on.
NAMES = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "admin_password_reset",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "password_reset_complete",
    "password_reset_confirm",
    "password_reset_done",
}
FOR_ANYBODY = {name for name in NAMES if "reset" in name} | {
    "account_login",
    "account_logout",
    "mfa_authenticate",
}


def test_every_address_of_signing_in_is_one_that_is_needed():
    found = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in found if name.startswith(("account", "mfa", "social"))} <= NAMES
    assert found >= NAMES


def test_a_stranger_is_asked_to_sign_in_before_any_page_about_an_account(client: Client):
    for name in NAMES - FOR_ANYBODY:
        path = reverse(name, args=[1] if name == "mfa_remove_webauthn" else [])
        for method in ("get", "post"):
            leads_to = getattr(client, method)(path).headers["Location"]
            assert leads_to in {"/admin/login/", "/admin/sign-in/"}, (method, path)


@pytest.mark.parametrize(
    ("site_url", "forced"),
    [("https://training.example.org", True), ("http://127.0.0.1:8000", False)],
)
def test_https_forces_it_and_a_laptop_does_not(
    read: test_settings.Read, site_url: str, forced: bool
):
    settings = read(SITE_URL=site_url, ALLOWED_HOSTS="training.example.org,127.0.0.1")
    assert settings["SECOND_FACTOR_FORCED"] is forced
