"""That the list of states leaves out no page."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.browser.states import STATES

NO_PAGES = {
    "courses:feed": "a calendar",
    "courses:class_calendar": "a calendar",
    "registrations:calendar": "a calendar",
    "registrations:download": "a file",
    "registrations:own_certificate": "a file",
    "registrations:take": "acts by POST and leads back",
    "registrations:pass": "acts by POST and leads back",
    "registrations:renew": "acts by POST and leads to the page after it",
    "mail_came_back": "for the provider of mail",
    "display": "acts by POST and leads back",
    "robots": "for robots",
    "security": "for people who test sites, as plain text",
    "sitemap": "for robots",
    "readyz": "for whoever watches the site",
}
STAFF = "admin/"


def addresses(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """The names of all public addresses: `courses:class`."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern.pattern} has no name"
            yield f"{space}{pattern.name}"
        elif str(pattern.pattern) != STAFF:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner)


def test_every_public_address_has_a_state_or_is_no_page():
    named = set(addresses(get_resolver().url_patterns))
    seen = {state.address for state in STATES} - {""}
    assert named - NO_PAGES.keys() - seen == set(), "make a state for it in tests/browser/states/"
    assert (seen | NO_PAGES.keys()) - named == set(), "there is no such address any more"
