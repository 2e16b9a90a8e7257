"""The acts on the page of one person, each with its words."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content.staff_pages import ACTS, staff_page
from courses.models import ScheduledClass
from registrations.admin.acts import (
    Act,
    Refused,
    act_on,
    person_for,
    refusing,
    staff,
    typed,
)
from registrations.forms import AddressField, DetailsForm, one_line
from registrations.models import Registration
from registrations.services import details, seats

Status = Registration.Status

CHANGES_PEOPLE = "registrations.change_registration"


def for_staff(form: forms.Form) -> None:
    """Fields that ask people themselves, for staff: their labels, and no name of staff's own."""
    for name, field in form.fields.items():
        field.widget.attrs["autocomplete"] = "off"
        field.label = capfirst(str(getattr(Registration._meta.get_field(name), "verbose_name", "")))
        if name not in {"email", "shares_address"}:
            field.help_text = ""


def reason_field(hint: Any) -> forms.CharField:
    """As long as a line of history can be, with the words that a move adds."""
    return one_line(
        _("Reason"), hint=hint, longest=200, too_long=_("Shorten the reason to 200 characters.")
    )


# Cancel.


class CancelForm(forms.Form):
    why = reason_field(_("The person reads it, and it stays in their history. Can be empty."))


#: What ending it is called, by what there is to end.
ENDINGS = {
    Status.CONFIRMED: (_("Cancel the seat of %(name)s"), _("Cancel the seat")),
    Status.OFFERED: (_("Take back the seat held for %(name)s"), _("Take back the seat")),
    Status.WAITLISTED: (_("Take %(name)s off the line"), _("Take off the line")),
}


@staff_page(CHANGES_PEOPLE, ACTS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    registration = person_for(pk)
    title, button = ENDINGS.get(Status(registration.status), ENDINGS[Status.CONFIRMED])
    form = CancelForm(typed(request))

    def do(now: dt.datetime) -> None:
        person = person_for(pk)
        if not person.is_live:
            words = _now("%(name)s has no seat and no place in line now. Nothing was done.")
            raise Refused(words % {"name": person})
        why = form.cleaned_data["why"]
        seats.leave(registration=person, actor=staff(request), now=now, why=why)
        if person.is_live:
            raise Refused(_now("The class is over. Who had a seat stays on record."))

    act = Act(
        title=title % {"name": registration},
        explanation=_now("A seat that comes free is offered to the next person in line."),
        button=str(button),
        done=_now("Done: %(name)s has no seat or place now.") % {"name": registration},
        do=do,
    )
    return act_on(request, registration, act, form)


# Move.


class MoveForm(forms.Form):
    to = forms.ChoiceField(
        label=_("To which class"),
        error_messages={"required": _("Choose a class."), "invalid_choice": _("Choose a class.")},
    )
    why = reason_field(_("It stays in their history. Can be empty."))

    def __init__(self, registration: Registration, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(other.pk), with_seats(other)) for other in other_classes(registration)]
        self.fields["to"].choices = [("", _now("Choose a class")), *choices]  # type: ignore[attr-defined]  # a ChoiceField


def other_classes(registration: Registration) -> list[ScheduledClass]:
    own = registration.scheduled_class
    classes = ScheduledClass.objects.published().upcoming(timezone.now()).for_page()
    not_cancelled = classes.exclude(status=ScheduledClass.Status.CANCELLED)
    return list(not_cancelled.filter(course=own.course_id).exclude(pk=own.pk))


def with_seats(scheduled_class: ScheduledClass) -> str:
    free = scheduled_class.seats.open
    if not free:
        words = _now("full")
    else:
        words = ngettext("%(count)s seat free", "%(count)s seats free", free) % {"count": free}
    return f"{scheduled_class}: {words}"


