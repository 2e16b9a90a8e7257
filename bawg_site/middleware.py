"""What every answer passes through."""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django_prose_editor.widgets import importmap

from bawg_site import errors

GetResponse = Callable[[HttpRequest], HttpResponse]

STAFF = "/admin/"

#: Ten times the longest answers that the forms take.
MOST_BYTES = 256_000
#: Larger than any file that staff bring, so that its own form says what is wrong with one.
MOST_BYTES_OF_STAFF = 10_000_000

PUBLIC_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@cache
def staff_policy() -> str:
    """The admin's policy: its own scripts, and the editor's import map by its hash alone.

    The editor sets styles from its script, which `style-src` can only allow as a whole.
    """
    inline = re.sub(r"^<script[^>]*>|</script>$", "", str(importmap))
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    return (
        f"default-src 'self'; script-src 'self' 'sha256-{digest}'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def healthz(get_response: GetResponse) -> GetResponse:
    """`/healthz` answers before any check of host or https: it asks about the process alone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return with_policies(HttpResponse("ok\n", content_type="text/plain"), request.path)
        return get_response(request)

    return middleware


def language(get_response: GetResponse) -> GetResponse:
    """The language of the address and no other: every reader of an address reads the same page.

    Django's own middleware also asks cookies and the browser, and so tells caches that each
    address has an answer for each browser.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        spoken = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(spoken):
            response = get_response(request)
        response.headers.setdefault("Content-Language", spoken)
        return response

    return middleware


def small_requests(get_response: GetResponse) -> GetResponse:
    """A request says how large it is before it is read. What is too large is not read at all."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or "")
        most = MOST_BYTES_OF_STAFF if request.path.startswith(STAFF) else MOST_BYTES
        if length.isdecimal() and int(length) > most:
            return errors.too_large(request)
        return get_response(request)

    return middleware


def policies(get_response: GetResponse) -> GetResponse:
    """What browsers may load and do, on every answer that does not say it itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return with_policies(get_response(request), request.path)

    return middleware


def with_policies(response: HttpResponse, path: str) -> HttpResponse:
    """Browsers ask the page alone for most, never its sheet, which every first visit fetches."""
    headers = response.headers
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if headers.get("Content-Type", "").startswith("text/css"):
        return response
    if path.startswith(STAFF):
        headers.setdefault("Content-Security-Policy", staff_policy())
        # Whatever it is about: refusals and pages that Django lets caches keep, too.
        headers.setdefault("Cache-Control", "no-store, private")
    headers.setdefault("Content-Security-Policy", PUBLIC_POLICY)
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault(
        "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    )
    return response
