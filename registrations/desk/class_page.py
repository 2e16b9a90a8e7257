"""One class, its whole life on one page: what is so, what to do, who is in it, what happened.

It costs the same number of queries for 5 people and for 500, and shows the first of many: the
list of people has them all.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from content.history import words
from content.history.models import Change
from content.history.words import Entry
from courses import zones
from courses.listing import Listing
from courses.models import ScheduledClass
from registrations import history, standing
from registrations.desk import addresses, attendance
from registrations.desk.acts import Act, Group, groups_of_acts
from registrations.desk.completion import Completed
from registrations.desk.facts import Facts
from registrations.desk.things import ToDo
from registrations.desk.todo import OF_A_CLASS, OF_WHAT_WAS, to_do
from registrations.desk.upcoming import place_of, seats_in_words, status_in_words
from registrations.models import Letter, Registration, RegistrationEvent
from registrations.models.registration import RegistrationQuerySet

Status = Registration.Status
State = Letter.State

#: So many people, letters and turns stand on the page; of the rest it says how many and where.
SHOWN_IN_LINE = 25
SHOWN_WITH_A_SEAT = 25
SHOWN_PROBLEMS = 5
SHOWN_TURNS = 20


@dataclass(frozen=True)
class Waiting:
    """Somebody in line or with an offer: which place, and why no seat."""

    person: Registration
    place: str
    reason: str
    url: str


@dataclass(frozen=True)
class Kind:
    """One kind of letter to the people of a class: how many are owed, sent, stuck."""

    label: str
    owed: int
    sent: int
    not_sent: int
    given_up: int


class ClassPage:
    """`scheduled_class` was read by `for_publishing()`."""

    def __init__(self, scheduled_class: ScheduledClass, user: User, now: dt.datetime) -> None:
        self.scheduled_class = scheduled_class
        self.user = user
        self.now = now
        self.facts = Facts(now, [scheduled_class])

    @property
    def sees_people(self) -> bool:
        return self.user.has_perm("registrations.view_registration")

    @property
    def sees_letters(self) -> bool:
        return self.user.has_perm("registrations.view_letter")

    @property
    def sees_attendance(self) -> bool:
        return self.user.has_perm("registrations.view_attendance")

    # What is so.

    @property
    def seats(self) -> str:
        offered = self.facts.offered(self.scheduled_class)
        return seats_in_words(self.scheduled_class.seats, offered)

    @property
    def status(self) -> str:
        return status_in_words(self.scheduled_class, self.facts)

    @property
    def todo(self) -> list[ToDo]:
        of_now = OF_A_CLASS if self.listing.is_to_come else []
        return to_do(self.facts, self.user, [*of_now, *OF_WHAT_WAS])

    @cached_property
    def listing(self) -> Listing:
        return Listing(self.scheduled_class, self.now)

    @property
    def acts(self) -> list[tuple[Group, list[Act]]]:
        return list(groups_of_acts(self.scheduled_class, self.user))

    @property
    def facts_list(self) -> list[tuple[str, str]]:
        """Label and value; what is not given says so."""
        one = self.scheduled_class
        opens = one.registration_opens_at
        registration = [
            zones.full_moment(opens, one.zone) if opens else _("When it is published"),
            self.listing.closes or _("When it begins"),
        ]
        found = [
            (_("Course"), one.course.title),
            (_("Place"), place_of(one)),
            *([(_("Address"), one.address)] if one.is_in_person else []),
            *([(_("Join link"), one.join_link)] if one.is_online else []),
            (_("Taught in"), str(one.get_language_display())),
            (_("Teachers"), zones.listed([str(teacher) for teacher in one.teachers])),
            (_("Cost"), one.cost),
            (_("How to give up a seat"), one.cancellation),
            (_("Registration opens"), registration[0]),
            (_("Registration closes"), registration[1]),
            (_("Size of the line"), str(one.line_size)),
        ]
        return [(label, value or _("Not given")) for label, value in found]

    # People.

    @cached_property
    def people(self) -> RegistrationQuerySet:
        return Registration.objects.filter(scheduled_class=self.scheduled_class)

    @cached_property
    def counts(self) -> dict[str, int]:
        found = self.people.order_by().values_list("status").annotate(count=Count("pk"))
        return {str(status): count for status, count in found}

    @property
    def line(self) -> list[Waiting]:
        """Those with an offer, then those who wait, in their order; each with the reason."""
        line = standing.lines_of([self.scheduled_class.pk])[self.scheduled_class.pk]
        offered = self.people.filter(status=Status.OFFERED).order_by("answer_by", "pk")
        shown = [*offered[:SHOWN_IN_LINE], *self.people.in_line()[:SHOWN_IN_LINE]]
        places = {person.pk: number for number, person in enumerate(line.waiting, start=1)}
        return [self.waiting(person, line, places) for person in shown]

    def waiting(self, person: Registration, line: standing.Line, places: dict[int, int]) -> Waiting:
        person.scheduled_class = self.scheduled_class
        number = places.get(person.pk)
        return Waiting(
            person,
            standing.ordinal(number) if number else _("Offer"),
            standing.why_no_offer(person, line, self.now),
            addresses.person(person),
        )

    @property
    def more_in_line(self) -> int:
        return max(self.counts.get(Status.WAITLISTED, 0) - SHOWN_IN_LINE, 0)

    @property
    def in_line_url(self) -> str:
        return addresses.people(self.scheduled_class, status__exact=Status.WAITLISTED)

    @property
    def with_a_seat(self) -> int:
        return self.counts.get(Status.CONFIRMED, 0)

    @property
    def seated(self) -> list[tuple[Registration, str]]:
        people = self.people.filter(status=Status.CONFIRMED).order_by("full_name", "pk")
        shown = people.only("full_name", "mail_problem")[:SHOWN_WITH_A_SEAT]
        return [(person, addresses.person(person)) for person in shown]

    @property
    def seated_url(self) -> str:
        return addresses.people(self.scheduled_class, status__exact=Status.CONFIRMED)

    @property
    def gone(self) -> str:
        """`3 left, 2 cancelled`: who has neither a seat nor a place any more."""
        words = {
            Status.CANCELLED: _("%(count)s cancelled"),
            Status.DECLINED: _("%(count)s left"),
            Status.LAPSED: _("%(count)s did not answer in time"),
        }
        found = [(words[status], self.counts.get(status, 0)) for status in words]
        return ", ".join(word % {"count": count} for word, count in found if count)

    @cached_property
    def completion(self) -> Completed | None:
        """Nothing before it has begun."""
        starts_at = self.scheduled_class.starts_at
        if not self.sees_attendance or not starts_at or starts_at > self.now:
            return None
        return Completed(self.scheduled_class, self.now)

    # Letters.

    @property
    def letters(self) -> list[Kind]:
        """Each kind that there is, those with problems first."""
        labels = dict(Letter.Kind.choices)
        of_class = Letter.objects.filter(registration__scheduled_class=self.scheduled_class)
        counted = (
            of_class.order_by()
            .values_list("kind")
            .annotate(
                owed=Count("pk", filter=Q(state=State.OWED)),
                sent=Count("pk", filter=Q(state=State.SENT)),
                not_sent=Count("pk", filter=Q(state__in=[State.SUPERSEDED, State.NOT_MAILED])),
                given_up=Count("pk", filter=Q(state=State.GIVEN_UP)),
            )
        )
        kinds = [Kind(str(labels[kind]), *numbers) for kind, *numbers in counted]
        return sorted(kinds, key=lambda kind: (-kind.given_up, -kind.owed, kind.label))

    @property
    def letter_problems(self) -> list[tuple[Letter, str]]:
        """The newest that did not go out: each with where the person is."""
        stuck = Q(state=State.GIVEN_UP) | Q(state=State.OWED, attempts__gt=0)
        letters = Letter.objects.filter(stuck, registration__scheduled_class=self.scheduled_class)
        shown = letters.select_related("registration").order_by("-pk")[:SHOWN_PROBLEMS]
        return [(one, addresses.person(one.registration)) for one in shown if one.registration]

    # What happened.

    @property
    def history(self) -> list[Entry]:
        """What staff did to the class and what people did, the newest first."""
        found = [*self.changes(), *self.turns(), *self.corrections()]
        return sorted(found, key=lambda entry: entry.at, reverse=True)[:SHOWN_TURNS]

    def changes(self) -> Iterator[Entry]:
        for change in Change.objects.of(self.scheduled_class)[:SHOWN_TURNS]:
            yield words.short_entry(change, self.moment)

    def turns(self) -> Iterator[Entry]:
        if not self.sees_people:
            return
        events = RegistrationEvent.objects.filter(registration__in=self.people)
        events = events.select_related("registration", "by_user").order_by("-pk")
        for event in events[:SHOWN_TURNS]:
            yield Entry(
                at=event.at,
                what=history.what_happened(event),
                when=self.moment(event.at),
                why=history.why(event),
                url=addresses.person(event.registration),
            )

    def corrections(self) -> Iterator[Entry]:
        if self.sees_attendance:
            yield from attendance.corrections_of(self.scheduled_class, self.moment, SHOWN_TURNS)

    def moment(self, at: dt.datetime) -> str:
        return zones.full_moment(at, self.scheduled_class.zone)


def context_of(page: ClassPage) -> dict[str, Any]:
    """What the template shows; of people and letters nothing that the user may not see."""
    context: dict[str, Any] = {
        "page": page,
        "scheduled_class": page.scheduled_class,
        "todo": page.todo,
        "acts": page.acts,
        "history": page.history,
    }
    if page.sees_people:
        context |= {"line": page.line, "seated": page.seated}
    if page.completion:
        context["completion"] = page.completion
    if page.sees_letters:
        context |= {"letters": page.letters, "letter_problems": page.letter_problems}
    return context
