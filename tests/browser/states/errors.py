"""Pages about what did not work."""

from dataclasses import replace
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.utils import translation
from django.views.defaults import permission_denied, server_error

from bawg_site import errors, last_copies
from bawg_site.display import Display
from bawg_site.middleware import MOST_BYTES
from bawg_site.rendered import Rendered
from registrations.views.registering import form_while_away
from tests.browser.states.registering import ANSWERS
from tests.browser.states.visit import Seen, Visit, seen, state
from tests.factories import NOW, make_class


@state("")
def no_page_here(visit: Visit) -> Seen:
    path = visit.path("courses:classes")
    page = visit.seen(visit.client.get(f"{path}there-is-none/"))
    assert page.status == HTTPStatus.NOT_FOUND
    return page


@state("")
def the_fault_is_ours(visit: Visit) -> Seen:
    path = visit.path("courses:course")
    with translation.override(visit.language):
        request = RequestFactory().get(path)
        return seen(server_error(request), request)


@state("")
def our_records_are_out_of_reach(visit: Visit) -> Seen:
    path = visit.path("registrations:link")
    with translation.override(visit.language):
        request = RequestFactory().get(path)
        return seen(errors.database_away(request), request)


@state("")
def our_records_are_out_of_reach_while_answers_are_sent(visit: Visit) -> Seen:
    path = visit.path("registrations:check", "a-class")
    with translation.override(visit.language):
        request = RequestFactory().post(path, ANSWERS)
        return seen(form_while_away(request, "a-class"), request)


@state("")
def a_page_from_before_our_records_were_out_of_reach(visit: Visit) -> Seen:
    """The copy of another address, so that the site goes on to give its own here."""
    make_class()
    page = visit.get("courses:classes")
    key = (f"{page.path}?of-the-proofs", Display())
    last_copies.keep(key, Rendered(page.html.encode(), page.headers, NOW))
    copy = last_copies.read(key, page.path)
    last_copies.forget(key)
    assert copy is not None
    assert copy.body != page.html.encode()
    return replace(page, html=copy.body.decode())


@state("")
def no_cookie_came_back(visit: Visit) -> Seen:
    strict = Visit(visit.language, enforce_csrf_checks=True)
    page = strict.post("registrations:link", email="maria@peers.test")
    assert page.status == HTTPStatus.FORBIDDEN
    return page


@state("")
def what_came_could_not_be_read(visit: Visit) -> Seen:
    path = visit.path("registrations:link")
    with translation.override(visit.language):
        request = RequestFactory().get(path)
        return seen(errors.bad_request(request, ValueError()), request)


@state("")
def more_than_the_page_takes(visit: Visit) -> Seen:
    path = visit.path("registrations:interest")
    page = visit.client.post(path, b"x" * (MOST_BYTES + 1), content_type="text/plain")
    assert page.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return visit.seen(page)


@state("")
def not_open_to_this_account(visit: Visit) -> Seen:
    path = visit.path("courses:course")
    with translation.override(visit.language):
        request = RequestFactory().get(path)
        return seen(permission_denied(request, PermissionDenied()), request)
