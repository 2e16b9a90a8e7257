"""The certificates of a class: who has earned one, who has not and why, and issuing them."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content import typesetting
from content.staff_pages import ACTS, staff_page
from courses import zones
from courses.models import ScheduledClass
from courses.publishing import for_publishing
from registrations.admin.acts import staff, typed
from registrations.admin.previewing import preview_page, rehearse, shown_to, wants_back
from registrations.desk import addresses
from registrations.models import Certificate, CertificateBatch, Registration
from registrations.services import certificates
from registrations.services.completion import completion_of

Status = Registration.Status


@dataclass(frozen=True)
class Row:
    """Somebody with a seat in the class: can be ticked, or why not."""

    person: Registration
    #: What the rule says of them.
    sentence: str
    #: Why there is nothing to tick, or what was done.
    state: str
    can_be_issued: bool
    url: str
    certificate: Certificate | None = None
    #: The one they had was revoked: whoever issues another decides on it by a tick.
    was_revoked: bool = False


class ClassCertificates:
    """The page's rows, in the same few queries for 5 people and for 500."""

    def __init__(self, scheduled_class: ScheduledClass, now: dt.datetime) -> None:
        self.scheduled_class = scheduled_class
        self.now = now

    @cached_property
    def not_settled(self) -> list[str]:
        return list(certificates.not_settled(self.scheduled_class))

    @cached_property
    def rows(self) -> list[Row]:
        people = list(
            Registration.objects.filter(
                scheduled_class=self.scheduled_class, status=Status.CONFIRMED
            ).order_by("full_name", "pk")
        )
        known = [person for person in people if person.full_name]
        outcomes = completion_of(known, self.now)
        boxes = certificates.unprintable(
            person for person in known if outcomes[person.pk].outcome.earns_certificate
        )
        return [
            self.row(
                person,
                outcomes[person.pk].outcome.sentence,
                self.state_of(person, boxes.get(person.pk, "")),
                earned=outcomes[person.pk].outcome.earns_certificate,
            )
            for person in known
        ]

    def row(self, person: Registration, sentence: str, state: str, *, earned: bool) -> Row:
        return Row(
            person=person,
            sentence=sentence,
            state=state,
            can_be_issued=earned and not state and not self.not_settled,
            url=addresses.person(person),
            certificate=self.valid.get(person.pk),
            was_revoked=person.pk in self.revoked,
        )

    def state_of(self, person: Registration, characters: str) -> str:
        issued = self.valid.get(person.pk)
        if issued:
            day = zones.date(issued.issued_at, self.scheduled_class.zone)
            return _now("Issued on %(day)s.") % {"day": day}
        if person.pk in self.waiting:
            return _now("Is being made.")
        if characters:
            words = _now("The name cannot be printed: %(signs)s. Ask how to spell it otherwise.")
            return words % {"signs": " ".join(characters)}
        return ""

    @cached_property
    def valid(self) -> dict[int, Certificate]:
        issued = Certificate.objects.valid().defer("pdf", "facts")
        of_class = issued.filter(registration__scheduled_class=self.scheduled_class)
        return {one.registration_id: one for one in of_class}

    @cached_property
    def revoked(self) -> set[int]:
        issued = Certificate.objects.filter(registration__scheduled_class=self.scheduled_class)
        return {*issued.exclude(revoked_at=None).values_list("registration", flat=True)}

    @cached_property
    def waiting(self) -> set[int]:
        return certificates.waiting_for(self.scheduled_class)

    @property
    def ready(self) -> list[Row]:
        return [row for row in self.rows if row.can_be_issued]

    @property
    def others(self) -> list[Row]:
        return [row for row in self.rows if not row.can_be_issued]

    @property
    def progress(self) -> Iterator[str]:
        """How far what was asked for is; what is done long ago says nothing."""
        asked = CertificateBatch.objects.filter(scheduled_class=self.scheduled_class)
        for batch in asked.order_by("-pk")[:1]:
            figures = {"issued": batch.issued, "asked": batch.asked_for}
            if batch.done_at is None:
                yield _now("%(issued)s of %(asked)s are issued. Open this page again.") % figures
            elif batch.issued < batch.asked_for:
                yield _now("%(issued)s of %(asked)s were issued. Below is why.") % figures
            else:
                words = ngettext(
                    "%(issued)s certificate was issued on %(moment)s.",
                    "%(issued)s certificates were issued on %(moment)s.",
                    batch.issued,
                )
                moment = zones.full_moment(batch.done_at, self.scheduled_class.zone)
                yield words % (figures | {"moment": moment})


