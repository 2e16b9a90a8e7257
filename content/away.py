"""What people read while the database cannot be reached."""

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from content.models import SiteSettings


def is_away(problem: BaseException | None) -> bool:
    """The database cannot be reached, is locked, or has no more room: trying again later can help.

    A server that ends while it answers leaves psycopg2 without any words, and with no kind of error
    but the one that all others are kinds of.
    """
    return isinstance(problem, OperationalError | InterfaceError) or type(problem) is DatabaseError


def note(request: HttpRequest) -> None:
    """The rest of this answer is made without the database."""
    request.database_is_away = True  # type: ignore[attr-defined]  # read by `is_noted()`


def is_noted(request: HttpRequest) -> bool:
    return getattr(request, "database_is_away", False)


def site_words() -> SiteSettings:
    """In place of the words that staff wrote: whom to call in danger never falls away."""
    words = _("In an emergency call 911. In a crisis call or text 988.")
    # Of no row's key: these words are not to be taken for the stored ones.
    site = SiteSettings(pk=0)
    site.safety_words = format_html("<p>{}</p>", words)
    return site
