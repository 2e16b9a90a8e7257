"""Where staff say what is taught. The class's own page is where people are: `registrations`."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin
from django.forms import BaseInlineFormSet, ModelChoiceField
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.history.admin import WithHistory
from content.pickers import PICKERS
from content.spanish.admin import WordsForm, what_is_missing
from content.staff_pages import ACTS, staff_page
from content.translated import both
from courses.models import (
    Course,
    CourseApproval,
    CourseDomain,
    CourseInstructor,
    Instructor,
    Objective,
    ScheduledClass,
)


class ObjectiveInline(admin.TabularInline):
    model = Objective
    form = WordsForm
    extra = 0
    fields = ["position", *both("text")]


class CourseApprovalInline(admin.TabularInline):
    model = CourseApproval
    extra = 0
    fields = ["position", "body", "number", "credits", "valid_from", "valid_until"]
    formfield_overrides = PICKERS


class CourseDomainInline(admin.TabularInline):
    model = CourseDomain
    extra = 0
    fields = ["position", "name", "hours"]


class CourseInstructorFormSet(BaseInlineFormSet):
    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        return _now("This instructor is on the list already.")


class CourseInstructorInline(admin.TabularInline):
    model = CourseInstructor
    formset = CourseInstructorFormSet
    extra = 0
    fields = ["position", "instructor"]

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Its choices are read once for all rows."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            field.choices = [*cast("ModelChoiceIterator[Any]", field.choices)]
        return field


@admin.register(Course)
class CourseAdmin(WithHistory):
    form = WordsForm
    list_display = ["title", "hours_of_training", "credits"]
    search_fields = both("title")
    fieldsets = [
        (None, {"fields": [*both("title"), "certificate_title", "contact_minutes", "credits"]}),
        (
            _("What a certificate needs"),
            {
                "fields": [
                    "attendance_percent",
                    "grace_minutes",
                    "partial_credit",
                    "make_up_allowed",
                    "excused_left_out",
                    "evaluation_required",
                ],
                "description": _("People read this before they register."),
            },
        ),
    ]
    inlines = [
        ObjectiveInline,
        CourseApprovalInline,
        CourseDomainInline,
        CourseInstructorInline,
    ]

    def get_urls(self) -> list[URLPattern]:
        """With the Spanish of all words: whoever may look at the course has some to write."""
        page = staff_page("courses.view_course", ACTS)(what_is_missing)
        return [path("spanish/", page, name="courses_course_spanish"), *super().get_urls()]

    @admin.display(description=_("hours"), ordering="contact_minutes")
    def hours_of_training(self, course: Course) -> str:
        return course.hours


@admin.register(Instructor)
class InstructorAdmin(WithHistory):
    list_display = ["name", "credentials"]
    search_fields = ["name", "credentials"]

    def get_exclude(self, request: HttpRequest, obj: Instructor | None = None) -> list[str]:
        """Whoever ties an account to an instructor gives it a role, so few may."""
        return [] if request.user.is_superuser else ["user"]

    def has_delete_permission(self, request: HttpRequest, obj: Instructor | None = None) -> bool:
        """Who taught a class stays with it: its page names them, and a board asks years later."""
        teaches = obj is not None and ScheduledClass.objects.filter(instructors=obj).exists()
        return not teaches and super().has_delete_permission(request, obj)
