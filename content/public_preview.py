"""What the public will read, before it is saved: made from the form, and then taken back.

The form is saved as it always is, the public pages are made inside that transaction by the views
that make them for everybody, and the transaction is rolled back. So nothing can look different
later, nothing is stored, and no middleware that keeps pages ever sees them.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from django.conf import settings
from django.contrib import admin
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _

#: The button of `templates/admin/submit_line.html`.
SHOW = "_public"

#: Of a visitor only the host and the choice of light reach the page.
PASSED_ON = {"HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_COOKIE"}

#: In a frame that may open nothing, a link that opens another tab does nothing.
LINKS_LEAD_NOWHERE = '<head><base target="_blank">'


@dataclass(frozen=True)
class PublicPage:
    title: str
    language: str
    html: str


class TakenBack(Exception):
    """Carries the pages out of the transaction, which ends with it."""

    def __init__(self, pages: list[PublicPage]) -> None:
        super().__init__()
        self.pages = pages


class ShowsPublicPages(admin.ModelAdmin):
    """The button "See it as the public will". It stands before what else handles a saved form."""

    def public_pages(self, request: HttpRequest, obj: Any) -> Iterable[PublicPage]:
        """For the row as the form has it, inside the transaction that is taken back."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A form with mistakes is shown with its sentences, as when it is saved."""
        context = {"shows_public_pages": True} | (extra_context or {})
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except TakenBack as taken_back:
            return self.preview(request, taken_back.pages)

    def message_user(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Of what is taken back nothing is said."""
        if SHOW not in request.POST:
            super().message_user(request, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Any, *args: Any) -> HttpResponse:
        if SHOW in request.POST:
            self.take_back(request, obj)
        return super().response_add(request, obj, *args)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if SHOW in request.POST:
            self.take_back(request, obj)
        return super().response_change(request, obj)

    def take_back(self, request: HttpRequest, obj: Any) -> NoReturn:
        raise TakenBack(list(self.public_pages(request, obj)))

    def preview(self, request: HttpRequest, pages: list[PublicPage]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("As the public will see it"),
            "pages": pages,
        }
        return render(request, "admin/public_preview.html", context)


def in_each_language(
    request: HttpRequest, title: str, path: Callable[[], str]
) -> Iterator[PublicPage]:
    """The page at an address. `path` is asked in each language: an address can differ by it."""
    for code, language in settings.LANGUAGES:
        with translation.override(code), timezone.override(None):
            page = public_page(request, path())
        yield PublicPage(title, str(language), page)


def public_page(request: HttpRequest, path: str) -> str:
    """What the view at the address answers a stranger who reads in the active language."""
    found = resolve(path)
    response = found.func(stranger(request, path), *found.args, **found.kwargs)
    if hasattr(response, "render"):
        response.render()
    return without_links(response.content.decode())


def without_links(html: str) -> str:
    return html.replace("<head>", LINKS_LEAD_NOWHERE, 1)


def stranger(request: HttpRequest, path: str) -> HttpRequest:
    """A request of somebody who is not signed in."""
    meta = {
        name: value
        for name, value in request.META.items()
        if not name.startswith("HTTP_") or name in PASSED_ON
    }
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "CONTENT_LENGTH": ""}
    return WSGIRequest(meta | asked | {"wsgi.input": io.BytesIO()})
