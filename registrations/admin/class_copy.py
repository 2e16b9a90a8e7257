"""Schedule a class: the last one on other days. One question is asked, the first day."""

import datetime as dt
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.pickers import Day
from content.staff_pages import ACTS, staff_page
from courses import zones
from courses.models import ScheduledClass
from registrations.services import scheduling
from registrations.services.copying import NoSuchHour, copy_class
from registrations.services.seats import Actor


class FirstDayForm(forms.Form):
    first_day = forms.DateField(
        label=_("First day"),
        widget=Day,
        error_messages={
            "required": _("Choose the first day."),
            "invalid": _("Choose the first day, for example: 2027-01-16."),
        },
    )

    def clean_first_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["first_day"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_now("Choose a day to come."))
        if day > timezone.localdate() + dt.timedelta(days=3 * 366):
            raise forms.ValidationError(_now("Choose a day within the next 3 years."))
        return day


class CopiesClass(admin.ModelAdmin):
    """What the admin of classes has for it."""

    def get_urls(self) -> list[URLPattern]:
        page = staff_page("courses.add_scheduledclass", ACTS)(self.copy)
        own = path("copy/", page, name="courses_scheduledclass_copy")
        return [own, *super().get_urls()]

    def copy(self, request: HttpRequest) -> HttpResponse:
        """From the last class, or from the one that `?from=` names; an empty form without any."""
        source = source_of(request)
        if source is None:
            return redirect("admin:courses_scheduledclass_add")
        form = FirstDayForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                made = copy_class(
                    scheduled_class=source,
                    first_day=form.cleaned_data["first_day"],
                    actor=Actor.staff(cast("User", request.user)),
                    now=timezone.now(),
                )
            except NoSuchHour as refusal:
                form.add_error("first_day", no_such_hour(refusal, source))
            else:
                for sentence in what_was_made(made, source):
                    messages.info(request, sentence)
                return redirect("admin:courses_scheduledclass_change", made.pk)
        context = {
            **admin.site.each_context(request),
            "title": _now("Schedule a class"),
            "opts": self.opts,
            "form": form,
            "source": source,
            "weekday": weekday_of(source),
            "add": reverse("admin:courses_scheduledclass_add"),
        }
        return render(request, "admin/courses/scheduledclass/copy.html", context)


def source_of(request: HttpRequest) -> ScheduledClass | None:
    asked = request.GET.get("from", "")
    if not asked.isdecimal():
        return scheduling.last_class()
    dated = ScheduledClass.objects.for_page().filter(class_sessions__isnull=False).distinct()
    return get_object_or_404(dated, pk=int(asked[:18]))


def weekday_of(scheduled_class: ScheduledClass) -> str:
    first = scheduled_class.meetings[0].starts_at.astimezone(scheduled_class.zone.info)
    return date_format(first, "l")


def what_was_made(made: ScheduledClass, source: ScheduledClass) -> list[str]:
    """What staff should know of the draft in front of them."""
    fresh = ScheduledClass.objects.get(pk=made.pk)
    words = _now("This is a draft for %(dates)s. Read it through, then publish it.")
    sentences = [words % {"dates": fresh.dates}]
    if source.join_link:
        sentences.append(_now("The join link was left out, because each class has its own."))
    if weekday_of(fresh) != weekday_of(source):
        words = _now("It begins on a %(new)s. The class that was copied began on a %(old)s.")
        sentences.append(words % {"new": weekday_of(fresh), "old": weekday_of(source)})
    return sentences


def no_such_hour(refusal: NoSuchHour, source: ScheduledClass) -> str:
    words = _now(
        "On %(day)s the clocks change: %(hour)s is not there or comes twice. Choose another day."
    )
    day, hour = zones.weekday_date(refusal.at, source.zone), zones.clock(refusal.at, source.zone)
    return words % {"day": day, "hour": hour}
