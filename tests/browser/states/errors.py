"""Pages about what did not work."""

from http import HTTPStatus

from django.test import RequestFactory
from django.utils import translation
from django.views.defaults import server_error

from tests.browser.states.visit import Seen, Visit, seen, state


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
        return seen(server_error(RequestFactory().get(path)), path)


@state("")
def no_cookie_came_back(visit: Visit) -> Seen:
    strict = Visit(visit.language, enforce_csrf_checks=True)
    page = strict.post("registrations:link", email="maria@peers.test")
    assert page.status == HTTPStatus.FORBIDDEN
    return page
