"""A visitor who opens pages in one language, and the list of what there is to see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import translation

from registrations.links import token_for
from registrations.models import Registration


@dataclass(frozen=True)
class Seen:
    """One page as it came: what its address was, and what it says."""

    path: str
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
        return seen(response, response.wsgi_request.path)


def seen(response: HttpResponseBase, path: str) -> Seen:
    return Seen(
        path=path,
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


def languages() -> list[str]:
    """Those in which the site has addresses of their own."""
    by_address: dict[str, str] = {}
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            by_address.setdefault(reverse("courses:classes"), code)
    return list(by_address.values())
