"""Each request gets a number, and what was made for it a line in the log.

The number comes from here and from no header: a stranger must not write into the log. It is short
and of digits, so that somebody can say it on the phone. What is sent from memory or from a file as
it is gets neither: a line for each would cost more than sending it (docs/decisions/logs.md).
"""

import logging
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from bawg_site.logs import request_number, route_of

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"


def numbered(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        number = f"{secrets.randbelow(10**8):08}"
        before = request_number.set(number)
        try:
            response = get_response(request)
            facts = {
                "method": request.method,
                "route": route_of(request),
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000),
            }
            log.info("Answered", extra=facts)
        finally:
            request_number.reset(before)
        response.headers[HEADER] = number
        return response

    return middleware


def number_to_say() -> str:
    """The number of this request in two halves, or empty."""
    number = request_number.get()
    return f"{number[:4]} {number[4:]}".strip()
