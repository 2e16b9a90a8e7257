"""What makes a class impossible, as a sentence at the field that has to change."""

import datetime as dt
from itertools import pairwise
from typing import Any, TypeAlias

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses import zones
from courses.models import ScheduledClass, Seats
from courses.zones import Zone
from registrations.models import Registration
from registrations.services.class_changes import Snapshot

Status: TypeAlias = ScheduledClass.Status


class ClassForm(forms.ModelForm):
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
    def takes_off_the_site(self) -> bool:
        """Whether this is the form that makes a published class a draft again."""
        return self.cleaned_data.get("status") == Status.DRAFT != self.was

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.instance.pk:
            self.check_people()
        if self.cleaned_data.get("status") == Status.PUBLISHED:
            self.check_publishing()
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

    def check_publishing(self) -> None:
        """What readers have to know before they register."""
        needed = {
            "cost_en": _now("Say what it costs before you publish, even when it is: Free"),
            "cancellation_en": _now("Say how to give up a seat before you publish."),
        }
        if self.cleaned_data.get("delivery") in {
            ScheduledClass.Delivery.IN_PERSON,
            ScheduledClass.Delivery.BOTH,
        }:
            needed["address"] = _now("Say where the class is held before you publish.")
        for name, words in needed.items():
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, words)
        if self.cleaned_data.get("capacity") == 0:
            self.add_error("capacity", _now("A published class has at least 1 seat."))

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
        elif form.cleaned_data.get("status", form.was) == Status.PUBLISHED and not any(self.errors):
            raise forms.ValidationError(_now("A published class has at least one session."))
        elif has_people(self.instance) and not any(self.errors):
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
