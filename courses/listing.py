"""A class as the public sees it at one moment: its state, and the words for it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from courses import zones
from courses.models import ScheduledClass, State


@dataclass(frozen=True)
class Listing:
    scheduled_class: ScheduledClass
    now: dt.datetime

    @cached_property
    def state(self) -> State:
        return self.scheduled_class.state(self.now)

    @property
    def takes_registrations(self) -> bool:
        return self.state.takes_registrations

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED

    @property
    def is_to_come(self) -> bool:
        return self.state not in {State.CANCELLED, State.PAST}

    @property
    def has_begun(self) -> bool:
        starts_at = self.scheduled_class.starts_at
        return starts_at is not None and starts_at <= self.now

    @property
    def icon(self) -> str:
        """`tick` where there are seats, `line` where there is a line, else none."""
        icons = {State.SEATS_FREE: "tick", State.FEW_SEATS: "tick", State.LINE_OPEN: "line"}
        return icons.get(self.state, "")

    @property
    def words(self) -> str:
        """The state in words. Bands, never numbers: a number that moves tells on people."""
        match self.state:
            case State.SEATS_FREE:
                return _("Seats free")
            case State.FEW_SEATS:
                return _("A few seats left")
            case State.LINE_OPEN:
                return _("Full. You can join the line")
            case State.LINE_FULL:
                return _("Full, and the line is full")
            case State.NOT_YET_OPEN:
                return _("Registration opens %(moment)s") % {"moment": self.opens}
            case State.CLOSED:
                return _("Registration has closed")
            case State.CANCELLED:
                return _("Cancelled on %(day)s") % {"day": self.cancelled_on}
            case State.PAST:
                return _("This class is over")

    @property
    def changes_at(self) -> dt.datetime | None:
        """The next moment at which what pages say of it changes, though nobody edits it."""
        row = self.scheduled_class
        moments = [row.registration_opens_at, row.closes_at, row.starts_at, row.ends_at]
        return min((moment for moment in moments if moment and moment > self.now), default=None)

    @property
    def opens(self) -> str:
        moment = self.scheduled_class.registration_opens_at
        return zones.full_moment(moment, self.scheduled_class.zone) if moment else ""

    @property
    def closes(self) -> str:
        """`Thursday, January 14, 2027, 5:00 pm Mountain Time`."""
        moment = self.scheduled_class.closes_at
        return zones.full_moment(moment, self.scheduled_class.zone) if moment else ""

    @property
    def cancelled_on(self) -> str:
        moment = self.scheduled_class.cancelled_at
        return zones.date(moment, self.scheduled_class.zone) if moment else ""


def next_of(upcoming: list[Listing]) -> Listing | None:
    """The one to name as the next class: not cancelled, and not begun when another is to come."""
    taking_place = [row for row in upcoming if not row.is_cancelled]
    to_come = (row for row in taking_place if not row.has_begun)
    return next(to_come, taking_place[0] if taking_place else None)


def next_change(shown: Iterable[Listing]) -> dt.datetime | None:
    """When a page that shows these classes changes by the clock alone."""
    return min((row.changes_at for row in shown if row.changes_at), default=None)


def listings(classes: Iterable[ScheduledClass], now: dt.datetime) -> list[Listing]:
    return [Listing(scheduled_class, now) for scheduled_class in classes]
