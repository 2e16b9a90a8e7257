"""What the link in somebody's mail opens, as it stands in every turn."""

import datetime as dt
from urllib.parse import urlsplit

from courses.models import ClassSession, ScheduledClass
from registrations import limits
from registrations.links import new_address_link, token_for
from registrations.models import Registration, RegistrationEvent
from registrations.services import details, erasing, seats
from registrations.services.jobs import end_offers
from registrations.services.scheduling import cancel_class
from tests.browser.states.public import full, with_all_there_is_to_say
from tests.browser.states.visit import ANOTHER_NETWORK, Seen, Visit, state, use_up
from tests.factories import NOW, make_class
from tests.registrations.people import join, person_in, register

STAFF = seats.Actor(RegistrationEvent.By.STAFF)
A_WEEK = dt.timedelta(weeks=1)
OWN = "registrations:own_page"


def registered(scheduled_class: ScheduledClass) -> Registration:
    register(scheduled_class, 1)
    return person_in(scheduled_class, 1)


def offered_from_the_line() -> Registration:
    scheduled_class = full()
    waits = join(scheduled_class, 1)
    seats.leave(
        registration=person_in(scheduled_class, "who was first"), actor=seats.PERSON, now=NOW
    )
    waits.refresh_from_db()
    return waits


def lapsed(scheduled_class: ScheduledClass) -> Registration:
    person = registered(scheduled_class)
    end_offers(NOW + A_WEEK)
    person.refresh_from_db()
    return person


def left(person: Registration, actor: seats.Actor = seats.PERSON, why: str = "") -> Registration:
    seats.leave(registration=person, actor=actor, now=NOW, why=why)
    return person


def days_ago(scheduled_class: ScheduledClass) -> None:
    for meeting in ClassSession.objects.filter(scheduled_class=scheduled_class):
        meeting.starts_at -= dt.timedelta(days=90)
        meeting.ends_at -= dt.timedelta(days=90)
        meeting.save()


@state(OWN)
def a_seat_is_held(visit: Visit) -> Seen:
    return visit.own(registered(make_class()))


@state(OWN)
def a_place_in_line_to_confirm(visit: Visit) -> Seen:
    return visit.own(registered(full()))


@state(OWN)
def in_line(visit: Visit) -> Seen:
    return visit.own(join(full(), 1))


@state(OWN)
def a_seat_is_free_for_you(visit: Visit) -> Seen:
    return visit.own(offered_from_the_line())


@state(OWN)
def with_a_seat(visit: Visit) -> Seen:
    return visit.own(join(make_class(), 1))


@state(OWN)
def with_a_seat_and_all_there_is_to_say(visit: Visit) -> Seen:
    scheduled_class = with_all_there_is_to_say()
    person = join(scheduled_class, 1)
    Registration.objects.filter(pk=person.pk).update(
        access_needs="Captions.\nLarger print.", phone="303 555 0100"
    )
    return visit.own(person)


@state(OWN)
def the_offer_has_ended(visit: Visit) -> Seen:
    return visit.own(lapsed(make_class()))


@state(OWN)
def the_offer_ends_this_moment(visit: Visit) -> Seen:
    person = registered(make_class())
    Registration.objects.filter(pk=person.pk).update(answer_by=NOW - A_WEEK)
    return visit.own(person)


@state(OWN)
def said_no(visit: Visit) -> Seen:
    return visit.own(left(registered(make_class())))


@state(OWN)
def left_the_line(visit: Visit) -> Seen:
    return visit.own(left(join(full(), 1)))


@state(OWN)
def cancelled_by_the_person(visit: Visit) -> Seen:
    return visit.own(left(join(make_class(), 1)))


@state(OWN)
def cancelled_by_staff(visit: Visit) -> Seen:
    return visit.own(left(join(make_class(), 1), STAFF, "You asked us to by phone."))


@state(OWN)
def the_class_is_cancelled(visit: Visit) -> Seen:
    person = join(make_class(), 1)
    cancel_class(scheduled_class=person.scheduled_class, actor=seats.SITE, now=NOW)
    return visit.own(person)


@state(OWN)
def the_class_is_over(visit: Visit) -> Seen:
    person = join(make_class(), 1)
    days_ago(person.scheduled_class)
    return visit.own(person)


@state(OWN)
def the_class_is_over_without_a_seat(visit: Visit) -> Seen:
    person = join(full(), 1)
    days_ago(person.scheduled_class)
    return visit.own(person)


@state(OWN)
def an_old_link(visit: Visit) -> Seen:
    person = join(make_class(), 1)
    Registration.objects.filter(pk=person.pk).update(link_version=person.link_version + 1)
    return visit.own(person)


@state(OWN)
def all_is_erased(visit: Visit) -> Seen:
    person = join(make_class(), 1)
    token = token_for(person)
    erasing.erase(registration=person, actor=seats.PERSON, now=NOW)
    return visit.get(OWN, token)


