"""What an audit file says of people: roster, attendance, credits, certificates."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.history import words
from content.history.models import By
from courses import zones
from courses.models import ClassSession
from courses.models.course import plain
from registrations.audit.contents import Row, Section, Table
from registrations.audit.rows import Rows, day_name
from registrations.certificates.paper import restored
from registrations.models import AttendanceChange, Certificate, Registration
from registrations.recorded import in_words, made_up_in_words, state_of

Status = Registration.Status


def roster(kept: Rows) -> Section:
    rows = [
        (
            *kept.who(person),
            str(person.get_role_display()),
            person.state,
            person.credential,
            person.credential_number,
            str(person.get_status_display()),
        )
        for person in kept.people
    ]
    columns = (
        _("No."),
        _("Name"),
        _("What describes them best"),
        _("State"),
        _("Credential"),
        _("Credential number"),
        _("Status"),
    )
    table = Table(
        "09-roster", columns, rows, (1, 5, 4, 2, 3, 3, 3), _("Nobody had a seat in the class.")
    )
    return Section("roster", _("Roster"), list(about_people(kept)), [table])


def about_people(kept: Rows) -> Iterator[str]:
    count = len(kept.people)
    yield ngettext("%(count)s person.", "%(count)s people.", count) % {"count": count}
    erased = Registration.objects.filter(
        scheduled_class=kept.scheduled_class, status=Status.CONFIRMED, full_name=""
    ).count()
    if erased:
        yield ngettext(
            "%(count)s more had a seat; what was kept of them is erased.",
            "%(count)s more had a seat; what was kept of them is erased.",
            erased,
        ) % {"count": erased}


# Attendance.


def attendances(kept: Rows) -> Section:
    meetings = kept.scheduled_class.meetings
    days = [
        f"{day_name(one)}: {zones.date(one.starts_at, one.scheduled_class.zone)}"
        for one in meetings
    ]
    grid = [
        (*kept.who(person), *(cell(kept, person, meeting) for meeting in meetings))
        for person in kept.people
    ]
    corrections = [change for change in kept.changes if change.is_correction]
    columns = (
        _("No."),
        _("Name"),
        _("Session"),
        _("When"),
        _("By"),
        _("Before"),
        _("After"),
        _("Reason"),
    )
    widths = (1, 4, 2, 5, 3, 4, 4, 5)
    none = _("Nobody is on the roster.")
    return Section(
        "attendance",
        _("Attendance"),
        [_("A correction keeps what stood there before. All entries are in a file.")],
        [
            Table(
                "10-attendance",
                (_("No."), _("Name"), *days),
                grid,
                (1, 5, *[6] * len(days)),
                none,
            ),
            Table(
                "11-attendance-corrections",
                columns,
                [entry(kept, one) for one in corrections],
                widths,
                _("Nothing was corrected."),
                _("Corrections"),
            ),
            Table(
                "12-attendance-all-entries",
                columns,
                [entry(kept, one) for one in kept.changes],
                caption=_("All entries"),
                is_on_pages=False,
            ),
        ],
    )


def cell(kept: Rows, person: Registration, meeting: ClassSession) -> str:
    row = kept.attendance.get((person.pk, meeting.pk))
    return recorded(kept, row.values if row else {})


def recorded(kept: Rows, values: dict[str, Any]) -> str:
    """Of the session itself, and where it was made up."""
    there = values.get("made_up_in")
    said = in_words(values)
    if not there:
        return said
    session = kept.sessions_elsewhere.get(there)
    if session is None:
        return f"{said}. {_('Made up in a later class')}"
    return f"{said}. {made_up_in_words(session, values['missed_there'])}"


def entry(kept: Rows, change: AttendanceChange) -> Row:
    names = {one.pk: day_name(one) for one in kept.scheduled_class.meetings}
    person = change.attendance.registration_id
    return (
        kept.numbers[person],
        kept.names[person],
        names[change.attendance.class_session_id],
        kept.tell(change.at),
        words.who(change.by, change.by_user),
        recorded(kept, change.old) if change.old else "",
        recorded(kept, change.new),
        change.why,
    )


# What was earned.


def credit_sums(kept: Rows) -> Section:
    days = [day_name(one) for one in kept.scheduled_class.meetings]
    columns = (
        _("No."),
        _("Name"),
        *(_("%(day)s, minutes earned") % {"day": day} for day in days),
        _("Minutes earned"),
        _("Minutes taught"),
        _("CE credits"),
        _("Why"),
    )
    return Section(
        "credits",
        _("Credits of each person"),
        [
            _("The rule of the course: %(rule)s") % {"rule": kept.course.completion_rule()},
            _("The whole class gives %(credits)s CE credits.")
            % {"credits": kept.course.plain_credits},
        ],
        [
            Table(
                "13-credits",
                columns,
                [credit(kept, person) for person in kept.people],
                (1, 5, *[2] * len(days), 2, 2, 2, 8),
                _("Nobody is on the roster."),
            )
        ],
    )


def credit(kept: Rows, person: Registration) -> Row:
    completion = kept.completions[person.pk]
    outcome, sentence = completion.outcome, completion.outcome.sentence
    credit = plain(outcome.credits)
    if person.status != Status.CONFIRMED:
        credit, sentence = "0", _("Gave up the seat: there is no certificate.")
    return (
        *kept.who(person),
        *(str(earned) for _part, earned in completion.earned),
        str(outcome.minutes),
        str(outcome.taught),
        credit,
        sentence,
    )


# Certificates.


def register(kept: Rows) -> Section:
    columns = (
        _("Number"),
        _("No."),
        _("Name on it"),
        _("Contact hours"),
        _("CE credits"),
        _("Issued"),
        _("By"),
        _("State"),
        _("File"),
    )
    return Section(
        "certificates",
        _("Certificates"),
        tables=[
            Table(
                "14-certificates",
                columns,
                [certificate(kept, one) for one in kept.certificates],
                (4, 1, 4, 2.5, 2.5, 5, 2, 5, 6.5),
                _("No certificate is issued."),
            )
        ],
    )


def certificate(kept: Rows, one: Certificate) -> Row:
    facts = restored(one.facts)
    return (
        one.number,
        kept.numbers[one.registration_id],
        one.full_name,
        facts.value("hours"),
        facts.value("credits"),
        kept.tell(one.issued_at),
        words.who(By.STAFF, one.issued_by),
        state(kept, one),
        paper_name(one),
    )


def state(kept: Rows, one: Certificate) -> str:
    said = [state_of(one)]
    if one.replaces:
        said.append(_("Replaces %(number)s") % {"number": one.replaces})
    if one.replaced_at:
        said.append(kept.tell(one.replaced_at))
    if one.revoked_at:
        said += [kept.tell(one.revoked_at), words.who(By.STAFF, one.revoked_by), one.revoked_why]
    return ". ".join(part.rstrip(".") for part in said)


def paper_name(certificate: Certificate) -> str:
    """Where its paper lies in the kept."""
    return f"certificates/{certificate.number}.pdf"
