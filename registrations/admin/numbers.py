"""The pages of numbers: of one class, and over all. To look at, with each chart's table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.staff_pages import staff_page
from courses import zones
from courses.models import ScheduledClass
from registrations import charts, numbers
from registrations.desk import addresses
from registrations.models import Registration
from registrations.numbers import Number, Spell


@dataclass(frozen=True)
class Row:
    """A number with its bar: the table is the chart."""

    label: str
    count: int
    bar: str


@dataclass(frozen=True)
class Chart:
    """Over time. `sentence` says what it shows, to those who cannot see it too."""

    name: str
    title: str
    sentence: str
    labels: list[str]
    highest: int
    columns: list[tuple[str, list[int]]]
    bars: list[charts.Bar]
    lines: list[tuple[str, str]]

    @property
    def last(self) -> str:
        return self.labels[-1]

    @property
    def rows(self) -> Iterator[tuple[str, list[int]]]:
        """Of bars those in which something happened, of lines those that differ from before."""
        before: list[int] = []
        for number, label in enumerate(self.labels):
            values = [column[number] for _label, column in self.columns]
            if any(values) if self.bars else values != before:
                yield label, values
            before = values


def rows_of(found: Sequence[Number]) -> list[Row]:
    highest = max((one.count for one in found), default=0)
    return [Row(one.label, one.count, charts.across(one.count, highest)) for one in found]


@staff_page("registrations.view_registration")
def of_a_class(request: HttpRequest, pk: int) -> HttpResponse:
    scheduled_class = get_object_or_404(ScheduledClass.objects.for_page(), pk=pk)
    people = Registration.objects.filter(scheduled_class=scheduled_class)
    days = numbers.days_of(people, scheduled_class.zone)
    spells = numbers.spells(days)
    classes = reverse("admin:courses_scheduledclass_changelist")
    context = {
        "title": _("Numbers of this class"),
        "subtitle": str(scheduled_class),
        "crumbs": [
            (_("Classes"), classes),
            (str(scheduled_class), addresses.class_page(scheduled_class)),
        ],
        "filled": how_fast(scheduled_class, days),
        "charts": [registered_chart(spells), seats_chart(spells, scheduled_class.seats.capacity)],
        "way": rows_of(numbers.way_of(people)),
        "roles": rows_of(numbers.roles(people)),
        "states": rows_of(numbers.states(people)),
        "came_back": numbers.mail_that_came_back(people),
    }
    return page(request, context)


@staff_page("registrations.view_registration")
def over_all(request: HttpRequest) -> HttpResponse:
    counted = numbers.over_all(timezone.now())
    news = numbers.news()
    context = {
        "title": _("Numbers over all classes"),
        "crumbs": [(_("Classes"), reverse("admin:courses_scheduledclass_changelist"))],
        "charts": [registered_chart(counted.months)],
        "way": rows_of(counted.way),
        "roles": rows_of(counted.roles),
        "states": rows_of(counted.states),
        "came_back": counted.came_back,
        "classes": numbers.by_class(),
        "news": news,
        "news_rows": rows_of(news.by_month),
    }
    return page(request, context)


def page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    frame = admin.site.each_context(request)
    return render(request, "admin/registrations/numbers.html", frame | context)


def registered_chart(spells: list[Spell]) -> Chart:
    registered = [spell.turns.registered for spell in spells]
    cancelled = [spell.turns.cancelled for spell in spells]
    most = max(registered, default=0)
    words = ngettext(
        "%(count)s registration. The most: %(most)s (%(when)s).",
        "%(count)s registrations. The most: %(most)s (%(when)s).",
        sum(registered),
    )
    when = spells[registered.index(most)].label if spells else ""
    return Chart(
        name="registered",
        title=_("Registrations over time"),
        sentence=words % {"count": sum(registered), "most": most, "when": when},
        labels=[spell.label for spell in spells],
        highest=most,
        columns=[(_("Registered"), registered), (_("Seats given up"), cancelled)],
        bars=charts.bars(registered, most),
        lines=[],
    )


def seats_chart(spells: list[Spell], capacity: int) -> Chart:
    """With the number of seats as the upper edge, as long as fewer wait."""
    seats = [spell.turns.seats for spell in spells]
    waiting = [spell.turns.waiting for spell in spells]
    highest = max([capacity, *seats, *waiting])
    now = {"seats": seats[-1] if seats else 0, "waiting": waiting[-1] if waiting else 0}
    words = _("In the end %(seats)s seats were taken or held, and %(waiting)s people in line.")
    return Chart(
        name="seats",
        title=_("Seats and line over time"),
        sentence=words % now,
        labels=[spell.label for spell in spells],
        highest=highest,
        columns=[(_("Seats taken or held"), seats), (_("In line"), waiting)],
        bars=[],
        lines=[
            ("whole", charts.steps(seats, highest)),
            ("dashed", charts.steps(waiting, highest)),
        ],
    )


def how_fast(scheduled_class: ScheduledClass, days: numbers.Days) -> str:
    """`All 16 seats were taken 12 days after the first registration.`"""
    if not days:
        return _("Nobody has registered yet.")
    seats = scheduled_class.seats
    taken = numbers.days_to_fill(days, seats.capacity)
    if taken is None:
        first = {"seats": seats, "day": zones.days_in_words([min(days)])}
        return _("%(seats)s are taken. The first registration came on %(day)s.") % first
    words = ngettext(
        "All %(seats)s seats were taken %(days)s day after the first registration.",
        "All %(seats)s seats were taken %(days)s days after the first registration.",
        taken,
    )
    return words % {"seats": seats.capacity, "days": taken}
