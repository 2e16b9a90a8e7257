"""What people say of a class: sums, means and comments. To look at."""

from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from content.staff_pages import staff_page
from courses.models import ScheduledClass
from registrations import charts
from registrations.admin.numbers import Row
from registrations.desk import addresses
from registrations.evaluation import FEWEST, POINTS, Item, summary_of


@dataclass(frozen=True)
class Chart:
    """One question: how many chose each point."""

    label: str
    mean: float
    rows: list[Row]


@staff_page("registrations.view_evaluation")
def of_a_class(request: HttpRequest, pk: int) -> HttpResponse:
    scheduled_class = get_object_or_404(ScheduledClass.objects.for_page(), pk=pk)
    summary = summary_of(scheduled_class)
    context = {
        "title": _("Evaluation"),
        "subtitle": str(scheduled_class),
        "crumbs": [
            (_("Classes"), reverse("admin:courses_scheduledclass_changelist")),
            (str(scheduled_class), addresses.class_page(scheduled_class)),
        ],
        "summary": summary,
        "fewest": FEWEST,
        "charts": [
            ("objectives", _("Objectives"), [chart(item) for item in summary.objectives]),
            ("items", _("The class itself"), [chart(item) for item in summary.items]),
        ],
    }
    frame = admin.site.each_context(request)
    return render(request, "admin/registrations/evaluation.html", frame | context)


def chart(item: Item) -> Chart:
    """The bars of all questions are drawn to one scale: the whole line is everybody."""
    rows = [
        Row(f"{point} {words}", count, charts.across(count, item.answers))
        for (point, words), count in zip(POINTS, item.counts, strict=True)
    ]
    return Chart(item.label, item.mean, rows)
