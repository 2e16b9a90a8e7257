"""Every address that the resolver knows, filled in with rows of `test_roles.world`."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

from django.urls import get_resolver

from bawg_site.signing_in import urls as of_signing_in
from registrations.links import interest_leave_link, token_for
from registrations.models import Certificate, InterestSignup, Registration
from tests.registrations import test_roles

#: What no link of the site leads to by a name of the resolver.
OUTSIDE = ["/healthz"]


def public(world: SimpleNamespace) -> Iterator[str]:
    """What a visitor can ask for, with keys that open something."""
    person = Registration.objects.get(pk=world.keys["registrations_registration"])
    leave = interest_leave_link(InterestSignup.objects.get()).rstrip("/").rpartition("/")[2]
    parts = {
        "slug": person.scheduled_class.slug,
        "token": token_for(person),
        "number": Certificate.objects.get().number,
    }
    for route, _ in test_roles.patterns(get_resolver().url_patterns):
        if route.startswith("admin/"):
            continue
        known = parts | {"token": leave} if route.startswith("interest/") else parts
        yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part, known=known: known[part[1]], route)
    yield from OUTSIDE


def staff(world: SimpleNamespace) -> Iterator[str]:
    for name, route in test_roles.desk().items():
        if name != "logout":
            yield test_roles.path_of(name, route, world)
    yield from signing_in()
    yield "/admin/there-is-none/"


def signing_in() -> list[str]:
    """They have a policy of their own, stricter than the desk's."""
    routes = [str(pattern.pattern) for pattern in of_signing_in.urlpatterns]
    return ["/admin/" + re.sub(r"<(?:\w+:)?\w+>", "1", route) for route in routes]
