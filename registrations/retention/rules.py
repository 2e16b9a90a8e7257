"""The kinds of rules about keeping: what is due by now, and when the next is."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import zones
from courses.models import ScheduledClass
from courses.zones import Zone

Text = str | Promise


@dataclass(frozen=True)
class Time:
    """How long something is kept, on the calendar: a year is a year, whatever its days."""

    years: int = 0
    days: int = 0

    def before(self, now: dt.datetime) -> dt.datetime:
        """What began then, or earlier, has been kept long enough."""
        return shifted(now, -self.years) - dt.timedelta(days=self.days)

    def after(self, begun: dt.datetime) -> dt.datetime:
        return shifted(begun, self.years) + dt.timedelta(days=self.days)

    def __str__(self) -> str:
        if self.years:
            return ngettext("%(count)s year", "%(count)s years", self.years) % {"count": self.years}
        return ngettext("%(count)s day", "%(count)s days", self.days) % {"count": self.days}


def shifted(moment: dt.datetime, years: int) -> dt.datetime:
    """The same day so many years on. February 29 has none in most years: the day beside it."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        beside = moment + dt.timedelta(days=1 if years > 0 else -1)
        return beside.replace(year=beside.year + years)


#: So many are read to be counted; only of more does the database count all of a day.
FEW = 100


@dataclass(frozen=True)
class Rule:
    """One kind of data and its time.

    `rows` are all that the rule will ever reach, each with the moment `since` its time runs.
    Without `erase` another of the worker's jobs does it.
    """

    what: Text
    whose: Text
    time: Time
    since: Text
    rows: Callable[[], Any]
    erase: Callable[[Any, dt.datetime], int] | None = None

    @property
    def when(self) -> str:
        """`30 days after the class`."""
        if self.time == Time():
            return str(self.since)
        return str(self.since) % {"time": self.time}

    def due(self, now: dt.datetime) -> Any:
        return self.rows().filter(since__lte=self.time.before(now))

    def next(self) -> tuple[dt.datetime, int] | None:
        """When the next rows are due, and how many are due on that day."""
        waiting = self.rows().filter(since__isnull=False)
        soonest = list(waiting.order_by("since").values_list("since", flat=True)[:FEW])
        if not soonest:
            return None
        midnight = end_of_day(soonest[0])
        count = sum(since < midnight for since in soonest)
        if count == FEW:
            count = waiting.filter(since__lt=midnight).count()
        return self.time.after(soonest[0]), count

    def next_in_words(self) -> str:
        """`3 on Monday, February 22, 2027`, or empty when nothing waits for its day."""
        found = self.next()
        if found is None:
            return ""
        moment, count = found
        day = zones.weekday_date(moment, Zone.MOUNTAIN)
        return _("%(count)s on %(day)s") % {"count": count, "day": day}


#: More classes than this do not end on one day.
ON_ONE_DAY = 10


@dataclass(frozen=True)
class RuleOfPeople(Rule):
    """The same of people, whose time runs from the end of their class.

    What is next is asked of the classes: they are few, however many people there have been.
    """

    def next(self) -> tuple[dt.datetime, int] | None:
        of_it = self.rows().filter(scheduled_class=OuterRef("pk")).order_by()
        counted = of_it.values("scheduled_class").annotate(people=Count("pk")).values("people")
        dated = ScheduledClass.objects.with_dates().filter(class_sessions__isnull=False)
        first_ones = dated.filter(Exists(of_it)).order_by("last_end").values("pk")[:ON_ONE_DAY]  # type: ignore[misc]  # annotated
        ended = dated.filter(pk__in=first_ones).annotate(people=Subquery(counted))
        soonest = list(ended.order_by("last_end").values_list("last_end", "people"))  # type: ignore[misc]  # annotated
        if not soonest:
            return None
        first = soonest[0][0]
        same_day = [people for moment, people in soonest if moment < end_of_day(first)]
        return self.time.after(first), sum(same_day)


@dataclass(frozen=True)
class FilesRule(Rule):
    """The same for files; `since` they were written."""

    def due(self, now: dt.datetime) -> list[Path]:
        return [file for file in self.rows() if written(file) <= self.time.before(now)]

    def next(self) -> tuple[dt.datetime, int] | None:
        moments = sorted(written(file) for file in self.rows())
        if not moments:
            return None
        same_day = [moment for moment in moments if moment < end_of_day(moments[0])]
        return self.time.after(moments[0]), len(same_day)


def end_of_day(moment: dt.datetime) -> dt.datetime:
    """The midnight after it, in Mountain Time."""
    zone = Zone.MOUNTAIN.info
    day = moment.astimezone(zone).date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), tzinfo=zone)


def written(file: Path) -> dt.datetime:
    return dt.datetime.fromtimestamp(file.stat().st_mtime, tz=dt.UTC)
