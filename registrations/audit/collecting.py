"""Reading from the rows all that an audit file says. The same queries for 5 people and for 500."""

import datetime as dt
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from content.provider.services import provider
from courses.models import ScheduledClass
from registrations.audit import of_class, of_people
from registrations.audit.contents import Contents
from registrations.audit.rows import Rows


@dataclass(frozen=True)
class Collected:
    contents: Contents
    #: Keys of the registrations of whom it tells.
    people: list[int]
    #: Keys of the certificates that belong into it, in the order of their files.
    certificates: list[int]


def collect(scheduled_class: int, moment: dt.datetime) -> Collected:
    """In English always. Equal when nothing of it has changed between two times."""
    related = ScheduledClass.objects.select_related("course", "seats").prefetch_related(
        "class_sessions",
        "instructors",
        "course__objectives",
        "course__domains",
        "course__approvals",
        "course__course_instructors__instructor",
    )
    with translation.override("en"):
        rows = Rows(related.get(pk=scheduled_class), provider(), moment)
        return Collected(
            contents=contents_of(rows),
            people=[person.pk for person in rows.people],
            certificates=[one.pk for one in rows.certificates],
        )


def contents_of(rows: Rows) -> Contents:
    return Contents(
        title=_("Records of the class on %(days)s") % {"days": rows.scheduled_class.dates},
        course=rows.course.certificate_title or rows.course.title,
        provider=rows.provider.name,
        moment=rows.tell(rows.moment),
        sentences=[
            _("This is what was on record on %(moment)s.") % {"moment": rows.tell(rows.moment)},
            _("Each table is also a file of its own, which opens in Excel."),
            _("Take all files out of the archive first, so that the links open them."),
        ],
        sections=[
            of_class.outline(rows),
            of_class.sessions(rows),
            of_class.instructors(rows),
            of_class.approvals(rows),
            of_people.roster(rows),
            of_people.attendances(rows),
            of_people.credit_sums(rows),
            of_people.register(rows),
            of_class.evaluations(rows),
        ],
    )
