"""All of one class that a board asks for, each kind of row read once."""

import datetime as dt

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from content.models import Provider
from courses import zones
from courses.models import ClassSession, ScheduledClass
from registrations.audit.contents import Row
from registrations.evaluation import Summary, summary_of
from registrations.models import Attendance, AttendanceChange, Certificate, Registration
from registrations.services.attendance import people_of
from registrations.services.completion import Completion, completion_of


class Rows:
    """The same queries for 5 people and for 500."""

    def __init__(
        self, scheduled_class: ScheduledClass, giver: Provider, moment: dt.datetime
    ) -> None:
        self.scheduled_class = scheduled_class
        self.course = scheduled_class.course
        self.provider = giver
        self.moment = moment

    def tell(self, at: dt.datetime | None) -> str:
        return zones.full_moment(at, self.scheduled_class.zone) if at else ""

    @cached_property
    def people(self) -> list[Registration]:
        people = list(people_of(self.scheduled_class.pk).order_by("full_name", "pk"))
        for person in people:
            person.scheduled_class = self.scheduled_class
        return people

    @cached_property
    def numbers(self) -> dict[int, str]:
        """Two people can have one name, so each has a number in all tables."""
        return {person.pk: str(number) for number, person in enumerate(self.people, start=1)}

    @cached_property
    def completions(self) -> dict[int, Completion]:
        return completion_of(self.people, self.moment)

    @cached_property
    def attendance(self) -> dict[tuple[int, int], Attendance]:
        rows = Attendance.objects.filter(
            registration__in=self.numbers, class_session__scheduled_class=self.scheduled_class
        )
        return {(row.registration_id, row.class_session_id): row for row in rows}

    @cached_property
    def changes(self) -> list[AttendanceChange]:
        changes = AttendanceChange.objects.filter(
            attendance__registration__in=self.numbers,
            attendance__class_session__scheduled_class=self.scheduled_class,
        )
        return list(changes.select_related("attendance", "by_user").order_by("pk"))

    @cached_property
    def sessions_elsewhere(self) -> dict[int, ClassSession]:
        """Those in which somebody made something up, now or before a correction."""
        recorded = [
            *(values for change in self.changes for values in (change.old, change.new)),
            *(row.values for row in self.attendance.values()),
        ]
        keys = {values.get("made_up_in") for values in recorded} - {None}
        sessions = ClassSession.objects.filter(pk__in=keys).select_related("scheduled_class")
        return {session.pk: session for session in sessions}

    @cached_property
    def certificates(self) -> list[Certificate]:
        """With `replaced_by` where there is one, and without their papers."""
        issued = Certificate.objects.filter(registration__in=self.numbers)
        related = issued.select_related("issued_by", "revoked_by", "replaces", "replaced_by")
        light = related.defer(
            "pdf", "replaces__pdf", "replaces__facts", "replaced_by__pdf", "replaced_by__facts"
        )
        return list(light.order_by("issued_at", "pk"))

    @cached_property
    def evaluation(self) -> Summary:
        return summary_of(self.scheduled_class)

    def who(self, person: Registration) -> Row:
        return self.numbers[person.pk], person.full_name

    @cached_property
    def names(self) -> dict[int, str]:
        return {person.pk: person.full_name for person in self.people}


def day_name(meeting: ClassSession) -> str:
    return _("Day %(number)s") % {"number": meeting.number}
