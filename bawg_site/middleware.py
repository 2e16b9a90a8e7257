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

GetResponse = Callable[[HttpRequest], HttpResponse]

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
            return HttpResponse("ok\n", content_type="text/plain")
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


def policies(get_response: GetResponse) -> GetResponse:
    """What browsers may load and do, on every answer that does not say it itself.

    Browsers ask the page alone for it, never its sheet, which everybody's first visit fetches.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/css"):
            return response
        policy = staff_policy() if request.path.startswith("/admin/") else PUBLIC_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response

    return middleware
