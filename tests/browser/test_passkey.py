"""A passkey, made and used with an authenticator that the browser plays."""

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from registrations.models import AccountLetter
from tests.bawg_site.signing_in.accounts import PASSWORD, make_account
from tests.browser.conftest import PHONE, NewContext

pytestmark = pytest.mark.django_db(transaction=True)

MACHINE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_somebody_adds_a_passkey_and_signs_in_with_it(
    new_context: NewContext, settings: LazySettings
):
    settings.SECOND_FACTOR_FORCED = True
    make_account("ana")
    context = new_context(viewport=PHONE)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    browser = context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    made = browser.send("WebAuthn.addVirtualAuthenticator", {"options": MACHINE})
    machine = {"authenticatorId": made["authenticatorId"]}

    sign_in(page)
    expect(page.get_by_role("main")).to_contain_text("One step more before the desk opens")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name for it").fill("Ana's telephone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have them: go to the desk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")

    page.get_by_role("button", name="Log out").click()
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("One step more")
    # On a machine without it, they are told so and can try again.
    [passkey] = browser.send("WebAuthn.getCredentials", machine)["credentials"]
    browser.send("WebAuthn.clearCredentials", machine)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_text("Your browser did not give us a passkey.")).to_be_visible()
    browser.send("WebAuthn.addCredential", machine | {"credential": passkey})
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    assert said == []
    assert AccountLetter.objects.get().kind == "passkey_added"
