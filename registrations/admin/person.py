"""One person: how they stand, what staff can do, the facts, what happened, the letters."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from courses import zones
from courses.models import State
from registrations import history, standing
from registrations.admin.people_acts import ENDINGS
from registrations.admin.reach import last_links, link_in_words
from registrations.desk import addresses, attendance
from registrations.models import Registration
from registrations.recorded import in_words, made_up_in_words, state_of
from registrations.services.completion import completion_of

Status = Registration.Status

Row = tuple[str, str]


def person_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    events = registration.events.select_related("by_user", "registration__scheduled_class")
    entries = [history.entry(event) for event in events.order_by("pk")]
    sees_attendance = request.user.has_perm("registrations.view_attendance")
    if sees_attendance:
        entries += attendance.of_person(registration)
    may_act = request.user.has_perm("registrations.change_registration")
    context = {
        **admin.site.each_context(request),
        "title": str(registration),
        "opts": Registration._meta,
        "registration": registration,
        "link_works": link_in_words(registration, last_links([registration]).get(registration.pk)),
        "facts": [
            *how_they_stand(registration),
            *how_to_reach_them(registration),
            *what_they_told_us(registration),
        ],
        "attendance": list(attendance_of(registration)) if sees_attendance else [],
        "certificates": (
            list(certificates_of(registration))
            if request.user.has_perm("registrations.view_certificate")
            else []
        ),
        "entries": sorted(entries, key=lambda entry: entry.at),
        "letters": list(letters_of(registration)),
        "acts": list(acts_for(registration)) if may_act else [],
    }
    return render(request, "admin/registrations/person.html", context)


def how_they_stand(registration: Registration) -> Iterator[Row]:
    scheduled_class = registration.scheduled_class
    place = standing.in_words(registration)
    if place:
        yield _("Place in line"), place
    if registration.answer_by:
        yield _("Has to answer by"), zones.full_moment(registration.answer_by, scheduled_class.zone)
    line = standing.lines_of([scheduled_class.pk])[scheduled_class.pk]
    reason = standing.why_no_offer(registration, line, timezone.now())
    if reason:
        yield _("Why no seat yet"), reason
    yield _("Registered"), zones.full_moment(registration.created_at, scheduled_class.zone)


def how_to_reach_them(registration: Registration) -> Iterator[Row]:
    if registration.mail_problem:
        yield _("What the other server said"), registration.mail_problem
    yield _("Email address"), registration.email or _("Not kept any more")
    if registration.shares_address:
        yield _("Shares the address"), _("Yes: the owner of the address is registered too.")
    yield _("Phone"), registration.phone or _("Not given")
    language = get_language_info(registration.language)["name_translated"]
    yield _("Language of mail"), str(language)


def what_they_told_us(registration: Registration) -> Iterator[Row]:
    yield _("What describes them best"), registration.get_role_display()
    yield _("What helps them take part"), registration.access_needs or _("Not given")
    for label, value in [
        (_("State"), registration.state),
        (_("Credential"), registration.credential),
        (_("Credential number"), registration.credential_number),
    ]:
        if value:
            yield label, value


def attendance_of(registration: Registration) -> Iterator[Row]:
    """Each session that has begun, and what they add up to."""
    rows = registration.attendances.select_related("made_up_in__scheduled_class")
    known = {row.class_session_id: row for row in rows}
    now = timezone.now()
    for meeting in registration.scheduled_class.meetings:
        row = known.get(meeting.pk)
        if not row and meeting.starts_at > now:
            continue
        words = [in_words(row.values if row else {})]
        if row and row.made_up_in:
            words.append(made_up_in_words(row.made_up_in, row.missed_there))
        yield meeting.day, ". ".join(words)
    starts_at = registration.scheduled_class.starts_at
    if registration.status == Status.CONFIRMED and starts_at and starts_at <= now:
        completion = completion_of([registration], now)[registration.pk]
        yield _("For the certificate"), completion.outcome.sentence


def certificates_of(registration: Registration) -> Iterator[dict[str, str]]:
    """The last first."""
    issued = registration.certificates.defer(
        "pdf", "facts", "replaced_by__pdf", "replaced_by__facts"
    )
    for certificate in issued.select_related("replaced_by").order_by("-pk"):
        yield {
            "number": certificate.number,
            "state": state_of(certificate),
            "why": certificate.revoked_why,
            "when": zones.full_moment(certificate.issued_at, registration.scheduled_class.zone),
            "path": addresses.certificate(certificate),
        }


def letters_of(registration: Registration) -> Iterator[dict[str, Any]]:
    """The last first, each with its moment: when it went out, or since when it is owed."""
    zone = registration.scheduled_class.zone
    for letter in registration.letters.order_by("-pk"):
        yield {
            "kind": letter.get_kind_display(),
            "state": letter.get_state_display(),
            "when": zones.full_moment(letter.sent_at or letter.created_at, zone),
            "problem": letter.last_error,
            "path": reverse("admin:registrations_letter_change", args=[letter.pk]),
        }


def acts_for(registration: Registration) -> Iterator[Row]:
    """(address, words) of what can be done to them now."""
    if not registration.full_name:
        return
    status = Status(registration.status)
    is_over = registration.scheduled_class.state(timezone.now()) == State.PAST
    if registration.email:
        yield path("link", registration), _("Send the link again")
    yield path("address", registration), _("Correct the address")
    yield path("details", registration), _("Change details")
    if status == Status.CONFIRMED and registration.scheduled_class.course.make_up_allowed:
        yield path("made_up", registration), _("Record a session made up in a later class")
    if is_over or status not in ENDINGS:
        return
    if status == Status.WAITLISTED:
        yield path("seat", registration), _("Give a free seat")
    if status == Status.CONFIRMED:
        yield path("move", registration), _("Move to another class")
    yield path("cancel", registration), str(ENDINGS[status][1])


def path(step: str, registration: Registration) -> str:
    return reverse(f"admin:registrations_registration_{step}", args=[registration.pk])
