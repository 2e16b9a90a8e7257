"""The page that a class opens with in the admin: to look at, with the ways to all that is done."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from content.staff_pages import staff_page
from courses.models import ScheduledClass
from courses.publishing import for_publishing
from registrations.admin import audit, evaluation
from registrations.admin.attendance import take_attendance
from registrations.admin.certificates.issuing import issue, preview
from registrations.admin.meeting_file import bring_in_file
from registrations.admin.numbers import of_a_class
from registrations.desk import addresses
from registrations.desk.class_page import ClassPage, context_of


class ClassList(ChangeList):
    """A row of the list leads to the class's own page, not into its form."""

    def url_for_result(self, result: Model) -> str:
        return reverse("admin:courses_scheduledclass_overview", args=[result.pk])


class Overview(admin.ModelAdmin):
    """What the admin of classes has for it."""

    def get_urls(self) -> list[URLPattern]:
        page = staff_page("courses.view_scheduledclass")(self.overview)
        name = "courses_scheduledclass_"
        return [
            path("<int:pk>/", page, name=f"{name}overview"),
            path("<int:pk>/attendance/", take_attendance, name=f"{name}attendance"),
            path("<int:pk>/certificates/", issue, name=f"{name}certificates"),
            path("<int:pk>/certificates/<int:person>/", preview, name=f"{name}certificate_preview"),
            path("<int:pk>/attendance/file/", bring_in_file, name=f"{name}attendance_file"),
            path("<int:pk>/numbers/", of_a_class, name="courses_scheduledclass_numbers"),
            path("<int:pk>/evaluation/", evaluation.of_a_class, name=f"{name}evaluation"),
            path("<int:pk>/audit/", audit.of_a_class, name=f"{name}audit"),
            path("<int:pk>/audit/<int:file>/", audit.take, name=f"{name}audit_take"),
            *super().get_urls(),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ClassList

    def overview(self, request: HttpRequest, pk: int) -> HttpResponse:
        scheduled_class = get_object_or_404(for_publishing(ScheduledClass.objects.all()), pk=pk)
        page = ClassPage(scheduled_class, cast("User", request.user), timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": scheduled_class.dates or scheduled_class.slug,
            **context_of(page),
        }
        return TemplateResponse(request, "admin/courses/scheduledclass/overview.html", context)

    def response_post_save_change(
        self, request: HttpRequest, obj: ScheduledClass
    ) -> HttpResponseRedirect:
        return HttpResponseRedirect(addresses.class_page(obj))

    def response_post_save_add(
        self, request: HttpRequest, obj: ScheduledClass
    ) -> HttpResponseRedirect:
        return HttpResponseRedirect(addresses.class_page(obj))
