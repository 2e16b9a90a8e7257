"""What a certificate will say, from the rows as they are now. Its words are English always."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from content import typesetting
from content.models import Provider
from content.provider.services import provider
from courses import zones
from courses.models import CourseApproval, ScheduledClass
from courses.models.course import plain
from registrations.certificates.paper import Facts, Line, preview_pdf
from registrations.completion import Presence, Result
from registrations.models import Attendance, Registration
from registrations.services.completion import Completion, completion_of

HEADING = "Certificate of Completion"
NO_NUMBER = "No number yet"
PREVIEW = "PREVIEW"


def not_settled(scheduled_class: ScheduledClass) -> Iterator[str]:
    """What staff have to settle before any certificate of the class, as sentences."""
    giver = provider()
    if not scheduled_class.course.certificate_title:
        yield _("The course has no title for certificates yet.")
    if not (giver.name and giver.contact):
        yield _("Who gives the training, and how to reach them, is not written down yet.")
    if not (giver.signed_by and giver.signature):
        yield _("There is no signature yet.")


def unprintable(people: Iterable[Registration]) -> dict[int, str]:
    """By the key of the registration: characters that would be printed as boxes."""
    texts = {one.pk: f"{one.full_name} {credential_of(one)}" for one in people}
    if not typesetting.missing_glyphs("\n".join(texts.values())):
        return {}
    found = {key: typesetting.missing_glyphs(text) for key, text in texts.items()}
    return {key: characters for key, characters in found.items() if characters}


def facts_of(
    registration: Registration, completion: Completion, number: str, now: dt.datetime
) -> Facts:
    """For someone who has earned a certificate."""
    with translation.override("en"):
        return drawn_up(registration, completion, provider(), number, now)


def preview_of(registration: Registration, now: dt.datetime) -> bytes:
    """The paper as it would be, marked and without a number."""
    completion = completion_of([registration], now)[registration.pk]
    facts = facts_of(registration, completion, NO_NUMBER, now)
    return preview_pdf(facts, provider().signature_png, PREVIEW, now)


def drawn_up(
    registration: Registration,
    completion: Completion,
    giver: Provider,
    number: str,
    now: dt.datetime,
) -> Facts:
    in_part = completion.outcome.result == Result.PARTIAL
    course = registration.scheduled_class.course
    return Facts(
        provider=giver.name,
        heading=HEADING,
        replaces="",
        before_name="This certifies that",
        name=registration.full_name,
        before_course="has completed in part" if in_part else "has completed",
        course=course.certificate_title,
        lines=tuple(line for line in lines_of(registration, completion, giver, now) if line.value),
        signed_by="\n".join(filter(None, [giver.signed_by, giver.signed_as])),
        number=number,
        check=check_words(),
        address=address_of(number),
    )


def lines_of(
    registration: Registration, completion: Completion, giver: Provider, now: dt.datetime
) -> Iterator[Line]:
    scheduled_class, outcome = registration.scheduled_class, completion.outcome
    in_part = outcome.result == Result.PARTIAL
    yield Line("dates", "Dates attended", "\n".join(days_attended(registration, completion)))
    yield Line("delivery", "Held", held(scheduled_class))
    yield Line("hours", "Contact hours", hours(outcome.minutes, outcome.taught))
    yield Line("credits", "CE credits", f"{plain(outcome.credits)} CE credits")
    yield Line("approvals", "Approved by", "\n".join(approvals(scheduled_class, in_part=in_part)))
    domains = [
        f"{one.name}: {one.plain_hours} hours" for one in scheduled_class.course.domains.all()
    ]
    label = "Domains of the whole course" if in_part else "Domains covered"
    yield Line("domains", label, "\n".join(domains))
    yield Line("instructors", "Instructors", "\n".join(map(str, scheduled_class.teachers)))
    yield credential_line(registration)
    yield issued_line(now, scheduled_class)
    yield Line("contact", "Provider", "\n".join([giver.name, *giver.contact.split("\n")]))


def credential_line(registration: Registration) -> Line:
    return Line("credential", "Credential", credential_of(registration))


def issued_line(now: dt.datetime, scheduled_class: ScheduledClass) -> Line:
    return Line("issued", "Issued", zones.date(now, scheduled_class.zone))


def credential_of(registration: Registration) -> str:
    """`CPFS, number 5567, Colorado`; empty when none was given."""
    number = registration.credential_number
    parts = [registration.credential, number and f"number {number}", registration.state]
    return ", ".join(filter(None, parts)) if registration.credential or number else ""


def days_attended(registration: Registration, completion: Completion) -> Iterator[str]:
    """Each day on which something was earned; a session made up later has the later day."""
    scheduled_class = registration.scheduled_class
    rows = {
        row.class_session_id: row
        for row in Attendance.objects.filter(registration=registration).select_related(
            "made_up_in__scheduled_class"
        )
    }
    for meeting, (part, earned) in zip(scheduled_class.meetings, completion.earned, strict=True):
        if not earned:
            continue
        if part.presence in {Presence.PRESENT, Presence.PARTLY}:
            yield meeting.day
        later = rows[meeting.pk].made_up_in if meeting.pk in rows else None
        if later and completion.rule.make_up_allowed:
            yield f"{later.day} (Day {meeting.number}, in a later class)"


def held(scheduled_class: ScheduledClass) -> str:
    place = ", ".join(
        filter(None, map(str.strip, (scheduled_class.address or scheduled_class.town).splitlines()))
    )
    if not scheduled_class.is_in_person:
        return "Online, live, by video meeting"
    if scheduled_class.is_online:
        return f"In person at {place}, and online, live, by video meeting"
    return f"In person: {place}"


def hours(minutes: int, taught: int) -> str:
    """`12 hours`, or `10.83 of 12 hours`."""
    earned, whole = in_hours(minutes), in_hours(taught)
    return f"{earned} hours" if earned == whole else f"{earned} of {whole} hours"


def in_hours(minutes: int) -> str:
    return plain((Decimal(minutes) / 60).quantize(Decimal("0.01")))


def approvals(scheduled_class: ScheduledClass, *, in_part: bool) -> Iterator[str]:
    """Each that was in force on all days of the class."""
    days = [
        one.starts_at.astimezone(scheduled_class.zone.info).date()
        for one in scheduled_class.meetings
    ]
    for approval in scheduled_class.course.approvals.all():
        starts, ends = approval.valid_from or dt.date.min, approval.valid_until or dt.date.max
        if all(starts <= day <= ends for day in days):
            credit = "" if in_part else f": {approval.plain_credits} CE credits"
            yield f"{in_force(approval)}{credit}"


def in_force(approval: CourseApproval) -> str:
    """`COPA/CPFS, approval number 77, valid from January 1, 2026 to June 1, 2028`."""
    words = [approval.body]
    if approval.number:
        words.append(f"approval number {approval.number}")
    begins, ends = (on_paper(day) for day in (approval.valid_from, approval.valid_until))
    if begins or ends:
        span = [f"from {begins}" if begins else "", f"to {ends}" if ends else ""]
        words.append(f"valid {' '.join(filter(None, span))}")
    return ", ".join(words)


def on_paper(day: dt.date | None) -> str:
    return f"{day:%B} {day.day}, {day.year}" if day else ""


def check_words() -> str:
    site = urlsplit(settings.SITE_URL)
    with translation.override("en"):
        place = f"{site.netloc}{site.path}{reverse('registrations:certificates')}"
    return f"Check this certificate:\n{place}\nScan the code, or type the number there."


def address_of(number: str) -> str:
    with translation.override("en"):
        return f"{settings.SITE_URL}{reverse('registrations:certificate', args=[number])}"
