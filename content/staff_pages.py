"""The door of every page of the staff desk that is not one of Django's own, in any room."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

Page = Callable[..., HttpResponseBase]

READS = ["GET", "HEAD"]
ACTS = [*READS, "POST"]


def staff_page(permission: str, methods: list[str] = READS) -> Callable[[Page], Page]:
    """For signed-in staff who have the permission; others are asked to sign in, or refused.

    A page that is read takes no POST; one that acts says so: `@staff_page("...", ACTS)`.
    """

    def guarded(page: Page) -> Page:
        @wraps(page)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return page(request, *args, **kwargs)

        return admin.site.admin_view(require_http_methods(methods)(inner))

    return guarded
