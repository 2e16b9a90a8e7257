"""Tell me when a class is scheduled."""

from urllib.parse import urlsplit

from registrations import limits
from registrations.links import interest_leave_link, interest_link
from registrations.models import InterestSignup
from registrations.services import interest
from tests.browser.states.visit import ANOTHER_NETWORK, Seen, Visit, state, use_up
from tests.factories import NOW


def asked() -> InterestSignup:
    interest.sign_up(email="maria@peers.test", language="en", now=NOW)
    return InterestSignup.objects.get()


def token(link: str) -> str:
    return urlsplit(link).path.rstrip("/").rpartition("/")[2]


def to_confirm(signup: InterestSignup) -> str:
    return token(interest_link(signup.letters.get()))


def to_leave(signup: InterestSignup) -> str:
    return token(interest_leave_link(signup))


@state("registrations:interest")
def one_field(visit: Visit) -> Seen:
    return visit.get("registrations:interest")


@state("registrations:interest")
def an_address_that_is_none(visit: Visit) -> Seen:
    return visit.post("registrations:interest", email="maria")


@state("registrations:interest")
def too_many_addresses(visit: Visit) -> Seen:
    use_up(limits.INTEREST_SIGNUPS)
    path = visit.path("registrations:interest")
    typed = {"email": "maria@peers.test"}
    return visit.seen(visit.client.post(path, typed, REMOTE_ADDR=ANOTHER_NETWORK))


@state("registrations:interest_sent")
def asked_by_mail(visit: Visit) -> Seen:
    return visit.get("registrations:interest_sent")


@state("registrations:interest_confirm")
def asked_to_confirm(visit: Visit) -> Seen:
    return visit.get("registrations:interest_confirm", to_confirm(asked()))


@state("registrations:interest_confirm")
def on_the_list(visit: Visit) -> Seen:
    signup = asked()
    interest.confirm(signup=signup, now=NOW)
    return visit.get("registrations:interest_confirm", to_confirm(signup))


@state("registrations:interest_confirm")
def not_on_the_list_any_more(visit: Visit) -> Seen:
    signup = asked()
    key = to_confirm(signup)
    interest.leave(signup=signup)
    return visit.get("registrations:interest_confirm", key)


@state("registrations:interest_leave")
def asked_before_leaving(visit: Visit) -> Seen:
    return visit.get("registrations:interest_leave", to_leave(asked()))


@state("registrations:interest_leave")
def off_the_list(visit: Visit) -> Seen:
    return visit.post("registrations:interest_leave", to_leave(asked()))
