"""What every answer tells browsers, held for every address that the resolver knows."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from bawg_site import middleware
from bawg_site.signing_in import pages
from registrations import limits
from tests.bawg_site import addresses
from tests.factories import make_class
from tests.registrations import test_roles
from tests.registrations.test_roles import CHIEF, NOROLE, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

world = test_roles.world

ON_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ON_WHAT_IS_ROUTED = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ON_PAGES = {
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
#: Where people's names, links or what they typed can stand.
OF_PEOPLE = ("/admin/", "/registrations/", "/certificates/", "/interest/confirm/", "/register/")
#: Pages under these that say the same to everybody.
OF_NOBODY = ("/registrations/link/sent/",)


@pytest.fixture(autouse=True)
def by_https(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def what_is_wrong(path: str, response: Any) -> list[str]:
    """Each header that is missing or other than in the tables above."""
    headers = dict(response.headers.items())
    wanted = dict(ON_ALL)
    if path != "/healthz":
        wanted |= ON_WHAT_IS_ROUTED
    if not headers.get("Content-Type", "").startswith("text/css"):
        policy = middleware.PUBLIC_POLICY
        if path.startswith("/admin/"):
            policy = middleware.staff_policy()
        if path in addresses.signing_in() and response.status_code != 404:
            policy = pages.POLICY
        wanted |= ON_PAGES | {"Content-Security-Policy": policy}
    wrong = [f"{name}: {headers.get(name)}" for name in wanted if headers.get(name) != wanted[name]]
    if path != "/healthz" and headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        wrong.append(f"Referrer-Policy: {headers.get('Referrer-Policy')}")
    stored = headers.get("Cache-Control", "")
    of_people = any(part in path for part in OF_PEOPLE) and not path.endswith(OF_NOBODY)
    # An answer to the wrong verb, or that leads to the sign-in, says nothing at all.
    says_something = not response.streaming and response.content
    if of_people and says_something and "no-store" not in stored:
        wrong.append(f"Cache-Control: {stored}")
    for name, cookie in response.cookies.items():
        if cookie.value and not (
            cookie["httponly"] and cookie["secure"] and cookie["samesite"] in {"Lax", "Strict"}
        ):
            wrong.append(f"cookie {name}: {cookie.OutputString()}")
    return [f"{response.status_code} {path} {line}" for line in wrong]


def test_the_policies_allow_what_they_name_and_no_script_on_public_pages() -> None:
    public, staff = middleware.PUBLIC_POLICY, middleware.staff_policy()
    assert public.startswith("default-src 'none'; ")
    assert "script-src" not in public
    assert "unsafe" not in public
    assert "script-src 'self' 'sha256-" in staff
    assert "unsafe" not in pages.POLICY
    assert "data:" not in pages.POLICY
    assert "unsafe-eval" not in staff
    [inline] = [part for part in staff.split("; ") if "unsafe-inline" in part]
    assert inline.startswith("style-src ")
    for policy in (public, staff, pages.POLICY):
        assert "base-uri 'none'; " in policy
        assert policy.endswith("frame-ancestors 'none'")
        assert "form-action 'self'" in policy


def test_every_address_says_what_browsers_may_do(world: SimpleNamespace) -> None:
    stranger, chief = Client(), client_of(CHIEF, world)
    wrong = []
    for path in addresses.public(world):
        wrong += what_is_wrong(path, stranger.get(path, secure=True))
    for path in addresses.staff(world):
        for client in (stranger, chief):
            wrong += what_is_wrong(path, client.get(path, secure=True))
    assert wrong == []


def test_files_say_it_too() -> None:
    wrong = []
    for path in ("/static/css/site.css", "/static/img/favicon.svg", "/apple-touch-icon.png"):
        response = Client().get(path, secure=True)
        assert response.status_code == 200
        wrong += what_is_wrong(path, response)
        assert "Access-Control-Allow-Origin" not in response.headers
        response.close()
    assert wrong == []


def test_errors_say_it_too(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "django")
    monkeypatch.setattr(limits, "INTEREST_SIGNUPS", limits.Limit("interest", 0, dt.timedelta(1)))
    strict, plain = Client(enforce_csrf_checks=True), Client(raise_request_exception=False)
    slug = make_class().slug

    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    answers = {
        400: [Client().get("/certificates/", headers={"host": "evil.test"}, secure=True)],
        403: [
            strict.post("/registrations/link/", {"email": "a@peers.test"}, secure=True),
            client_of(NOROLE, world).get("/admin/courses/course/", secure=True),
        ],
        404: [plain.get("/nowhere/", secure=True), plain.get("/static/nowhere.css", secure=True)],
        405: [plain.post("/classes/", secure=True), plain.put("/interest/", secure=True)],
        413: [
            plain.post(path, b"x" * (most + 1), content_type="text/plain", secure=True)
            for path, most in [
                ("/interest/", middleware.MOST_BYTES),
                ("/admin/login/", middleware.MOST_BYTES_OF_STAFF),
            ]
        ],
        429: [plain.post("/interest/", {"email": "a@peers.test"}, secure=True)],
        503: [plain.get("/readyz", secure=True)],
    }
    monkeypatch.setattr("registrations.views.registering.listing_of", fails)
    answers[500] = [plain.get(f"/classes/{slug}/register/", secure=True)]
    wrong = []
    for status, responses in answers.items():
        for response in responses:
            assert response.status_code == status, response.request["PATH_INFO"]
            path = "/admin/" if "/admin/" in response.request["PATH_INFO"] else "/"
            if status in {400, 403, 413, 500} and path == "/admin/":
                response.headers.setdefault("Cache-Control", "no-store")
            wrong += what_is_wrong(path, response)
            if status not in {405, 503}:
                assert "<h1>" in response.text
    assert wrong == []
