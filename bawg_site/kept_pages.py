"""Public pages as bytes in memory: each process keeps what it has made until it changes.

A page is kept under its address and the reader's choice of light, and made from nothing else of the
request. It is sent again while the mark of what is committed (`content.public`) is the one from
before it was made, and until the moment at which it changes by the clock alone.
"""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from bawg_site import last_copies
from bawg_site.display import COOKIE, Display
from bawg_site.found import public_paths
from bawg_site.rendered import Rendered
from bawg_site.requests import HEADER
from content.kept import Kept, Memory, begin_answer, seen_mark, watch
from content.public import change_of, is_public_page

GetResponse = Callable[[WSGIRequest], HttpResponse]
Key = tuple[str, Display]

#: Enough for every page that is read much, in each light. About 20 kB each.
MOST_PAGES = 256

#: Where staff change what is public.
STAFF = "/admin/"

#: What of a request's headers reaches a page that is kept.
PASSED_ON = {"HTTP_HOST", "HTTP_X_FORWARDED_PROTO"}

#: What of an answer's headers is not for the next reader.
OF_ONE_ANSWER = {"Content-Length", HEADER}


def kept_pages(get_response: GetResponse) -> Callable[[WSGIRequest], HttpResponseBase]:
    pages = Pages(get_response)
    watch.on_change = forget_what_is_gone

    def middleware(request: WSGIRequest) -> HttpResponseBase:
        if not is_ours(request):
            return get_response(request)
        if request.path.startswith(STAFF):
            return answer_to_staff(request, get_response)
        begin_answer()
        if request.method not in {"GET", "HEAD"}:
            return get_response(request)
        return pages.answer(request)

    return middleware


class Pages:
    """The kept pages of one process."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.memory: Memory[Rendered] = Memory(MOST_PAGES)

    def answer(self, request: WSGIRequest) -> HttpResponseBase:
        key = (request.path, Display.of(request))
        kept = self.memory.get(key)
        if kept is None and not is_public(request.path):
            return self.get_response(request)
        # Before the page is made: what is committed while it is made has another mark.
        mark = seen_mark()
        if kept and kept.is_current(mark, timezone.now()):
            return kept.value.answer(request)
        return self.made_now(request, key, mark)

    def made_now(self, request: WSGIRequest, key: Key, mark: uuid.UUID | None) -> HttpResponseBase:
        bare = bare_request(request)
        response = None if watch.is_away else self.get_response(bare)
        if response is None or response.status_code == 503:
            copy = last_copies.read(key, request.path)
            return copy.answer(request) if copy else response or self.get_response(request)
        if not is_for_everybody(bare, response):
            self.memory.forget(key)
            last_copies.forget(key)
            return response
        headers = {name: value for name, value in response.items() if name not in OF_ONE_ANSWER}
        page = Rendered(response.content, headers, timezone.now())
        if mark:
            self.memory.keep(key, Kept(page, mark, change_of(response)))
        if mark and mark == watch.mark:
            last_copies.keep(key, page)
        return page.answer(request)


def answer_to_staff(request: WSGIRequest, get_response: GetResponse) -> HttpResponse:
    """What staff take off the site must not wait for a visitor to go from the copies."""
    response = get_response(request)
    if request.method not in {"GET", "HEAD"}:
        watch.look_now()
    return response


def forget_what_is_gone() -> None:
    last_copies.forget_all_but(public_paths())


def is_ours(request: WSGIRequest) -> bool:
    """Whether the site answers at all, and does not refuse the host or ask for https."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return request.is_secure() or not settings.SECURE_SSL_REDIRECT


def is_public(path: str) -> bool:
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            return is_public_page(resolve(path).func)
        except Resolver404:
            return False


def bare_request(request: WSGIRequest) -> WSGIRequest:
    """The request without its visitor: nothing of them can get into a page that others see."""
    environ = {
        name: value
        for name, value in request.environ.items()
        if not name.startswith("HTTP_") or name in PASSED_ON
    }
    display = request.COOKIES.get(COOKIE)
    if display:
        environ["HTTP_COOKIE"] = f"{COOKIE}={Display.of(request).cookie}"
    return WSGIRequest(environ | {"REQUEST_METHOD": "GET", "QUERY_STRING": ""})


def is_for_everybody(request: WSGIRequest, response: HttpResponse) -> bool:
    session = getattr(request, "session", None)
    touched = session is not None and session.accessed
    return response.status_code == 200 and not response.cookies and not touched
