"""The people of all classes, their history and their mail: to look at, not to type into."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses import zones
from courses.models import ScheduledClass
from registrations.models import Letter, Registration, RegistrationEvent
from registrations.services import delivery


class LookOnly:
    """What happens to people happens through services: nothing here is typed over or deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HistoryInline(LookOnly, admin.TabularInline):
    model = RegistrationEvent
    fields = ["at", "from_status", "to_status", "by", "by_user", "why"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegistrationEvent]:
        return super().get_queryset(request).select_related("by_user")


class LetterInline(LookOnly, admin.TabularInline):
    model = Letter
    fields = ["kind", "state", "created_at", "sent_at", "attempts", "last_error"]
    ordering = ["pk"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return super().get_queryset(request).select_related("registration")


class ClassFilter(admin.SimpleListFilter):
    title = _("class")
    parameter_name = "class"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        classes = ScheduledClass.objects.with_dates().for_page().order_by("-first_start")
        return [(str(scheduled_class.pk), str(scheduled_class)) for scheduled_class in classes]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Registration]
    ) -> QuerySet[Registration]:
        chosen = self.value()
        if chosen is None or not chosen.isdecimal():
            return queryset
        return queryset.filter(scheduled_class=chosen)


@admin.register(Registration)
class RegistrationAdmin(LookOnly, admin.ModelAdmin):
    list_display = [
        "full_name",
        "class_title",
        "status",
        "place",
        "answers_by",
        "answered",
    ]
    list_filter = ["status", ClassFilter]
    search_fields = ["full_name", "phone", "email"]
    search_help_text = _("A part of a name, a phone number or an email address")
    inlines = [HistoryInline, LetterInline]
    fieldsets = [
        (
            None,
            {"fields": ["full_name", "class_title", "status", "place", "answers_by"]},
        ),
        (_("What they told us"), {"fields": ["role", "access_needs"]}),
        (
            _("How to reach them"),
            {"fields": ["email", "phone", "answered", "language"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        people = super().get_queryset(request).select_related("scheduled_class")
        return people.prefetch_related("scheduled_class__class_sessions")

    @admin.display(description=_("class"))
    def class_title(self, registration: Registration) -> str:
        return str(registration.scheduled_class)

    @admin.display(description=_("answer by"), ordering="answer_by")
    def answers_by(self, registration: Registration) -> str:
        if registration.answer_by is None:
            return ""
        return zones.full_moment(registration.answer_by, registration.scheduled_class.zone)

    @admin.display(description=_("address answered"), boolean=True, ordering="proved_at")
    def answered(self, registration: Registration) -> bool:
        return registration.proved_at is not None


@admin.register(Letter)
class LetterAdmin(LookOnly, admin.ModelAdmin):
    list_display = ["kind", "registration", "state", "attempts", "next", "last_error"]
    list_filter = ["state", "kind"]
    list_select_related = ["registration"]
    search_fields = ["registration__full_name"]
    search_help_text = _("A part of a name")
    fields = [
        "kind",
        "registration",
        "state",
        "created_at",
        "next",
        "attempts",
        "last_error",
    ]
    actions = ["try_again"]

    @admin.display(description=_("next try"), ordering="next_try_at")
    def next(self, letter: Letter) -> Any:
        """Only a letter that is owed has a next try."""
        return letter.next_try_at if letter.state == Letter.State.OWED else None

    @admin.action(description=_("Try again now"), permissions=["send"])
    def try_again(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        count = delivery.try_again(letters, timezone.now())
        words = ngettext(
            "%(count)s letter is tried again now.",
            "%(count)s letters are tried again now.",
            count,
        )
        self.message_user(request, words % {"count": count}, messages.INFO)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registrations.change_letter")
