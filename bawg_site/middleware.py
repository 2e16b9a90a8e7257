"""What every answer passes through."""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django_prose_editor.widgets import importmap

GetResponse = Callable[[HttpRequest], HttpResponse]

PUBLIC_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
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


def policies(get_response: GetResponse) -> GetResponse:
    """What browsers may load and do, on every answer that does not say it itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        policy = staff_policy() if request.path.startswith("/admin/") else PUBLIC_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response

    return middleware
