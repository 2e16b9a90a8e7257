"""How often one network may do something: counted in the database, so over all processes.

Time is cut into spans of the limit's length, the same for everybody: the answer to "when again" is
the end of the span. Every try counts, whatever comes of it. All that one request counts costs one
statement, and exactly so many are let through.

A limit of one address counts what one network typed of it. Counted for everybody together, a
stranger would learn by the refusal that somebody else has typed the address, and could keep its
owner from typing it.
"""

import datetime as dt
import ipaddress
import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from registrations.models import Tries

logger = logging.getLogger(__name__)

A_WHILE = dt.timedelta(minutes=10)
AN_HOUR = dt.timedelta(hours=1)
A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    what: str
    most: int
    span: dt.timedelta


#: Enough for a board's clerk with a pile of certificates. A guess takes millions of years so.
CERTIFICATE_LOOKUPS = Limit("certificates", most=60, span=A_WHILE)

#: Thirty peers in one clinic or library when registration opens, each of whom corrects an address
#: or asks for the mail again: 90. The span is short: nobody who is stopped misses the class by it.
REGISTRATIONS = Limit("registrations", most=100, span=A_WHILE)
#: No clinic comes near it, a script does within half an hour.
REGISTRATIONS_A_DAY = Limit("registrations a day", most=300, span=A_DAY)
#: One address in one class: slips, second thoughts, a mail that takes its time. The first try has
#: written to it already, so its owner is never kept from the seat.
REGISTRATIONS_OF_ONE = Limit("one's registrations", most=10, span=AN_HOUR)

#: The same thirty on the morning of a class, each of whom asks twice.
LINK_REQUESTS = Limit("links", most=60, span=A_WHILE)
LINK_REQUESTS_OF_ONE = Limit("one's links", most=10, span=AN_HOUR)

#: A whole group that is told of the list in one meeting. One address has its pauses in
#: `services/interest.py`.
INTEREST_SIGNUPS = Limit("interest", most=60, span=A_WHILE)

#: What one person does on their own page, the evaluation's pages too: nobody's hands are so fast.
#: Taking a seat is not counted.
OWN_PAGE = Limit("own page", most=100, span=A_WHILE)
#: Each writes a mail to an address that may be anybody's.
NEW_ADDRESSES = Limit("new addresses", most=10, span=A_DAY)

#: Sign-ins from one network: staff in one office sign in without meeting it.
SIGN_INS = Limit("sign-ins", most=30, span=A_WHILE)
#: Passwords for one account, wherever they are typed. The right one takes its count back.
PASSWORDS = Limit("passwords", most=10, span=A_WHILE)
#: Codes of a second factor for one account: whoever types one has the password.
CODES = Limit("codes", most=5, span=A_WHILE)
#: Mails for a forgotten password.
FORGOTTEN = Limit("forgotten", most=20, span=AN_HOUR)
FORGOTTEN_BY_ADDRESS = Limit("one's forgotten", most=5, span=AN_HOUR)
#: What of them reaches one mailbox, whoever asks. More are left out without a word.
FORGOTTEN_MAILS = Limit("forgotten mails", most=5, span=AN_HOUR)

#: Longer than any span: a count is of no use after it.
KEPT = 2 * A_DAY

#: One statement for all that is counted at once: Django's own cannot add to what is there.
ONE_MORE = """
INSERT INTO registrations_tries (what, network, since, count) VALUES {rows}
ON CONFLICT (what, network, since) DO UPDATE SET count = registrations_tries.count + 1
RETURNING what, count
"""


class TooMany(Exception):
    """`again_at` is when the next try is let through."""

    def __init__(self, again_at: dt.datetime) -> None:
        super().__init__(again_at)
        self.again_at = again_at


def count(limit: Limit, request: HttpRequest, now: dt.datetime, *, of: str = "") -> None:
    """One try more. Raises TooMany."""
    count_each({limit: of}, request, now)


def count_each(tried: dict[Limit, str], request: HttpRequest, now: dt.datetime) -> None:
    """One try more for each limit, of what is named beside it and the network. Raises TooMany."""
    # Rows are locked in the order in which they are named: the network's come first everywhere.
    whose = {limit: who_tries(request, span_begins(limit, now), of) for limit, of in tried.items()}
    count_keys(whose, now, "One network")


def count_of(limit: Limit, whose: str, now: dt.datetime) -> None:
    """One try more of an account, from whatever network. Raises TooMany."""
    count_keys({limit: key_of(limit.what, whose)}, now, "One account")


def take_back(limit: Limit, whose: str) -> None:
    """What was counted of an account was right in the end."""
    Tries.objects.filter(what=limit.what, network=key_of(limit.what, whose)).delete()


def is_first(what: str, whose: str, now: dt.datetime) -> bool:
    """True once, of all processes; then False until the count is forgotten, days later."""
    key = key_of(what, whose)
    if Tries.objects.filter(what=what, network=key).exists():
        return False
    since = span_begins(Limit(what, most=1, span=AN_HOUR), now)
    return Tries.objects.get_or_create(what=what, network=key, since=since)[1]


def count_keys(whose: dict[Limit, str], now: dt.datetime, who: str) -> None:
    params: list[Any] = []
    for limit, key in whose.items():
        stored = connection.ops.adapt_datetimefield_value(span_begins(limit, now))
        params += [limit.what, key, stored]
    rows = ", ".join(["(%s, %s, %s, 1)"] * len(whose))
    with connection.cursor() as cursor:
        cursor.execute(ONE_MORE.format(rows=rows), params)
        counts: dict[str, int] = dict(cursor.fetchall())
    full = [limit for limit in whose if counts[limit.what] > limit.most]
    for limit in full:
        if counts[limit.what] == limit.most + 1:
            logger.warning("%s has reached the limit: %s", who, limit.what)
    if full:
        raise TooMany(max(span_begins(limit, now) + limit.span for limit in full))


def key_of(what: str, whose: str) -> str:
    """Of what is no network: no row says whose it is."""
    return salted_hmac(f"limits {what}", whose, algorithm="sha256").hexdigest()


def span_begins(limit: Limit, now: dt.datetime) -> dt.datetime:
    length = limit.span.total_seconds()
    return dt.datetime.fromtimestamp(now.timestamp() // length * length, tz=dt.UTC)


def forget(now: dt.datetime) -> int:
    return Tries.objects.filter(since__lte=now - KEPT).delete()[0]


def who_tries(request: HttpRequest, since: dt.datetime, of: str) -> str:
    """The network, and what it tries, by a hash that is another one tomorrow."""
    who = f"{network(client_address(request))} {of}"
    return salted_hmac(f"limits {since:%Y-%m-%d}", who, algorithm="sha256").hexdigest()


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
