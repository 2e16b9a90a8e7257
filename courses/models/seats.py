"""How many seats a class has, and what that makes it to somebody who wants to come."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

#: At or under this many free seats a class says "A few seats left".
A_FEW = 3


class State(StrEnum):
    """What a class is to somebody who wants to come, at one moment."""

    CANCELLED = "cancelled"
    PAST = "past"
    NOT_YET_OPEN = "not_yet_open"
    CLOSED = "closed"
    SEATS_FREE = "seats_free"
    FEW_SEATS = "few_seats"
    LINE_OPEN = "line_open"
    LINE_FULL = "line_full"

    @property
    def takes_registrations(self) -> bool:
        return self in {State.SEATS_FREE, State.FEW_SEATS, State.LINE_OPEN}


class Seats(models.Model):
    """How many seats a class has and how many are gone: the row that everyone locks.

    It stands apart from the class because a plain `save()` of an edited title would write a stale
    number back. Only `registrations.services.seats` writes it, by `F()`, after locking it.
    """

    scheduled_class = models.OneToOneField(
        "ScheduledClass", models.CASCADE, primary_key=True, related_name="seats"
    )
    capacity = models.PositiveSmallIntegerField(_("seats"), default=0)
    taken = models.PositiveSmallIntegerField(
        _("taken"), default=0, help_text=_("Confirmed and offered.")
    )
    open = models.PositiveSmallIntegerField(
        _("open to newcomers"),
        default=0,
        help_text=_("Free, and everybody in line has passed on it."),
    )
    waiting = models.PositiveSmallIntegerField(
        _("in line"), default=0, help_text=_("Everybody who waits, answered or not.")
    )
    places_given = models.PositiveIntegerField(
        default=0, help_text=_("The last place in line given out; none is given twice.")
    )
    numbers_given = models.PositiveIntegerField(
        default=0, help_text=_("The last number given to a freed seat.")
    )
    freed = models.JSONField(
        default=list, help_text=_("Numbers of the free seats that the line was asked about.")
    )

    #: What is no change that anybody makes, so that history leaves it out.
    counted_by_the_site = ("taken", "open", "waiting", "places_given", "numbers_given", "freed")

    class Meta:
        verbose_name = _("seats")
        verbose_name_plural = _("seats")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken__gte=0) & models.Q(taken__lte=models.F("capacity")),
                name="seats_taken_within_capacity",
            ),
            models.CheckConstraint(
                condition=models.Q(open__lte=models.F("capacity") - models.F("taken")),
                name="seats_open_are_free",
            ),
        ]

    def __str__(self) -> str:
        words = ngettext("%(taken)s of %(all)s seat", "%(taken)s of %(all)s seats", self.capacity)
        return words % {"taken": self.taken, "all": self.capacity}

    @property
    def free(self) -> int:
        return self.capacity - self.taken

    def state(self, line_size: int) -> State:
        """A free seat is a newcomer's only when nobody who waits still wants it."""
        if self.open:
            return State.FEW_SEATS if self.open <= A_FEW else State.SEATS_FREE
        return State.LINE_OPEN if self.waiting < line_size else State.LINE_FULL
