"""The grid of people by sessions: what stands in it, what was typed into it, and what was wrong."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses import zones
from courses.models import ClassSession, ScheduledClass
from registrations.completion import Presence
from registrations.models import Attendance, Registration
from registrations.recorded import in_words
from registrations.services import attendance
from registrations.services.attendance import Entry

#: The hidden field with the newest change that the page knew.
SEEN = "seen"
WHY = "why"
ALL_PRESENT = "all_present"

LONGEST_REASON = 300


@dataclass
class CellOfGrid:
    """One person in one session: what is recorded, and what stands on the page."""

    person: Registration
    meeting: ClassSession
    row: Attendance | None
    presence: str = ""
    #: As it was typed.
    minutes: str = ""
    error: str = ""
    #: Words beside it that are no error: what a file says.
    doubts: list[str] = field(default_factory=list)
    was_sent: bool = False

    def __post_init__(self) -> None:
        self.show_recorded()

    def show_recorded(self) -> None:
        recorded = attendance.here(self.row)
        self.presence = recorded["presence"]
        self.minutes = str(recorded["missed_minutes"] or "")

    @property
    def key(self) -> attendance.Cell:
        return self.person.pk, self.meeting.pk

    @property
    def name(self) -> str:
        return f"{self.person.pk}-{self.meeting.pk}"

    @property
    def wrong_field(self) -> str:
        """Where its error leads: to the minutes when those are asked."""
        return f"{'m' if self.presence == Presence.PARTLY else 'p'}-{self.name}"

    @property
    def recorded(self) -> str:
        return in_words(attendance.here(self.row))

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        known = [("", _("Not recorded")), *Presence.choices]
        return [(value, str(label), value == self.presence) for value, label in known]

    @property
    def entry(self) -> Entry:
        missed = self.presence == Presence.PARTLY and self.has_minutes
        return Entry(*self.key, self.presence, int(self.minutes) if missed else 0)

    @property
    def has_minutes(self) -> bool:
        return self.minutes.isascii() and self.minutes.isdecimal() and int(self.minutes) > 0

    @property
    def typed(self) -> str:
        return in_words(self.entry.values)

    def read(self, sent: QueryDict) -> None:
        """What was sent for it; a session that had not begun then was not sent."""
        presence = sent.get(f"p-{self.name}")
        if presence is None or presence not in ["", *Presence.values]:
            return
        self.was_sent = True
        self.presence = presence
        self.minutes = sent.get(f"m-{self.name}", "").strip()[:10]

    def check(self) -> None:
        if self.presence != Presence.PARTLY:
            return
        long = int((self.meeting.ends_at - self.meeting.starts_at).total_seconds()) // 60
        said = {"name": self.person, "number": self.meeting.number, "long": long}
        if not self.has_minutes:
            self.error = _("Enter how many minutes %(name)s missed of Day %(number)s.") % said
        elif int(self.minutes) > long:
            self.error = _("Day %(number)s is %(long)s minutes long. Enter fewer.") % said


class Grid:
    """`scheduled_class` was read by `for_page()`. With `only`, the grid of that session alone."""

    def __init__(
        self, scheduled_class: ScheduledClass, now: dt.datetime, only: ClassSession | None = None
    ) -> None:
        self.scheduled_class = scheduled_class
        self.now = now
        self.only = only
        # Before the rows: what is written in between is then told, not missed.
        self.seen = attendance.last_change(scheduled_class.pk)
        self.why = ""
        self.why_error = ""
        self.news: list[str] = []

    @property
    def zone(self) -> zones.Zone:
        return self.scheduled_class.zone

    @cached_property
    def meetings(self) -> list[ClassSession]:
        own = self.scheduled_class.meetings
        return [meeting for meeting in own if self.only in {None, meeting}]

    @cached_property
    def begun(self) -> list[ClassSession]:
        return [meeting for meeting in self.meetings if meeting.starts_at <= self.now]

    @cached_property
    def people(self) -> list[Registration]:
        people = attendance.people_of(self.scheduled_class.pk)
        return list(people.only("full_name", "access_needs", "status").order_by("full_name", "pk"))

    @cached_property
    def cells(self) -> dict[attendance.Cell, CellOfGrid]:
        rows = attendance.rows_of(self.scheduled_class.pk)
        return {
            (person.pk, meeting.pk): CellOfGrid(person, meeting, rows.get((person.pk, meeting.pk)))
            for person in self.people
            for meeting in self.begun
        }

    @property
    def lines(self) -> Iterator[tuple[Registration, list[CellOfGrid | None]]]:
        """Each person with a cell for each session; None for one that is to come."""
        for person in self.people:
            yield person, [self.cells.get((person.pk, meeting.pk)) for meeting in self.meetings]

    @property
    def heads(self) -> Iterator[dict[str, Any]]:
        for meeting in self.meetings:
            of_day = [cell for cell in self.cells.values() if cell.meeting == meeting]
            yield {
                "meeting": meeting,
                "date": zones.date(meeting.starts_at, self.zone),
                "has_begun": meeting in self.begun,
                "recorded": sum(bool(cell.row and cell.row.presence) for cell in of_day),
                "people": len(of_day),
            }

    @property
    def errors(self) -> list[CellOfGrid]:
        return [cell for cell in self.cells.values() if cell.error]

    @property
    def corrections(self) -> list[CellOfGrid]:
        """Cells in which something else was typed than is recorded."""
        return [
            cell
            for cell in self.cells.values()
            if cell.was_sent
            and cell.row
            and cell.row.presence
            and cell.entry.values != attendance.here(cell.row)
        ]

    # Typed.

    def read(self, sent: QueryDict) -> None:
        seen = sent.get(SEEN, "")
        self.seen = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 19 else 0
        self.why = " ".join(sent.get(WHY, "").split())
        for cell in self.cells.values():
            cell.read(sent)
            if sent.get(ALL_PRESENT) == str(cell.meeting.pk) and cell.was_sent:
                cell.presence = cell.presence or Presence.PRESENT
            cell.check()
        if len(self.why) > LONGEST_REASON:
            self.why_error = _("Shorten the reason to 300 characters.")

    @property
    def is_valid(self) -> bool:
        return not self.errors and not self.why_error

    @property
    def entries(self) -> list[Entry]:
        return [cell.entry for cell in self.cells.values() if cell.was_sent]

    # What a refusal puts on the page.

    def ask_why(self) -> None:
        self.why_error = _("Say why. The old value is kept with the reason.")

    def tell(self, lost: Iterable[attendance.Cell], news: list[str]) -> None:
        """Others have written: their values stand where nothing was typed."""
        theirs = attendance.changed_since(self.scheduled_class.pk, self.seen)
        for key in theirs.keys() & self.cells.keys():
            cell = self.cells[key]
            if key in lost:
                cell.error = _("Recorded meanwhile: %(words)s.") % {"words": cell.recorded}
            elif cell.was_sent:
                cell.show_recorded()
        self.news = news
        self.seen = attendance.last_change(self.scheduled_class.pk)