@state(OWN)
def no_such_link(visit: Visit) -> Seen:
    return visit.get(OWN, "1-1.not-made-here")


@state("registrations:details")
def details_to_change(visit: Visit) -> Seen:
    return visit.own(join(make_class(), 1), "details")


@state("registrations:details")
def details_without_a_name(visit: Visit) -> Seen:
    return visit.post_own(join(make_class(), 1), "details", full_name="")


@state("registrations:change_address")
def a_new_address(visit: Visit) -> Seen:
    return visit.own(join(make_class(), 1), "change_address")


@state("registrations:change_address")
def a_new_address_that_is_none(visit: Visit) -> Seen:
    return visit.post_own(join(make_class(), 1), "change_address", email="maria")


@state("registrations:change_address")
def a_new_address_was_written_to(visit: Visit) -> Seen:
    return visit.post_own(join(make_class(), 1), "change_address", email="maria@new.test")


@state("registrations:new_address")
def is_this_your_new_address(visit: Visit) -> Seen:
    person = join(make_class(), 1)
    details.ask_new_address(registration=person, address="maria@new.test", now=NOW)
    person.refresh_from_db()
    link = new_address_link(person, "maria@new.test")
    return visit.get("registrations:new_address", urlsplit(link).path.rstrip("/").split("/")[-1])


@state("registrations:move")
def no_other_class(visit: Visit) -> Seen:
    return visit.own(join(make_class(), 1), "move")


@state("registrations:move")
def other_classes(visit: Visit) -> Seen:
    person = join(make_class(), 1)
    make_class()
    with_all_there_is_to_say()
    return visit.own(person, "move")


@state("registrations:move")
def the_other_class_is_full(visit: Visit) -> Seen:
    person = join(make_class(), 1)
    return visit.post_own(person, "move", to=full().pk)


@state("registrations:share")
def a_second_person(visit: Visit) -> Seen:
    return visit.own(join(make_class(), 1), "share")


@state("registrations:share")
def a_second_person_without_a_name(visit: Visit) -> Seen:
    return visit.post_own(join(make_class(), 1), "share", full_name="")


@state("registrations:share")
def a_second_person_was_added(visit: Visit) -> Seen:
    answers = {"full_name": "Ana de la Cruz", "role": "peer"}
    return visit.post_own(join(make_class(), 1), "share", **answers)


@state("registrations:data")
def all_that_is_held(visit: Visit) -> Seen:
    return visit.own(join(with_all_there_is_to_say(), 1), "data")


@state("registrations:erase")
def erase_what_is_held(visit: Visit) -> Seen:
    return visit.own(join(make_class(), 1), "erase")


@state("registrations:erase")
def erase_what_need_not_stay(visit: Visit) -> Seen:
    person = join(make_class(), 1)
    days_ago(person.scheduled_class)
    return visit.own(person, "erase")


@state("registrations:erase")
def it_is_erased(visit: Visit) -> Seen:
    return visit.post_own(join(make_class(), 1), "erase")


@state("registrations:leave")
def leave_the_line(visit: Visit) -> Seen:
    return visit.own(join(full(), 1), "leave")


@state("registrations:leave")
def give_up_a_seat_from_the_line(visit: Visit) -> Seen:
    return visit.own(offered_from_the_line(), "leave")


@state("registrations:leave")
def give_up_a_held_seat(visit: Visit) -> Seen:
    return visit.own(registered(make_class()), "leave")


@state("registrations:cancel")
def cancel_the_seat(visit: Visit) -> Seen:
    return visit.own(join(make_class(), 1), "cancel")


@state("registrations:rejoin")
def the_class_takes_nobody_now(visit: Visit) -> Seen:
    person = left(join(make_class(), 1))
    seats.set_capacity(
        scheduled_class_id=person.scheduled_class_id, capacity=0, actor=seats.SITE, now=NOW
    )
    ScheduledClass.objects.filter(pk=person.scheduled_class_id).update(line_size=0)
    return visit.post_own(person, "rejoin")


@state("registrations:link")
def send_me_my_link(visit: Visit) -> Seen:
    return visit.get("registrations:link")


@state("registrations:link")
def send_me_my_link_to_nowhere(visit: Visit) -> Seen:
    return visit.post("registrations:link", email="maria")


@state("registrations:link_sent")
def the_link_is_on_its_way(visit: Visit) -> Seen:
    return visit.get("registrations:link_sent")


@state("registrations:details")
def pressed_too_often(visit: Visit) -> Seen:
    person = registered(make_class())
    use_up(limits.OWN_PAGE, of=str(person.pk))
    path = visit.path("registrations:details", token_for(person))
    typed = {"full_name": "Maria de la Cruz", "language": "en"}
    return visit.seen(visit.client.post(path, typed, REMOTE_ADDR=ANOTHER_NETWORK))
