"""A page as bytes that can be sent many times."""

import datetime as dt
import gzip
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

#: What each kept page depends on beside its address.
VARY = "Cookie, Accept-Encoding"


@dataclass(frozen=True)
class Variant:
    """The bytes in one encoding, with the headers that go with them."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Rendered:
    body: bytes
    headers: dict[str, str]
    made_at: dt.datetime
    _variants: dict[str, Variant] = field(default_factory=dict, compare=False)

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """The page for this request, or that the reader has it already."""
        variant = self.variant(encoding_for(request.META.get("HTTP_ACCEPT_ENCODING", "")))
        body = b"" if request.method == "HEAD" else variant.body
        response = HttpResponse(body, headers=variant.headers)
        if "HTTP_IF_NONE_MATCH" not in request.META and "HTTP_IF_MATCH" not in request.META:
            return response
        return (
            get_conditional_response(request, etag=variant.headers["ETag"], response=response)
            or response
        )

    def variant(self, encoding: str) -> Variant:
        """Made once. Two threads that make it at the same moment make the same."""
        if encoding not in self._variants:
            self._variants[encoding] = self.encoded(encoding)
        return self._variants[encoding]

    def encoded(self, encoding: str) -> Variant:
        body = self.body
        headers = self.headers | {"Cache-Control": "no-cache", "Vary": VARY}
        if encoding:
            body = brotli.compress(body) if encoding == "br" else gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = encoding
        headers["Content-Length"] = str(len(body))
        headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        return Variant(body, headers)


@lru_cache(maxsize=64)
def encoding_for(accepted: str) -> str:
    """The smallest encoding that the header of a request allows; empty for none."""
    allowed = {}
    for part in accepted.split(","):
        name, _, weight = part.partition(";")
        allowed[name.strip().lower()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00"}
    return next((name for name in ("br", "gzip") if allowed.get(name)), "")
