"""What the environment says, and a sentence where it says nonsense.

Every variable may also come from a file that `<NAME>_FILE` names: a secret in a file stands in no
list of processes, and in no description of a container.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.http import is_same_domain

env = environ.FileAwareEnv()


def text(name: str, default: str = "") -> str:
    """The variable's value without blanks around it: a file ends with a new line."""
    try:
        value: str = env.str(name, "")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names a file that cannot be read: {error}"
        ) from error
    return value.strip() or default


def needed(name: str) -> str:
    """The variable's value; refuses to start when it is missing or empty."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE) in the environment.")
    return value


def number(name: str, default: int, *, lowest: int = 0, highest: int | None = None) -> int:
    value = text(name, str(default))
    if value.isdecimal() and lowest <= int(value) <= (int(value) if highest is None else highest):
        return int(value)
    limits = f"from {lowest}" + ("" if highest is None else f" to {highest}")
    raise ImproperlyConfigured(f"{name} must be a whole number {limits}, not {value}.")


def switch(name: str, *, default: bool) -> bool:
    value = text(name)
    if value not in {"", "0", "1"}:
        raise ImproperlyConfigured(f"{name} must be 1, 0 or empty.")
    return value == "1" if value else default


def check_address(url: str, allowed_hosts: Iterable[str]) -> None:
    """Refuse an address of the site that nobody could open."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"SITE_URL is no address: {error}.") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise ImproperlyConfigured("SITE_URL must be a whole address, like https://example.org")
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ImproperlyConfigured("SITE_URL must end after its host, like https://example.org")
    names = (host, f"[{host}]")
    if not any(is_same_domain(name, allowed) for allowed in allowed_hosts for name in names):
        raise ImproperlyConfigured(
            f"SITE_URL leads to {host}, which ALLOWED_HOSTS does not name: no page could be read."
        )
