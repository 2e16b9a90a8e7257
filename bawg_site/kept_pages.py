"""Public pages as bytes in memory: each process keeps what it has made until it changes.

A page is kept under its address and the reader's choice of light, and made from nothing else of the
request. It is sent again while the mark of what is committed (`content.public`) is the one from
before it was made, and until the moment at which it changes by the clock alone.
"""

import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

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
from content.away import AWAY
from content.public import change_of, is_public_page, public_mark

GetResponse = Callable[[WSGIRequest], HttpResponse]
Key = tuple[str, Display]

#: In seconds. An edit is seen everywhere within a second: half of it may pass before a look.
BETWEEN_LOOKS = 0.5
BETWEEN_LOOKS_WHILE_AWAY = 1.0

#: Enough for every page that is read much, in each light. About 20 kB each.
MOST_PAGES = 256

#: Where staff change what is public.
STAFF = "/admin/"

#: What of a request's headers reaches a page that is kept.
PASSED_ON = {"HTTP_HOST", "HTTP_X_FORWARDED_PROTO"}

#: What of an answer's headers is not for the next reader.
OF_ONE_ANSWER = {"Content-Length", HEADER}


class Watch:
    """The mark of what is committed, looked at now and then."""

    def __init__(self) -> None:
        self.mark: uuid.UUID | None = None
        self.is_away = False
        self._looked_at = float("-inf")
        self._looking = threading.Lock()

    def look(self) -> None:
        """Look again when it is time."""
        pause = BETWEEN_LOOKS_WHILE_AWAY if self.is_away else BETWEEN_LOOKS
        if time.monotonic() - self._looked_at >= pause:
            self.look_now()

    def look_after(self, request: WSGIRequest) -> None:
        """What staff take off the site must not wait for a visitor to go from the copies."""
        if request.path.startswith(STAFF):
            self.look_now()

    def look_now(self) -> None:
        """While one thread looks, others go by what it saw before."""
        if not self._looking.acquire(blocking=False):
            return
        try:
            began_at = time.monotonic()
            mark = public_mark()
            if mark != self.mark:
                last_copies.forget_all_but(public_paths())
            self.mark = mark
            self.is_away = False
        except AWAY:
            self.is_away = True
            began_at = time.monotonic()
        finally:
            self._looked_at = began_at
            self._looking.release()


@dataclass(frozen=True)
class Kept:
    page: Rendered
    mark: uuid.UUID
    changes_at: dt.datetime | None

    def is_current(self, mark: uuid.UUID | None, now: dt.datetime) -> bool:
        return self.mark == mark and (self.changes_at is None or now < self.changes_at)


class Memory:
    """The kept pages of one process. The one kept longest goes first."""

    def __init__(self) -> None:
        self._pages: dict[Key, Kept] = {}
        self._changing = threading.Lock()

    def get(self, key: Key) -> Kept | None:
        return self._pages.get(key)

    def keep(self, key: Key, kept: Kept) -> None:
        with self._changing:
            self._pages.pop(key, None)
            self._pages[key] = kept
            if len(self._pages) > MOST_PAGES:
                del self._pages[next(iter(self._pages))]

    def forget(self, key: Key) -> None:
        with self._changing:
            self._pages.pop(key, None)


def kept_pages(get_response: GetResponse) -> Callable[[WSGIRequest], HttpResponseBase]:
    memory = Memory()
    watch = Watch()

    def middleware(request: WSGIRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"} or not is_ours(request):
            response = get_response(request)
            watch.look_after(request)
            return response
        key = (request.path, Display.of(request))
        kept = memory.get(key)
        if kept is None and not is_public(request.path):
            return get_response(request)
        watch.look()
        if kept and not watch.is_away and kept.is_current(watch.mark, timezone.now()):
            return kept.page.answer(request)
        return made_now(request, key)

    def made_now(request: WSGIRequest, key: Key) -> HttpResponseBase:
        # Before the page is made: what is committed while it is made has another mark.
        mark = watch.mark
        bare = bare_request(request)
        response = None if watch.is_away else get_response(bare)
        if response is None or response.status_code == 503:
            copy = last_copies.read(key, request.path)
            return copy.answer(request) if copy else response or get_response(request)
        if not is_for_everybody(bare, response):
            memory.forget(key)
            last_copies.forget(key)
            return response
        headers = {name: value for name, value in response.items() if name not in OF_ONE_ANSWER}
        page = Rendered(response.content, headers, timezone.now())
        if mark:
            memory.keep(key, Kept(page, mark, change_of(response)))
        if mark and mark == watch.mark:
            last_copies.keep(key, page)
        return page.answer(request)

    return middleware


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
