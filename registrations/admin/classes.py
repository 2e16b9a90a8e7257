"""A class in the admin: its facts, its sessions, its seats. Acting on it acts on people."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.pickers import PICKERS
from content.public_preview import PublicPage, ShowsPublicPages, in_each_language
from content.translated import both
from courses.models import ClassSession, Course, ScheduledClass, Seats
from courses.zones import Zone
from registrations.admin.announcing import Announces
from registrations.admin.class_acts import ActsOnClass
from registrations.admin.class_copy import CopiesClass
from registrations.admin.class_form import (
    ClassForm,
    SessionForm,
    SessionFormSet,
    Status,
    has_people,
    stored_status,
    was_public,
)
from registrations.admin.class_saving import SavesAsShown
from registrations.admin.long_lists import ListByKeys
from registrations.admin.overview import Overview


class SessionInline(admin.TabularInline):
    model = ClassSession
    form = SessionForm
    formset = SessionFormSet
    fields = ["starts_at", "ends_at", "credit_minutes"]
    formfield_overrides = PICKERS
    verbose_name = _("session")
    verbose_name_plural = _("sessions: times are in the time zone of the class")

    def get_extra(
        self, request: HttpRequest, obj: ScheduledClass | None = None, **kwargs: Any
    ) -> int:
        """Two empty rows for a new class: most meet on two days."""
        return 0 if obj else 2


@admin.register(ScheduledClass)
class ScheduledClassAdmin(
    ShowsPublicPages, SavesAsShown, ActsOnClass, CopiesClass, Announces, Overview
):
    form = ClassForm
    formfield_overrides = PICKERS | {
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
    }
    inlines = [SessionInline]
    radio_fields = {"delivery": admin.VERTICAL}
    list_display = ["when", "delivery", "status_word", "taken", "waiting"]
    list_filter = ["status", "delivery"]
    list_per_page = 25
    show_full_result_count = False
    paginator = ListByKeys
    search_fields = ["slug", "town", "address", "course__title_en"]
    fieldsets = [
        (
            None,
            {
                "fields": ["course", "slug", "status"],
                "description": _(
                    "A draft is seen by staff only. You can change everything here: when a change "
                    "tells somebody, a page comes first that shows whom, and what they will read. "
                    "Nothing is sent before you press its button."
                ),
            },
        ),
        (_("Where"), {"fields": ["delivery", "town", "address", "join_link"]}),
        (
            _("Seats"),
            {
                "fields": ["seats_now", "capacity", "line_size"],
                "description": _("A seat is taken when someone has it, or while it is held."),
            },
        ),
        (
            _("When"),
            {
                "fields": [
                    "time_zone",
                    "registration_opens_at",
                    "registration_closes_at",
                ],
                "description": _(
                    "Type every time as people there read it on a clock. The sessions are at the "
                    "end of this page."
                ),
            },
        ),
        (
            _("What people want to know"),
            {
                "fields": [
                    "language",
                    *both("cost", "cancellation", "about_days", "what_to_bring"),
                    "instructors",
                ]
            },
        ),
    ]

    # The list.

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScheduledClass]:
        classes = ScheduledClass.objects.with_dates().for_page()
        return classes.order_by(*self.get_ordering(request))

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        """The latest first; before them those that have no dates yet."""
        return [F("first_start").desc(nulls_first=True), F("pk").desc()]

    @admin.display(description=_("class"), ordering="first_start")
    def when(self, scheduled_class: ScheduledClass) -> str:
        return scheduled_class.dates or scheduled_class.slug

    @admin.display(description=_("status"), ordering="status")
    def status_word(self, scheduled_class: ScheduledClass) -> str:
        return scheduled_class.get_status_display().partition(":")[0]

    @admin.display(description=_("seats taken"), ordering="seats__taken")
    def taken(self, scheduled_class: ScheduledClass) -> str:
        return str(scheduled_class.seats)

    @admin.display(description=_("line"), ordering="seats__waiting")
    def waiting(self, scheduled_class: ScheduledClass) -> str:
        return _now("%(count)s in line") % {"count": scheduled_class.seats.waiting}

    # The page of one class.

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Times are typed and shown in the class's own zone, so the page is made in it."""
        with timezone.override(zone_of(request, object_id).info):
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if isinstance(response, TemplateResponse):
                response.render()
        return response

    def lock(self, obj: ScheduledClass) -> None:
        """The lock of its seats comes before that of the class, as everywhere."""
        list(Seats.objects.select_for_update().filter(pk=obj.pk))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        course = Course.objects.first()
        given = super().get_changeform_initial_data(request)
        return ({"course": course.pk} if course else {}) | given

    def get_readonly_fields(
        self, request: HttpRequest, obj: ScheduledClass | None = None
    ) -> list[str]:
        fixed = ["seats_now"]
        if obj and was_public(obj):
            fixed.append("slug")
        if obj and stored_status(obj) == Status.CANCELLED:
            fixed.append("status")
        return fixed

    @admin.display(description=_("now"))
    def seats_now(self, scheduled_class: ScheduledClass) -> str:
        if not scheduled_class.pk:
            return _now("Nobody is registered.")
        words = _now("%(seats)s taken, %(waiting)s in line")
        now = {"seats": scheduled_class.seats, "waiting": scheduled_class.seats.waiting}
        return words % now

    def view_on_site(self, scheduled_class: ScheduledClass) -> str | None:
        """Nobody sees a draft on the site, so there is no way to it."""
        if scheduled_class.status == Status.DRAFT:
            return None
        return scheduled_class.get_absolute_url()

    def public_pages(self, request: HttpRequest, obj: ScheduledClass) -> Iterator[PublicPage]:
        """Its page and the list with its row, also of a draft: as if it were published."""
        stored = ScheduledClass.objects.get(pk=obj.pk)
        if not stored.meetings:
            return
        if stored.status == Status.DRAFT:
            ScheduledClass.objects.filter(pk=obj.pk).update(status=Status.PUBLISHED)
        yield from in_each_language(request, _now("The class"), obj.get_absolute_url)
        yield from in_each_language(
            request, _now("The list of classes"), lambda: reverse("courses:classes")
        )

    def has_delete_permission(
        self, request: HttpRequest, obj: ScheduledClass | None = None
    ) -> bool:
        """A class that people registered for stays; it can be cancelled."""
        if obj is None or has_people(obj):
            return False
        return super().has_delete_permission(request, obj)


def zone_of(request: HttpRequest, object_id: str | None) -> Zone:
    """The zone that was chosen on the page, else the one that is stored."""
    chosen = request.POST.get("time_zone")
    if chosen not in Zone.values and object_id and object_id.isdecimal():
        stored = ScheduledClass.objects.filter(pk=object_id).values_list("time_zone", flat=True)
        chosen = stored.first()
    return Zone(chosen) if chosen in Zone.values else Zone.MOUNTAIN
