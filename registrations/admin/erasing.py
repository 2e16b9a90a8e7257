"""The page that tells staff what will be erased when. To read only."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from content.staff_pages import staff_page
from courses import zones
from courses.zones import Zone
from registrations.models import Heartbeat
from registrations.retention import RULES


@staff_page("registrations.view_registration")
def what_will_be_erased_when(request: HttpRequest) -> HttpResponse:
    beats = Heartbeat.objects.filter(job="erasing", beat_at__isnull=False)
    done = beats.values_list("beat_at", flat=True).first()
    context = {
        **admin.site.each_context(request),
        "title": _("What will be erased when"),
        "rows": [{"rule": rule, "next": rule.next_in_words()} for rule in RULES],
        "last_done": zones.full_moment(done, Zone.MOUNTAIN) if done else "",
    }
    return render(request, "admin/registrations/erasing.html", context)
