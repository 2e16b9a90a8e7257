"""Who has completed a class, and what is missing for the others."""

import datetime as dt
from functools import cached_property

from courses.models import ScheduledClass
from registrations.desk import addresses
from registrations.models import Registration
from registrations.services.attendance import people_of
from registrations.services.completion import Completion, completion_of

#: So many of those who have not stand on the class's page.
SHOWN = 25


class Completed:
    """The same queries for 5 people and for 500."""

    def __init__(self, scheduled_class: ScheduledClass, now: dt.datetime) -> None:
        self.scheduled_class = scheduled_class
        self.now = now

    @cached_property
    def people(self) -> list[tuple[Registration, Completion]]:
        seated = people_of(self.scheduled_class.pk).filter(status=Registration.Status.CONFIRMED)
        people = list(seated.only("full_name", "scheduled_class").order_by("full_name", "pk"))
        for person in people:
            person.scheduled_class = self.scheduled_class
        found = completion_of(people, self.now)
        return [(person, found[person.pk]) for person in people]

    @property
    def complete(self) -> list[tuple[Registration, str, str]]:
        """Whoever earns a certificate, also one for a part: the person, the sentence, where."""
        return self.those(earns=True)

    @property
    def others(self) -> list[tuple[Registration, str, str]]:
        return self.those(earns=False)[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.those(earns=False)) - SHOWN)

    def those(self, *, earns: bool) -> list[tuple[Registration, str, str]]:
        return [
            (person, completion.outcome.sentence, addresses.person(person))
            for person, completion in self.people
            if completion.outcome.earns_certificate == earns
        ]

    @property
    def url(self) -> str:
        return addresses.attendance(self.scheduled_class)
