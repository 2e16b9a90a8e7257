"""A session that somebody missed and made up in a later class."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.staff_pages import ACTS, staff_page
from courses.models import ClassSession
from registrations.admin.acts import Act, Refused, act_on, person_for, staff, typed
from registrations.admin.people_acts import reason_field
from registrations.models import Registration
from registrations.services import attendance
from registrations.services.attendance import MadeUp


class MadeUpForm(forms.Form):
    missed = forms.ChoiceField(
        label=_("Which session"), error_messages={"required": _("Choose the session.")}
    )
    made_up_in = forms.ChoiceField(label=_("Made up in"), required=False)
    missed_there = forms.IntegerField(
        label=_("Minutes missed there"), min_value=0, max_value=1000, initial=0, required=False
    )
    why = reason_field(_("Needed when it was recorded before that they made it up."))

    def __init__(self, registration: Registration, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = [
            meeting
            for meeting in registration.scheduled_class.meetings
            if meeting.starts_at <= timezone.now()
        ]
        self.sessions = {str(meeting.pk): meeting for meeting in begun}
        later = attendance.sessions_to_make_up_in(begun[0], timezone.now()) if begun else []
        self.later = {str(one.pk): one for one in later}
        self.offer("missed", self.sessions)
        self.offer("made_up_in", self.later, ("", _now("Not made up after all")))

    def offer(self, name: str, sessions: dict[str, ClassSession], *others: tuple[str, str]) -> None:
        choices = [(key, str(session)) for key, session in sessions.items()]
        self.fields[name].choices = [*choices, *others]  # type: ignore[attr-defined]  # a ChoiceField

    def made_up_by(self, registration: Registration) -> MadeUp:
        return MadeUp(
            registration,
            self.sessions[self.cleaned_data["missed"]],
            self.later.get(self.cleaned_data["made_up_in"]),
            self.cleaned_data["missed_there"] or 0,
        )


@staff_page(attendance.RECORDS, ACTS)
def record_made_up(request: HttpRequest, pk: int) -> HttpResponse:
    registration = person_for(pk)
    form = MadeUpForm(registration, typed(request))

    def do(now: dt.datetime) -> None:
        try:
            attendance.make_up(
                made_up=form.made_up_by(person_for(pk)),
                actor=staff(request),
                now=now,
                why=form.cleaned_data["why"],
            )
        except attendance.ReasonNeeded as problem:
            words = _now("Say why. The old value is kept with the reason.")
            raise Refused(words, "why") from problem
        except attendance.NotLater as problem:
            words = _now("Choose a session that came after the one that was missed.")
            raise Refused(words, "made_up_in") from problem
        except attendance.NotInThisClass as problem:
            words = _now("%(name)s has no seat in this class.") % {"name": registration}
            raise Refused(words) from problem

    act = Act(
        title=_now("What %(name)s made up") % {"name": registration},
        explanation=_now(
            "A session that was missed counts when it was made up in a later class of the course. "
            "The better of the two counts."
        ),
        button=_now("Save"),
        done=_now("Saved."),
        do=do,
        tells=False,
    )
    return act_on(request, registration, act, form)
