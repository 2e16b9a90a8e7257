"""Who has completed a class: what is recorded, put to the rule of the course."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from courses.models import ClassSession, Course
from registrations.completion import Outcome, Part, Presence, Rule, earned_in, outcome
from registrations.models import Attendance, Registration


@dataclass(frozen=True)
class Completion:
    """How one person stands, and the whole calculation behind it."""

    rule: Rule
    parts: Sequence[Part]
    outcome: Outcome

    @property
    def earned(self) -> list[tuple[Part, int]]:
        """Each session in order, with the minutes earned in it."""
        return [(part, earned_in(part, self.rule)) for part in self.parts]


def completion_of(registrations: Iterable[Registration], now: dt.datetime) -> dict[int, Completion]:
    """By the key of the registration, in the same few queries for one person and for 500."""
    people = list(registrations)
    prefetch_related_objects(people, "scheduled_class__course", "scheduled_class__class_sessions")
    rows: dict[tuple[int, int], Attendance] = {
        (row.registration_id, row.class_session_id): row
        for row in Attendance.objects.filter(
            registration__in=[one.pk for one in people]
        ).select_related("made_up_in")
    }
    found = {}
    for person in people:
        scheduled_class = person.scheduled_class
        parts = [
            part_of(meeting, rows.get((person.pk, meeting.pk)), now)
            for meeting in scheduled_class.meetings
        ]
        rule = rule_of(scheduled_class.course)
        result = outcome(rule, parts, evaluated=person.evaluated)
        found[person.pk] = Completion(rule, parts, result)
    return found


def part_of(meeting: ClassSession, row: Attendance | None, now: dt.datetime) -> Part:
    """`meeting` is numbered, as `ScheduledClass.meetings` has it."""
    part = Part(
        name=_("Day %(number)s") % {"number": meeting.number},
        minutes=meeting.credit_minutes,
        is_over=meeting.ends_at <= now,
    )
    if row is None:
        return part
    return replace(
        part,
        presence=Presence(row.presence) if row.presence else None,
        missed=row.missed_minutes,
        made_up=row.made_up_in is not None,
        missed_there=row.missed_there + shorter_there(meeting, row.made_up_in),
    )


def shorter_there(meeting: ClassSession, there: ClassSession | None) -> int:
    """Minutes that the later session teaches less: nobody can make those up in it."""
    return max(0, meeting.credit_minutes - there.credit_minutes) if there else 0


def rule_of(course: Course) -> Rule:
    return Rule(
        credits=course.credits,
        percent=course.attendance_percent,
        grace_minutes=course.grace_minutes,
        partial_credit=course.partial_credit,
        excused_left_out=course.excused_left_out,
        make_up_allowed=course.make_up_allowed,
        evaluation_required=course.evaluation_required,
    )
