"""A visitor who opens pages in one language, and the list of what there is to see."""

import functools
import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from registrations import limits
from registrations.links import token_for
from registrations.models import Registration

#: Not that of the visitor, who does other things too.
ANOTHER_NETWORK = "203.0.113.9"


def use_up(limit: limits.Limit, of: str = "") -> None:
    """As somebody in the other network would."""
    request = RequestFactory().get("/", REMOTE_ADDR=ANOTHER_NETWORK)
    with suppress(limits.TooMany):
        while True:
            limits.count(limit, request, timezone.now(), of=of)


@dataclass(frozen=True)
class Seen:
    """One page as it came: what its address was, and what it says."""

    path: str
    method: str
    status: int
    html: str
    headers: dict[str, str]
    cookies: frozenset[str]


class Visit:
    """Opens pages by the names of their addresses, in one language."""

    def __init__(self, language: str, **client: Any) -> None:
        self.language = language
        self.client = Client(**client)

    def path(self, name: str, *args: Any) -> str:
        with translation.override(self.language):
            return reverse(name, args=args)

    def get(self, name: str, *args: Any, query: str = "") -> Seen:
        return self.seen(self.client.get(self.path(name, *args) + query))

    def post(self, name: str, *args: Any, **data: Any) -> Seen:
        return self.seen(self.client.post(self.path(name, *args), data))

    def own(self, registration: Registration, page: str = "own_page") -> Seen:
        return self.get(f"registrations:{page}", token_for(registration))

    def post_own(self, registration: Registration, page: str, **data: Any) -> Seen:
        return self.post(f"registrations:{page}", token_for(registration), **data)

    def seen(self, response: Any) -> Seen:
        return seen(response, response.wsgi_request)


def seen(response: HttpResponseBase, request: HttpRequest) -> Seen:
    return Seen(
        path=request.path,
        method=str(request.method),
        status=response.status_code,
        html=response.content.decode(),  # type: ignore[attr-defined]  # none of them streams
        headers=dict(response.headers),
        cookies=frozenset(response.cookies),
    )


@dataclass(frozen=True)
class State:
    """A page in one state. `address` names it in the resolver; empty for pages about errors."""

    address: str
    words: str
    show: Callable[[Visit], Seen]

    def __str__(self) -> str:
        return f"{self.address}: {self.words}"


STATES: list[State] = []


def state(address: str) -> Callable[[Callable[[Visit], Seen]], Callable[[Visit], Seen]]:
    """Put the function on the list; its name says which state it shows."""

    def register(show: Callable[[Visit], Seen]) -> Callable[[Visit], Seen]:
        STATES.append(State(address, show.__name__.replace("_", " "), show))
        return show

    return register


@functools.cache
def shown(asked: State) -> dict[str, Seen]:
    """The state in each language, made once for all worker processes. It may need the database."""
    kept = Path(os.environ["TEST_SHARED_DIR"]) / f"state-{STATES.index(asked)}"
    if kept.exists():
        found: dict[str, Seen] = pickle.loads(kept.read_bytes())
        return found
    found = made(asked)
    # Whole at once: another process may read it at this moment.
    written = kept.with_suffix(f".{os.getpid()}")
    written.write_bytes(pickle.dumps(found))
    written.replace(kept)
    return found


def made(asked: State) -> dict[str, Seen]:
    found = {}
    with transaction.atomic():
        call_command("load_content", verbosity=0)
        for language in languages():
            with transaction.atomic():
                found[language] = asked.show(Visit(language))
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return found


def pages(language: str) -> dict[State, Seen]:
    """All states in one language."""
    return {each: shown(each)[language] for each in STATES}


def languages() -> list[str]:
    """Those in which the site has addresses of their own."""
    by_address: dict[str, str] = {}
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            by_address.setdefault(reverse("courses:classes"), code)
    return list(by_address.values())
