"""A class's seats while its row is locked.

Everybody who changes who has a seat or who waits comes through `locked()`. The row's lock is the
order of events; its numbers are written once, as differences, at the end of the same transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from content.public import mark_change
from courses import at_hand
from courses.models import ScheduledClass, Seats, State
from registrations.models import Registration

#: Numbers of a class that are written as differences.
ADDED_TO = ("capacity", "taken", "waiting", "places_given", "numbers_given")


class Ledger:
    """The numbers of one class under its lock, and which freed seat is which.

    A freed seat gets a number so that someone who passed on it is not asked about it again, and
    is asked about the next one. A seat that never came free has none.
    """

    def __init__(self, seats: Seats, scheduled_class: ScheduledClass) -> None:
        self.scheduled_class = scheduled_class
        self.capacity = seats.capacity
        self.taken = seats.taken
        self.waiting = seats.waiting
        self.open = seats.open
        self.places_given = seats.places_given
        self.numbers_given = seats.numbers_given
        self.freed: list[int] = list(seats.freed)
        self._before = seats

    @property
    def free(self) -> int:
        return self.capacity - self.taken

    def set_capacity(self, capacity: int) -> None:
        self.capacity = capacity
        self.freed = self.freed[: self.free]

    def next_place(self) -> int:
        self.places_given += 1
        return self.places_given

    def take(self, number: int | None = None) -> int | None:
        """One seat less. Takes the freed seat `number`, or any; returns its number."""
        if number is None and self.freed and self.free <= len(self.freed):
            number = self.freed[0]
        if number is not None:
            self.freed.remove(number)
        self.taken += 1
        return number

    def give_back(self, number: int | None) -> None:
        """One seat more. A seat that was passed on keeps its number."""
        self.taken -= 1
        if number is not None:
            self.freed.append(number)

    def number_free_seats(self) -> None:
        """Give each free seat a number, now that someone in line is asked about it."""
        while len(self.freed) < self.free:
            self.numbers_given += 1
            self.freed.append(self.numbers_given)

    def count_open(self, waiting: list[Registration]) -> None:
        """A free seat is open to newcomers when nobody who waits still wants it."""
        if not waiting:
            self.open = self.free
            return
        passed_by_all = set(self.freed).intersection(*(p.passed_seats for p in waiting))
        self.open = len(passed_by_all)
        # Those first: a newcomer takes the first of the list.
        self.freed.sort(key=lambda number: number not in passed_by_all)

    def write(self) -> None:
        before = self._before
        changes: dict[str, Any] = {
            name: F(name) + (getattr(self, name) - getattr(before, name))
            for name in ADDED_TO
            if getattr(self, name) != getattr(before, name)
        }
        changes |= {
            name: getattr(self, name)
            for name in ("open", "freed")
            if getattr(self, name) != getattr(before, name)
        }
        if changes:
            Seats.objects.filter(pk=before.pk).update(**changes)
        if self.state(before) != self.state(Seats(open=self.open, waiting=self.waiting)):
            mark_change()

    def state(self, seats: Seats) -> State:
        """What public pages say. Most people who come do not change it."""
        return seats.state(self.scheduled_class.line_size)


@contextmanager
def locked(scheduled_class_id: int) -> Iterator[Ledger]:
    """The class's ledger, alone until the transaction ends; written when the block ends well.

    SQLite has no row locks: there the transaction itself (IMMEDIATE) is the lock.
    """
    with transaction.atomic():
        seats = Seats.objects.select_for_update().get(pk=scheduled_class_id)
        # Asked for after the lock: a row joined to a locked one can be older than the lock.
        scheduled_class = at_hand.in_transaction(scheduled_class_id)
        scheduled_class.seats = seats
        ledger = Ledger(seats, scheduled_class)
        yield ledger
        ledger.write()


class Erased(Exception):
    """The person was erased a moment ago: nothing may write to the row again."""


@contextmanager
def locked_with(registration: Registration) -> Iterator[Ledger]:
    """The ledger of the class that the person is in now, and the row as it is under its lock.

    They may have moved since the row was read: then the lock of the class that was read is of no
    use, and the other one is taken. Raises Erased when they were erased since.
    """
    was_erased = registration.erased_at is not None
    while True:
        registration.refresh_from_db()
        with locked(registration.scheduled_class_id) as ledger:
            registration.refresh_from_db()
            if registration.scheduled_class_id == ledger.scheduled_class.pk:
                if registration.erased_at and not was_erased:
                    raise Erased
                yield ledger
                return


@contextmanager
def both_locked(one: int, other: int) -> Iterator[tuple[Ledger, Ledger]]:
    """The ledgers of two classes, locked in key order whatever the order they are asked for in."""
    first, second = sorted([one, other])
    with locked(first) as first_ledger, locked(second) as second_ledger:
        ledgers = {first: first_ledger, second: second_ledger}
        yield ledgers[one], ledgers[other]


def check_seats() -> list[str]:
    """One sentence for each class whose numbers are not what its registrations say."""
    return [
        f"{seats.scheduled_class}: {name} is {getattr(seats, name)}, but {count} are there."
        for seats in wrongly_counted().select_related("scheduled_class")
        for name, count in counted(seats).items()
        if getattr(seats, name) != count
    ]


def wrongly_counted() -> QuerySet[Seats]:
    """Whose numbers are not what the registrations say.

    Read in one statement, so that nobody comes or goes between number and count.
    """
    counts = {
        "people_seated": count_of(Registration.objects.seated()),
        "people_in_line": count_of(Registration.objects.in_line()),
    }
    right = Q(taken=F("people_seated"), waiting=F("people_in_line"))
    return Seats.objects.annotate(**counts).exclude(right)


def count_of(people: QuerySet[Registration]) -> Coalesce:
    """Of these, how many are in the class of the seats."""
    of_it = people.filter(scheduled_class=OuterRef("pk")).order_by()
    numbers = of_it.values("scheduled_class").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(numbers), 0)


def counted(seats: Seats) -> dict[str, int]:
    """What the registrations say that the numbers should be; of seats from `wrongly_counted`."""
    found = vars(seats)
    return {"taken": found["people_seated"], "waiting": found["people_in_line"]}