@staff_page(CHANGES_PEOPLE, ACTS)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    registration = person_for(pk)
    form = MoveForm(registration, typed(request))

    def do(now: dt.datetime) -> None:
        person = person_for(pk)
        if person.status != Status.CONFIRMED:
            words = _now("%(name)s has no seat now, so there is none to move.")
            raise Refused(words % {"name": person})
        try:
            seats.move(
                registration=person,
                scheduled_class_id=int(form.cleaned_data["to"]),
                actor=staff(request),
                now=now,
                why=form.cleaned_data["why"],
            )
        except seats.NotTaken as problem:
            words = _now("That class has no free seat. %(name)s keeps the seat they have.")
            raise Refused(words % {"name": person}, "to") from problem
        except seats.AttendanceIsRecorded as problem:
            words = _now(
                "Attendance of %(name)s is recorded in this class, so they stay in it. What they "
                "miss can be made up in a later class."
            )
            raise Refused(words % {"name": person}) from problem
        except seats.AlreadyRegistered as problem:
            words = _now("%(name)s is registered for that class already.")
            raise Refused(words % {"name": person}, "to") from problem

    act = Act(
        title=_now("Move %(name)s to another class") % {"name": registration},
        explanation=_now(
            "They get a seat there and give up the one here, both at once. It needs a free seat."
        ),
        button=_now("Move them"),
        done=_now("%(name)s has a seat in the other class now.") % {"name": registration},
        do=do,
    )
    return act_on(request, registration, act, form)


# A free seat, by hand.


@staff_page(CHANGES_PEOPLE, ACTS)
def give_seat(request: HttpRequest, pk: int) -> HttpResponse:
    registration = person_for(pk)

    def do(now: dt.datetime) -> None:
        person = person_for(pk)
        with refusing(person):
            seats.give_seat(registration=person, actor=staff(request), now=now)

    act = Act(
        title=_now("Give %(name)s a free seat") % {"name": registration},
        explanation=_now("The seat is theirs at once. Nobody else in line is asked first."),
        button=_now("Give the seat"),
        done=_now("%(name)s has a seat now.") % {"name": registration},
        do=do,
    )
    return act_on(request, registration, act)


# The address, with them on the phone.


class AddressForm(forms.Form):
    email = AddressField(label=_("Email address"), hint=_("Read it back to them letter by letter."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for_staff(self)


@staff_page(CHANGES_PEOPLE, ACTS)
def correct_address(request: HttpRequest, pk: int) -> HttpResponse:
    registration = person_for(pk)
    form = AddressForm(typed(request), initial={"email": registration.email})

    def do(now: dt.datetime) -> None:
        person = person_for(pk)
        address = form.cleaned_data["email"]
        try:
            details.take_new_address(
                registration=person, address=address, actor=staff(request), now=now
            )
        except seats.AlreadyRegistered as problem:
            words = _now("Somebody is registered for this class with this address already.")
            raise Refused(words, "email") from problem
        if not person.proved_at:
            # They could not answer before: the time that is held for them begins now.
            seats.give_time(registration=person, now=now)

    act = Act(
        title=_now("Correct the address of %(name)s") % {"name": registration},
        explanation=_now(
            "Only while you speak with the person. The new address gets their link. The old one is "
            "told of the change, if it ever answered."
        ),
        button=_now("Use this address"),
        done=_now("A new link goes to %(address)s. Links in older mails have stopped working.")
        % {"address": form.data.get("email", "")},
        do=do,
    )
    return act_on(request, registration, act, form)


# Their details.


class StaffDetailsForm(DetailsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for_staff(self)


@staff_page(CHANGES_PEOPLE, ACTS)
def change_details(request: HttpRequest, pk: int) -> HttpResponse:
    registration = person_for(pk)
    held = {name: getattr(registration, name) for name in details.OWN_FIELDS}
    form = StaffDetailsForm(typed(request), initial=held)

    def do(now: dt.datetime) -> None:
        details.change_details(
            registration=person_for(pk),
            details=form.cleaned_data,
            actor=staff(request),
            now=now,
        )

    act = Act(
        title=_now("Change the details of %(name)s") % {"name": registration},
        explanation=_now("They see the change on their own page. No mail goes out."),
        button=_now("Save"),
        done=_now("Saved."),
        do=do,
        tells=False,
    )
    return act_on(request, registration, act, form)
