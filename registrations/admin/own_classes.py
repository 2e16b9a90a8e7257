"""What an instructor sees: who comes to the classes that they teach, what helps, who was there.

No address, phone, letter or history stands on these pages, for whoever opens them.
"""

from typing import cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from content.staff_pages import ACTS, staff_page
from registrations.admin.attendance import Desk, grid_page
from registrations.desk.teaching import classes_of
from registrations.models import Registration


@staff_page("registrations.teach_class")
def own_classes(request: HttpRequest) -> HttpResponse:
    classes = classes_of(cast("User", request.user)).order_by(
        F("first_start").desc(nulls_last=True), "-pk"
    )
    return page(request, "own_classes.html", title=_("The classes that you teach"), classes=classes)


@staff_page("registrations.teach_class")
def own_class(request: HttpRequest, pk: int) -> HttpResponse:
    scheduled_class = get_object_or_404(classes_of(cast("User", request.user)), pk=pk)
    people = Registration.objects.filter(
        scheduled_class=scheduled_class, status=Registration.Status.CONFIRMED
    )
    return page(
        request,
        "own_class.html",
        title=str(scheduled_class),
        scheduled_class=scheduled_class,
        people=people.only("full_name", "access_needs").order_by("full_name", "pk"),
    )


@staff_page("registrations.teach_class", ACTS)
def own_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    scheduled_class = get_object_or_404(classes_of(cast("User", request.user)), pk=pk)
    name = "admin:registrations_registration_own_"
    crumbs = [
        (_("The classes that you teach"), reverse(f"{name}classes")),
        (str(scheduled_class), reverse(f"{name}class", args=[pk])),
    ]
    return grid_page(
        request, scheduled_class, Desk(reverse(f"{name}attendance", args=[pk]), crumbs)
    )


def page(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    context |= admin.site.each_context(request)
    return render(request, f"admin/registrations/{template}", context)
