"""How often one network may do something: counted in the database, so over all processes.

Time is cut into spans of the limit's length, the same for everybody: the answer to "when again" is
the end of the span. A count costs one statement, and exactly so many are let through.
"""

import datetime as dt
import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from registrations.models import Tries


@dataclass(frozen=True)
class Limit:
    what: str
    most: int
    span: dt.timedelta


#: Enough for a board's clerk with a pile of certificates. A guess takes millions of years so.
CERTIFICATE_LOOKUPS = Limit("certificates", most=60, span=dt.timedelta(minutes=10))

#: Longer than any span: a count is of no use after it.
KEPT = dt.timedelta(days=1)


class TooMany(Exception):
    """`again_at` is when the next try is let through."""

    def __init__(self, again_at: dt.datetime) -> None:
        super().__init__(again_at)
        self.again_at = again_at


def count(limit: Limit, request: HttpRequest, now: dt.datetime) -> None:
    """One try more. Raises TooMany; what is refused counts no further."""
    since = dt.datetime.fromtimestamp(
        now.timestamp() // limit.span.total_seconds() * limit.span.total_seconds(), tz=dt.UTC
    )
    mine = Tries.objects.filter(what=limit.what, network=network_of(request, now), since=since)
    if mine.filter(count__lt=limit.most).update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            Tries.objects.create(what=limit.what, network=network_of(request, now), since=since)
    except IntegrityError:
        # There is a row: it is full, or another process made it a moment ago.
        if not mine.filter(count__lt=limit.most).update(count=F("count") + 1):
            raise TooMany(since + limit.span) from None


def forget(now: dt.datetime) -> int:
    return Tries.objects.filter(since__lte=now - KEPT).delete()[0]


def network_of(request: HttpRequest, now: dt.datetime) -> str:
    """The network by a hash that is another one tomorrow."""
    day = f"{now:%Y-%m-%d}"
    return salted_hmac(
        f"limits {day}", network(client_address(request)), algorithm="sha256"
    ).hexdigest()


def client_address(request: HttpRequest) -> str:
    """Who asks. Each proxy of ours adds whom it was asked by at the end of X-Forwarded-For.

    What stands before that was typed by whoever asks, and is not believed.
    """
    if settings.PROXIES:
        passed_on = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(passed_on) >= settings.PROXIES and passed_on[-settings.PROXIES]:
            return str(passed_on[-settings.PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))


def network(address: str) -> str:
    """The address; of IPv6 the part that one customer has. What is no address counts as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.IPv6Network(f"{parsed}/64", strict=False))
    return str(parsed)
