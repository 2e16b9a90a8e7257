"""Mail addresses: when two are the same, which one nobody can have, and likely slips."""

import difflib
import unicodedata
from contextlib import suppress

#: RFC 2606 keeps this top level empty for ever, so an address under it is nobody's.
NOBODYS = ".invalid"

#: Where most people have their mail; a near miss of one of them is probably a slip.
COMMON_DOMAINS = [
    "aol.com",
    "comcast.net",
    "gmail.com",
    "hotmail.com",
    "icloud.com",
    "me.com",
    "msn.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "yahoo.com",
]


def email_key(address: str) -> str:
    """What makes two addresses one. Made here because databases disagree about case."""
    name, at, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    with suppress(UnicodeError):  # Not a name of the internet's: it stays as it was typed.
        domain = domain.encode("idna").decode()
    return f"{name}{at}{domain}".casefold()


#: As long as `email_key` can be in the database.
LONGEST_KEY = 300


def is_plain(address: str) -> bool:
    """Whether it is written in the one usual way: quoted and encoded names have many spellings."""
    name = address.rpartition("@")[0]
    return not any(sign in name for sign in '"\\') and "=?" not in name


def is_nobodys(address: str) -> bool:
    """Whether the address is an invented one, which is never mailed."""
    return email_key(address).endswith(NOBODYS)


def masked(address: str) -> str:
    """`m…@example.com`: enough to tell two people apart in a list, too little to write to."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…{at}{domain}"


def likely_meant(address: str) -> str:
    """The address that was probably meant, or empty when this one looks right."""
    name, at, domain = address.rpartition("@")
    domain = domain.casefold()
    if not at or domain in COMMON_DOMAINS:
        return ""
    close = difflib.get_close_matches(domain, COMMON_DOMAINS, n=1, cutoff=0.85)
    return f"{name}@{close[0]}" if close else ""
