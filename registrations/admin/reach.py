"""Reaching a person whose mail does not: seen in words, and put right with them on the phone."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.staff_pages import ACTS, staff_page
from courses import zones
from registrations.admin.acts import path_of, person_for
from registrations.models import Letter, Registration
from registrations.services import details

State = Letter.State
Status = Registration.Status


class MailFilter(admin.SimpleListFilter):
    title = _("mail")
    parameter_name = "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("came_back", _("Mail came back")),
            ("never", _("Never answered")),
            ("not_yet", _("Not answered yet")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Registration]
    ) -> QuerySet[Registration]:
        silent = queryset.filter(proved_at=None).exclude(email="")
        match self.value():
            case "came_back":
                return queryset.exclude(mail_problem="")
            case "never":
                return silent.filter(status=Status.LAPSED)
            case "not_yet":
                return silent.filter(status__in=[Status.OFFERED, Status.WAITLISTED])
        return queryset


def mail_in_words(registration: Registration) -> str:
    """Whether mail reaches the person: `Mail came back on January 5, 2027`."""
    if not registration.email:
        return _now("Erased")
    if registration.mail_problem_at:
        day = zones.date(registration.mail_problem_at, registration.scheduled_class.zone)
        return _now("Mail came back on %(day)s") % {"day": day}
    if registration.proved_at:
        return _now("Answered")
    if registration.status == Status.LAPSED:
        return _now("Never answered")
    return _now("Not answered yet")


#: Letters whose button is no key to the person's page.
WITHOUT_THE_LINK = [Letter.Kind.OLD_ADDRESS, Letter.Kind.NEW_ADDRESS]


def last_links(people: Iterable[Registration]) -> dict[int, Letter]:
    """The last letter with the link of each person, that went out or still will: one query."""
    letters = Letter.objects.filter(registration=OuterRef("pk"))
    letters = letters.exclude(kind__in=WITHOUT_THE_LINK).exclude(state=State.SUPERSEDED)
    last = Registration.objects.filter(pk__in=[person.pk for person in people]).annotate(
        last=Subquery(letters.order_by("-pk").values("pk")[:1])
    )
    found = Letter.objects.filter(pk__in=last.values("last"))
    return {letter.registration_id: letter for letter in found if letter.registration_id}


def link_in_words(registration: Registration, letter: Letter | None) -> str:
    """Whether their link works: what became of the last letter that had it, and the answer."""
    if not registration.email:
        return _now("There is no link: they were erased.")
    if registration.mail_problem_at:
        day = zones.date(registration.mail_problem_at, registration.scheduled_class.zone)
        return _now("No: mail came back on %(day)s.") % {"day": day}
    if letter is None:
        return _now("No letter with it is known any more. Send a new one.")
    match letter.state:
        case State.GIVEN_UP:
            return _now("No: the mail server did not take the letter. Send a new one.")
        case State.NOT_MAILED:
            return _now("No: an invented address is never mailed.")
        case State.OWED if letter.attempts:
            words = _now("Not yet: the letter could not go out, and is tried again (%(problem)s).")
            return words % {"problem": letter.last_error}
        case State.OWED:
            return _now("Not yet: the letter goes out within a few minutes.")
    day = zones.date(letter.sent_at or letter.created_at, registration.scheduled_class.zone)
    if registration.proved_at:
        words = _now("Yes: last sent on %(day)s, and the address has answered.")
    else:
        words = _now("Sent on %(day)s. The address has not answered.")
    return words % {"day": day}


@staff_page("registrations.change_registration", ACTS)
def send_link_again(request: HttpRequest, pk: int) -> HttpResponse:
    registration = person_for(pk)
    if request.method == "POST":
        if details.send_link(registration=registration, now=timezone.now()):
            words = _now("The link goes to %(address)s within a few minutes.")
            messages.success(request, words % {"address": registration.email})
        else:
            messages.warning(request, _now("A link was sent less than 2 minutes ago. Wait for it."))
        return redirect(path_of(registration))
    people = reverse("admin:registrations_registration_changelist")
    context = {
        **admin.site.each_context(request),
        "title": _now("Send the link again"),
        "who": f"{registration}, {registration.scheduled_class}",
        "explanation": _now("We write to %(address)s. Links in older mails keep working.")
        % {"address": registration.email},
        "button": _now("Send the link"),
        "back": path_of(registration),
        "crumbs": [(_now("People"), people), (str(registration), path_of(registration))],
    }
    return render(request, "admin/registrations/act.html", context)
