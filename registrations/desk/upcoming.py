"""A class in a row: its days, its seats in numbers, its status, and what to do next."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from courses.listing import Listing
from courses.models import ScheduledClass, Seats, State
from registrations.desk import addresses
from registrations.desk.facts import Facts
from registrations.desk.things import ToDo

#: Where the site speaks to somebody who wants to come.
TO_STAFF = {
    State.SEATS_FREE: _lazy("Open for registration"),
    State.FEW_SEATS: _lazy("Open for registration"),
    State.LINE_OPEN: _lazy("Full, and the line is open"),
}

#: More stand in the list of classes.
SHOWN = 12


@dataclass(frozen=True)
class Row:
    scheduled_class: ScheduledClass
    seats: str
    status: str
    next_act: ToDo | None

    @property
    def url(self) -> str:
        return addresses.class_page(self.scheduled_class)

    @property
    def place(self) -> str:
        return place_of(self.scheduled_class)


def rows(facts: Facts, todo: list[ToDo]) -> list[Row]:
    """The soonest classes, each with the most urgent of what there is to do about it."""
    return [
        Row(
            scheduled_class,
            seats_in_words(scheduled_class.seats, facts.offered(scheduled_class)),
            status_in_words(scheduled_class, facts),
            next((one for one in todo if one.scheduled_class == scheduled_class.pk), None),
        )
        for scheduled_class in facts.upcoming[:SHOWN]
    ]


def seats_in_words(seats: Seats, offered: int) -> str:
    """`15 of 24 seats taken, 1 of them offered, 3 in line`."""
    taken = _("%(seats)s taken") % {"seats": seats}
    held = _("%(count)s of them offered")
    line = _("%(count)s in line") % {"count": seats.waiting}
    return ", ".join([taken, *([held % {"count": offered}] if offered else []), line])


def status_in_words(scheduled_class: ScheduledClass, facts: Facts) -> str:
    if scheduled_class.status == ScheduledClass.Status.DRAFT:
        return _("Draft: not on the site")
    listing = Listing(scheduled_class, facts.now)
    if listing.is_to_come and listing.has_begun:
        return _("It has begun")
    return str(TO_STAFF.get(listing.state, listing.words))


def place_of(scheduled_class: ScheduledClass) -> str:
    """`Online`, or `In person, Denver, Colorado`."""
    held = scheduled_class.get_delivery_display()
    return f"{held}, {scheduled_class.town}" if scheduled_class.town else held