class IssueForm(forms.Form):
    people = forms.MultipleChoiceField(
        error_messages={
            "required": _("Tick at least one person."),
            "invalid_choice": _("Somebody has changed this page meanwhile. Look once more."),
        }
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, page: ClassCertificates, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as any form is made
        choices = [(str(row.person.pk), str(row.person)) for row in page.ready]
        self.fields["people"].choices = choices  # type: ignore[attr-defined]  # a field of choices


@staff_page("registrations.view_certificate", ACTS)
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    scheduled_class = get_object_or_404(for_publishing(ScheduledClass.objects.all()), pk=pk)
    page = ClassCertificates(scheduled_class, timezone.now())
    may_issue = request.user.has_perm("registrations.add_certificate")
    form = IssueForm(page, typed(request), initial={"key": uuid.uuid4()})
    if request.method == "POST" and not wants_back(request):
        if not may_issue:
            raise Http404
        if form.is_valid():
            return shown_or_ordered(request, page, form)
    first = [str(row.person.pk) for row in page.ready if not row.was_revoked]
    ticked = request.POST.getlist("people") if request.method == "POST" else first
    context = {
        **admin.site.each_context(request),
        "title": _now("Certificates"),
        "scheduled_class": scheduled_class,
        "class_url": addresses.class_page(scheduled_class),
        "page": page,
        "form": form,
        "ticked": ticked,
        "may_issue": may_issue,
        "provider_url": addresses.provider(),
        "course_url": reverse("admin:courses_course_change", args=[scheduled_class.course_id]),
    }
    return render(request, "admin/registrations/certificates.html", context)


def shown_or_ordered(
    request: HttpRequest, page: ClassCertificates, form: IssueForm
) -> HttpResponse:
    """Who is told what, first; then the worker is asked, and does it within moments."""
    chosen = {int(key) for key in form.cleaned_data["people"]}
    people = [row.person for row in page.ready if row.person.pk in chosen]
    told = rehearse(lambda now: certificates.owe_letters(people, now), page.now)
    count = len(people)
    if told.fingerprint != shown_to(request):
        words = ngettext(
            "Issue %(count)s certificate and tell them",
            "Issue %(count)s certificates and tell them",
            count,
        )
        return preview_page(
            request,
            told,
            title=_now("Issue certificates"),
            button=words % {"count": count},
            sentences=[
                _now(
                    "What a certificate says can never be changed afterwards. A corrected one can "
                    "take its place, and both then say so."
                )
            ],
            crumbs=[(str(page.scheduled_class), addresses.class_page(page.scheduled_class))],
        )
    try:
        certificates.order(
            scheduled_class=page.scheduled_class,
            key=form.cleaned_data["key"],
            people=chosen,
            actor=staff(request),
            now=page.now,
        )
    except certificates.AlreadyOrdered:
        messages.info(request, _now("They were asked for before. Nobody gets two."))
    except certificates.NothingToIssue:
        messages.error(request, _now("None of them has earned one that is not issued yet."))
    else:
        messages.success(request, _now("They are being made. Each person gets a letter."))
    return redirect(addresses.certificates(page.scheduled_class))


@staff_page("registrations.view_certificate")
def preview(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """The paper of one person, marked as a preview."""
    people = Registration.objects.select_related("scheduled_class__course")
    registration = get_object_or_404(people, pk=person, scheduled_class=pk)
    try:
        paper = certificates.preview_of(registration, timezone.now())
    except typesetting.NoGlyph as problem:
        signs = {"signs": " ".join(problem.characters)}
        messages.error(request, _now("These signs cannot be printed: %(signs)s") % signs)
        return redirect(addresses.certificates(registration.scheduled_class))
    except typesetting.CannotSet:
        messages.error(request, _now("It does not fit on one page. Shorten what the course says."))
        return redirect(addresses.certificates(registration.scheduled_class))
    return pdf_answer(paper, "preview.pdf")


def pdf_answer(paper: bytes, name: str) -> HttpResponse:
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store, private"
    return response
