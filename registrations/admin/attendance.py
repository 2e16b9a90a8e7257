"""Taking attendance: a grid of people by sessions, for staff and for who teaches the class."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.staff_pages import ACTS, staff_page
from courses import zones
from courses.models import ScheduledClass
from registrations.admin.acts import staff
from registrations.admin.grid import Grid
from registrations.desk import addresses
from registrations.desk.attendance import news, with_names
from registrations.services import attendance


@dataclass(frozen=True)
class Desk:
    """Where the grid stands: its own address, the way back, and what else may be on it."""

    path: str
    crumbs: list[tuple[str, str]]
    is_staff: bool = False


def class_for(pk: int) -> ScheduledClass:
    return get_object_or_404(ScheduledClass.objects.for_page(), pk=pk)


def desk_of(scheduled_class: ScheduledClass) -> Desk:
    classes = reverse("admin:courses_scheduledclass_changelist")
    here = addresses.class_page(scheduled_class)
    return Desk(
        addresses.attendance(scheduled_class),
        [(_("Classes"), classes), (scheduled_class.dates, here)],
        is_staff=True,
    )


@staff_page(attendance.RECORDS, ACTS)
def take_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    scheduled_class = class_for(pk)
    return grid_page(request, scheduled_class, desk_of(scheduled_class))


def grid_page(request: HttpRequest, scheduled_class: ScheduledClass, desk: Desk) -> HttpResponse:
    grid = Grid(scheduled_class, timezone.now())
    if request.method == "POST":
        grid.read(request.POST)
        count = save(request, grid)
        if count is not None:
            messages.success(request, saved_words(count))
            return redirect(desk.path)
    return shown(request, grid, desk)


def save(request: HttpRequest, grid: Grid) -> int | None:
    """How many entries were written; None when the page has to come again, and says why."""
    if not grid.is_valid:
        return None
    try:
        return attendance.record(
            scheduled_class_id=grid.scheduled_class.pk,
            entries=grid.entries,
            actor=staff(request),
            now=grid.now,
            why=grid.why,
            seen=grid.seen,
        )
    except attendance.ReasonNeeded:
        grid.ask_why()
    except attendance.ChangedMeanwhile as refusal:
        later = attendance.changes_of(grid.scheduled_class.pk).filter(pk__gt=grid.seen)
        told = news(with_names(later).order_by("pk"), moment_in(grid.zone))
        grid.tell(refusal.cells, told)
    return None


def moment_in(zone: zones.Zone) -> Callable[..., str]:
    return lambda at: zones.full_moment(at, zone)


def saved_words(count: int) -> str:
    if not count:
        return _("Nothing was different, so nothing has changed.")
    words = ngettext("Saved: %(count)s entry.", "Saved: %(count)s entries.", count)
    return words % {"count": count}


def shown(request: HttpRequest, grid: Grid, desk: Desk, **context: object) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Attendance: %(dates)s") % {"dates": grid.scheduled_class.dates},
        "grid": grid,
        "desk": desk,
    } | context
    return render(request, "admin/registrations/attendance.html", context)
