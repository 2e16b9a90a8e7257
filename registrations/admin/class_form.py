"""What makes a class impossible, as a sentence at the field that has to change."""

import copy
import datetime as dt
from itertools import pairwise
from typing import Any, TypeAlias

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content.spanish.admin import WordsForm
from courses import publishing, zones
from courses.models import ClassSession, ScheduledClass, Seats
from courses.zones import Zone
from registrations.admin.previewing import BACK
from registrations.models import Registration
from registrations.services.class_changes import Snapshot

Status: TypeAlias = ScheduledClass.Status


class ClassForm(WordsForm):
    """A class and its number of seats. Checks and saves nothing of the seats: a service does."""

    #: What people planned by when the form was saved; None for a new class.
    before: Snapshot | None = None

    capacity = forms.IntegerField(
        label=_("Seats"),
        min_value=0,
        max_value=1000,
        initial=0,
        help_text=_("How many people can take part. New seats go to the line first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The sessions' formset knows this instance, and reports here what concerns both.
        vars(self.instance)["form"] = self
        self.was = Status(self.instance.status)
        if "course" in self.fields:
            related = self.fields["course"].widget
            related.can_add_related = related.can_change_related = False
            related.can_delete_related = related.can_view_related = False
        if self.instance.pk:
            self.initial["capacity"] = self.instance.seats.capacity
        status = self.fields.get("status")
        never_public = self.was == Status.DRAFT and not was_public(self.instance)
        if isinstance(status, forms.ChoiceField) and never_public:
            status.choices = [choice for choice in Status.choices if choice[0] != Status.CANCELLED]

    @property
    def cancels(self) -> bool:
        """Whether this is the form that cancels the class."""
        return self.cleaned_data.get("status") == Status.CANCELLED != self.was

    @property
    def publishes(self) -> bool:
        """Whether this is the form that puts the class on the site."""
        return self.cleaned_data.get("status") == Status.PUBLISHED != self.was

    @property
    def takes_off_the_site(self) -> bool:
        """Whether this is the form that makes a published class a draft again."""
        return self.cleaned_data.get("status") == Status.DRAFT != self.was

    def is_valid(self) -> bool:
        """Not on the way back from the preview: then the form is shown as it was typed."""
        return super().is_valid() and BACK not in self.data

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.instance.pk:
            self.check_people()
        self.check_window()
        return self.cleaned_data

    def check_people(self) -> None:
        """What the people in the class rule out. The lock keeps the answer true until the save."""
        seats = Seats.objects.select_for_update().get(pk=self.instance.pk)
        capacity = self.cleaned_data.get("capacity")
        if capacity is not None and capacity < seats.taken:
            words = ngettext(
                "%(taken)s seat is taken. Choose that number or more.",
                "%(taken)s seats are taken. Choose that number or more.",
                seats.taken,
            )
            self.add_error("capacity", words % {"taken": seats.taken})

    def check_publishing(self, sessions: list[ClassSession]) -> list[str]:
        """What readers have to know before they register; gives back what the sessions lack."""
        candidate = copy.copy(self.instance)
        # A class that stays on the site may be over.
        candidate.status = self.was
        candidate.seats = Seats(capacity=self.cleaned_data.get("capacity", 1))
        vars(candidate)["meetings"] = numbered(sessions, candidate)
        problems = publishing.errors(candidate, timezone.now())
        for problem in problems:
            if problem.field in self.fields and problem.field not in self.errors:
                self.add_error(problem.field, problem.sentence)
        return [problem.sentence for problem in problems if problem.field == publishing.SESSIONS]

    def check_window(self) -> None:
        opens = self.cleaned_data.get("registration_opens_at")
        closes = self.cleaned_data.get("registration_closes_at")
        if opens and closes and closes <= opens:
            self.add_error("registration_closes_at", _now("Registration closes after it opens."))

    def check_window_against(self, begins: dt.datetime, zone: Zone) -> None:
        """The window once the first session's start is known."""
        closes = self.cleaned_data.get("registration_closes_at")
        opens = self.cleaned_data.get("registration_opens_at")
        moment = {"moment": zones.full_moment(begins, zone)}
        if closes and closes > begins:
            words = _now("Registration closes before the class begins: %(moment)s.")
            self.add_error("registration_closes_at", words % moment)
        if opens and opens >= begins:
            words = _now("Registration opens before the class begins: %(moment)s.")
            self.add_error("registration_opens_at", words % moment)


def numbered(sessions: list[ClassSession], scheduled_class: ScheduledClass) -> list[ClassSession]:
    """Typed sessions as `ScheduledClass.meetings` has them: copies, for those are still to save."""
    copies = [copy.copy(session) for session in sessions]
    for number, session in enumerate(copies, start=1):
        session.number = number
        session.scheduled_class = scheduled_class
    return copies


def has_people(scheduled_class: ScheduledClass) -> bool:
    """Whether anybody ever registered for it."""
    people = Registration.objects.filter(scheduled_class=scheduled_class.pk)
    return people.exists()


def was_public(scheduled_class: ScheduledClass) -> bool:
    """Whether somebody may have its address: it was on the site, or someone is registered."""
    return scheduled_class.was_published or has_people(scheduled_class)


def stored_status(scheduled_class: ScheduledClass) -> Status:
    """The status in the database, also while a form has put another one into the instance."""
    form: ClassForm | None = vars(scheduled_class).get("form")
    return form.was if form else Status(scheduled_class.status)


class SessionForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        super().clean()
        starts, ends = (
            self.cleaned_data.get("starts_at"),
            self.cleaned_data.get("ends_at"),
        )
        minutes = self.cleaned_data.get("credit_minutes")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _now("A session ends after it starts."))
        elif starts and ends and minutes and dt.timedelta(minutes=minutes) > ends - starts:
            self.add_error("credit_minutes", _now("The session is shorter than that."))
        return self.cleaned_data


class SessionFormSet(forms.BaseInlineFormSet):
    """The sessions of one class, together with what they say about its form."""

    instance: ScheduledClass

    @property
    def class_form(self) -> ClassForm:
        """The form on the same page, as it left itself with the class that both are about."""
        form: ClassForm = vars(self.instance)["form"]
        return form

    def clean(self) -> None:
        super().clean()
        sessions = sorted(self.kept(), key=lambda form: form.cleaned_data["starts_at"])
        form = self.class_form
        zone = Zone(form.cleaned_data.get("time_zone", self.instance.time_zone))
        if sessions:
            form.check_window_against(sessions[0].cleaned_data["starts_at"], zone)
        if form.cleaned_data.get("status", form.was) == Status.PUBLISHED:
            lacks = form.check_publishing([row.instance for row in sessions])
            if lacks and not any(self.errors):
                raise forms.ValidationError(lacks)
        elif not sessions and has_people(self.instance) and not any(self.errors):
            words = _now("People are registered, so the class keeps at least one session.")
            raise forms.ValidationError(words)
        for earlier, later in pairwise(sessions):
            ends = earlier.cleaned_data["ends_at"]
            if later.cleaned_data["starts_at"] < ends:
                words = _now("The session before it ends later: %(moment)s.")
                later.add_error("starts_at", words % {"moment": zones.full_moment(ends, zone)})

    def kept(self) -> list[forms.ModelForm]:
        """The sessions with a start and an end that are not on their way out."""
        return [
            form
            for form in self.forms
            if {"starts_at", "ends_at"} <= form.cleaned_data.keys()
            and not form.cleaned_data.get(DELETION_FIELD_NAME)
        ]

    def is_valid(self) -> bool:
        """Also false when the sessions showed that the class's form is not."""
        return super().is_valid() and self.class_form.is_valid()
