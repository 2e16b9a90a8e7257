from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from content.models import Page
from content.public import changes_at, public_page
from content.services import site_settings
from courses import calendars
from courses.listing import Listing, listings, next_change, next_of
from courses.models import Course, ScheduledClass


@public_page
@require_safe
def course_page(request: HttpRequest) -> HttpResponse:
    """The site's first page: what staff wrote, with the classes and the course in their slots."""
    now = timezone.now()
    page = get_object_or_404(Page.objects.prefetch_related("sections"), slug=Page.COURSE)
    upcoming = listings(ScheduledClass.objects.published().upcoming(now).for_page(), now)
    context = {
        "page": page,
        "course": Course.objects.prefetch_related("objectives", "approvals").first(),
        "upcoming": upcoming,
        "next_class": next_of(upcoming),
    }
    return changes_at(render(request, "courses/course.html", context), next_change(upcoming))


#: Enough to see that classes take place; the page stays as short as it is after years.
PAST_SHOWN = 6


@public_page
@require_safe
def class_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    classes = ScheduledClass.objects.published().for_page()
    upcoming = listings(classes.upcoming(now), now)
    context = {
        "upcoming": upcoming,
        "next_class": next_of(upcoming),
        "past": listings(classes.past(now).first_of_all(PAST_SHOWN), now),
    }
    return changes_at(render(request, "courses/class_list.html", context), next_change(upcoming))


@public_page
@require_safe
def class_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One class. A draft is a 404; cancelled, past, closed and full say so."""
    scheduled_class = get_object_or_404(ScheduledClass.objects.published().for_page(), slug=slug)
    listing = Listing(scheduled_class, timezone.now())
    context = {"scheduled_class": scheduled_class, "listing": listing, "shown": [listing]}
    return changes_at(render(request, "courses/class.html", context), listing.changes_at)


@require_safe
def class_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The sessions of one class as a file for a calendar. A draft is a 404."""
    scheduled_class = get_object_or_404(ScheduledClass.objects.published().for_page(), slug=slug)
    return calendar_answer(calendars.class_calendar(scheduled_class, timezone.now()), slug)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """All upcoming classes, for calendars that follow an address. A cancelled one says so."""
    now = timezone.now()
    classes = ScheduledClass.objects.published().upcoming(now).for_page()
    return calendar_answer(calendars.feed(classes, site_settings().site_name, now), "classes")


def calendar_answer(content: bytes, name: str) -> HttpResponse:
    """Shown, not downloaded: telephones then ask at once whether to keep the dates."""
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{name}.ics"'},
    )
