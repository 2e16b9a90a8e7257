"""From the form to "now look in your mail"."""

from courses.models import ScheduledClass
from registrations import limits
from tests.browser.states.public import (
    cancelled,
    closed,
    full,
    line_full,
    not_yet_open,
    past,
    with_all_there_is_to_say,
)
from tests.browser.states.visit import ANOTHER_NETWORK, Seen, Visit, state, use_up
from tests.factories import make_class

ANSWERS = {
    "full_name": "Maria de la Cruz",
    "email": "maria@peers.test",
    "role": "peer",
    "access_needs": "Captions.\nLarger print, and a pause now and then.",
    "phone": "303 555 0100",
}
TYPO = ANSWERS | {"email": "maria.de.la.cruz@gmial.com"}


def form_of(visit: Visit, scheduled_class: ScheduledClass) -> Seen:
    return visit.get("registrations:register", scheduled_class.slug)


@state("registrations:register")
def empty_form(visit: Visit) -> Seen:
    return form_of(visit, make_class())


@state("registrations:register")
def form_for_the_line(visit: Visit) -> Seen:
    return form_of(visit, full())


@state("registrations:register")
def form_of_a_class_in_a_room(visit: Visit) -> Seen:
    return form_of(visit, with_all_there_is_to_say())


@state("registrations:register")
def filled_form(visit: Visit) -> Seen:
    slug = make_class().slug
    visit.post("registrations:check", slug, **ANSWERS)
    return visit.post("registrations:register", slug, answers=signed(visit, slug))


@state("registrations:register")
def answers_that_came_changed(visit: Visit) -> Seen:
    return visit.post("registrations:register", make_class().slug, answers="changed")


@state("registrations:register")
def no_form_not_yet_open(visit: Visit) -> Seen:
    return form_of(visit, not_yet_open())


@state("registrations:register")
def no_form_closed(visit: Visit) -> Seen:
    return form_of(visit, closed())


@state("registrations:register")
def no_form_cancelled(visit: Visit) -> Seen:
    return form_of(visit, cancelled())


@state("registrations:register")
def no_form_past(visit: Visit) -> Seen:
    return form_of(visit, past())


@state("registrations:register")
def no_form_line_full(visit: Visit) -> Seen:
    return form_of(visit, line_full())


@state("registrations:check")
def everything_missing(visit: Visit) -> Seen:
    return visit.post("registrations:check", make_class().slug)


@state("registrations:check")
def everything_wrong(visit: Visit) -> Seen:
    wrong = {"full_name": " ", "email": "maria@peers", "role": "peer", "phone": "3" * 90}
    return visit.post("registrations:check", make_class().slug, **wrong)


@state("registrations:check")
def closed_meanwhile(visit: Visit) -> Seen:
    return visit.post("registrations:check", closed().slug, **ANSWERS)


@state("registrations:check")
def answers_to_check(visit: Visit) -> Seen:
    return visit.post("registrations:check", make_class().slug, **ANSWERS)


@state("registrations:check")
def a_likely_typo(visit: Visit) -> Seen:
    return visit.post("registrations:check", full().slug, **TYPO)


def signed(visit: Visit, slug: str) -> str:
    """The answers as the check page carries them on."""
    path = visit.path("registrations:check", slug)
    return str(visit.client.post(path, ANSWERS).context["signed"])


def sent(visit: Visit, slug: str) -> None:
    visit.post("registrations:sent", slug, answers=signed(visit, slug))


@state("registrations:sent")
def too_many_from_one_network(visit: Visit) -> Seen:
    slug = make_class().slug
    answers = signed(visit, slug)
    use_up(limits.REGISTRATIONS)
    path = visit.path("registrations:sent", slug)
    return visit.seen(visit.client.post(path, {"answers": answers}, REMOTE_ADDR=ANOTHER_NETWORK))


@state("registrations:sent")
def look_in_your_mail(visit: Visit) -> Seen:
    slug = make_class().slug
    sent(visit, slug)
    return visit.get("registrations:sent", slug)


@state("registrations:sent")
def look_in_your_mail_for_the_line_asked_again(visit: Visit) -> Seen:
    slug = full().slug
    sent(visit, slug)
    return visit.get("registrations:sent", slug, query="?again")
