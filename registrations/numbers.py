"""Counts that people look at: of one class, and over all. The database counts; rows are not read.

They are made from what stays when a person is erased (statuses, roles, moments, history), so a
class of long ago still says how many came. Only the state goes with the person.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import ScheduledClass
from courses.zones import Zone
from registrations.models import Announcement, InterestSignup, Registration, RegistrationEvent
from registrations.models.registration import SEATED

Status = Registration.Status

DAY = dt.timedelta(days=1)

#: A chart of more days than this is read in weeks.
MOST_DAYS = 92
MOST_MONTHS = 24
MOST_CLASSES = 12
MOST_STATES = 12


@dataclass(frozen=True)
class Number:
    label: str
    count: int


@dataclass
class Turns:
    """What happened in one spell of time: a day, a week or a month."""

    registered: int = 0
    cancelled: int = 0
    seats: int = 0
    waiting: int = 0

    def add(self, other: "Turns") -> None:
        self.registered += other.registered
        self.cancelled += other.cancelled
        self.seats += other.seats
        self.waiting += other.waiting


#: By day: how many registered and cancelled, and by how much seats and line grew or shrank.
Days = dict[dt.date, Turns]


@dataclass(frozen=True)
class Spell:
    """One step of a chart; `seats` and `waiting` are what was so at its end."""

    label: str
    turns: Turns


@dataclass(frozen=True)
class ClassNumbers:
    scheduled_class: ScheduledClass
    registered: int
    cancelled: int
    days_to_fill: int | None


def days_of(people: QuerySet[Registration], zone: Zone) -> Days:
    """Two queries. A person who moved counts in the class where they are now."""
    days: Days = defaultdict(Turns)
    day = TruncDate("created_at", tzinfo=zone.info)
    for row in people.order_by().values(day=day).annotate(count=Count("pk")):
        days[row["day"]].registered += row["count"]
    for row in events_by_day(people, zone):
        days[row["day"]].add(turns_of(row))
    return days


def events_by_day(people: QuerySet[Registration], zone: Zone, *also: str) -> Any:
    events = RegistrationEvent.objects.filter(registration__in=people.order_by().values("pk"))
    day = TruncDate("at", tzinfo=zone.info)
    return (
        events.order_by()
        .values(*also, "from_status", "to_status", day=day)
        .annotate(count=Count("pk"))
    )


def turns_of(row: dict[str, Any]) -> Turns:
    was, became, count = row["from_status"], row["to_status"], row["count"]
    return Turns(
        cancelled=count * (was == Status.CONFIRMED and became == Status.CANCELLED),
        seats=count * ((became in SEATED) - (was in SEATED)),
        waiting=count * ((became == Status.WAITLISTED) - (was == Status.WAITLISTED)),
    )


# Spells of time.


def spells(days: Days) -> list[Spell]:
    """In days, or in weeks when there are many."""
    if not days:
        return []
    first, last = min(days), max(days)
    if last - first < MOST_DAYS * DAY:
        return in_spells(days, lambda day: day, "M j, Y")
    return in_spells(days, lambda day: day - day.weekday() * DAY, _("\\W\\e\\e\\k \\o\\f M j, Y"))


def months(people: QuerySet[Registration], now: dt.datetime) -> list[Spell]:
    """The last two years. Counted between moments: a day of each row costs much on SQLite."""
    begins = list(month_beginnings(now))
    registered = counted_between(people, "created_at", begins)
    events = RegistrationEvent.objects.filter(
        from_status=Status.CONFIRMED, to_status=Status.CANCELLED
    )
    cancelled = counted_between(events, "at", begins)
    found = [
        Spell(date_format(begin, "F Y"), Turns(registered=came, cancelled=gone))
        for begin, came, gone in zip(begins, registered, cancelled, strict=False)
    ]
    first = next((n for n, spell in enumerate(found) if spell.turns != Turns()), len(found))
    return found[first:]


def month_beginnings(now: dt.datetime) -> Iterator[dt.datetime]:
    """In Mountain Time: of each month, and of the one that comes."""
    today = now.astimezone(Zone.MOUNTAIN.info)
    this = today.year * 12 + today.month - 1
    for number in range(this - MOST_MONTHS + 1, this + 2):
        yield dt.datetime(number // 12, number % 12 + 1, 1, tzinfo=Zone.MOUNTAIN.info)


def counted_between(
    rows: QuerySet[Any], moment: str, begins: Sequence[dt.datetime]
) -> Iterator[int]:
    spans = {
        f"span_{number}": Count("pk", filter=Q(**{f"{moment}__gte": a, f"{moment}__lt": b}))
        for number, (a, b) in enumerate(pairwise(begins))
    }
    yield from rows.order_by().aggregate(**spans).values()


def in_spells(days: Days, begins: Callable[[dt.date], dt.date], form: str) -> list[Spell]:
    """Each spell from the first day to the last, also those in which nothing happened."""
    found: dict[dt.date, Turns] = {}
    seats = waiting = 0
    for day in every_day(days):
        turns = days.get(day, Turns())
        seats, waiting = seats + turns.seats, waiting + turns.waiting
        spell = found.setdefault(begins(day), Turns())
        spell.registered += turns.registered
        spell.cancelled += turns.cancelled
        spell.seats, spell.waiting = seats, waiting
    return [Spell(date_format(day, form), turns) for day, turns in found.items()]


def every_day(days: Days) -> Iterator[dt.date]:
    if days:
        count = (max(days) - min(days)).days + 1
        yield from (min(days) + number * DAY for number in range(count))


def days_to_fill(days: Days, capacity: int) -> int | None:
    """From the first registration to the day on which all of today's seats were taken."""
    seats = 0
    for day in sorted(days):
        seats += days[day].seats
        if capacity and seats >= capacity:
            return (day - min(days)).days
    return None


# People.


def way_of(people: QuerySet[Registration]) -> list[Number]:
    """How far people came, each counted once at every station: two queries."""
    here = people.aggregate(
        registered=Count("pk"), answered=Count("pk", filter=Q(proved_at__isnull=False))
    )
    ever = RegistrationEvent.objects.filter(registration__in=people.order_by().values("pk"))
    been = ever.aggregate(
        offered=counted_once(to_status=Status.OFFERED),
        seated=counted_once(to_status=Status.CONFIRMED),
        waited=counted_once(to_status=Status.WAITLISTED),
        lapsed=counted_once(to_status=Status.LAPSED),
        cancelled=counted_once(from_status=Status.CONFIRMED, to_status=Status.CANCELLED),
    )
    return [
        Number(_("Registered"), here["registered"]),
        Number(_("Stood in line"), been["waited"]),
        Number(_("Were offered a seat"), been["offered"]),
        Number(_("Answered the mail"), here["answered"]),
        Number(_("Had a seat"), been["seated"]),
        Number(_("Gave up a seat, or lost it with the class"), been["cancelled"]),
        Number(_("Did not answer in time"), been["lapsed"]),
    ]


def counted_once(**turn: str) -> Count:
    return Count("registration", distinct=True, filter=Q(**turn))


def roles(people: QuerySet[Registration]) -> list[Number]:
    rows = people.order_by().values_list("role").annotate(count=Count("pk"))
    counts = dict(rows)
    return [
        Number(str(label), counts[role])
        for role, label in Registration.Role.choices
        if counts.get(role)
    ]


def states(people: QuerySet[Registration]) -> list[Number]:
    """People type it, so `colorado` is `Colorado`. Last those who gave none; empty when all did."""
    rows = people.order_by().values_list("state").annotate(count=Count("pk"))
    counts: Counter[str] = Counter()
    for state, count in rows:
        counts[state.strip().title()] += count
    without = counts.pop("", 0)
    most = counts.most_common(MOST_STATES)
    rest = sum(counts.values()) - sum(count for _state, count in most)
    found = [Number(state, count) for state, count in most]
    if rest:
        found.append(Number(_("Other states"), rest))
    return found and [*found, Number(_("Not given, or erased"), without)]


def mail_that_came_back(people: QuerySet[Registration]) -> int:
    """Of people who are not erased."""
    return people.filter(mail_problem_at__isnull=False).count()


# Over all classes.


@dataclass(frozen=True)
class OverAll:
    months: list[Spell]
    way: list[Number]
    roles: list[Number]
    states: list[Number]
    came_back: int


def over_all(now: dt.datetime) -> OverAll:
    """Counted anew when somebody has registered or anything has happened to anybody, and daily."""
    last = Registration.objects.aggregate(last=Max("pk"))["last"]
    turn = RegistrationEvent.objects.aggregate(last=Max("pk"))["last"]
    key = f"numbers-{now:%Y-%m-%d}-{last}-{turn}"
    counted: OverAll | None = cache.get(key)
    if counted is None:
        people = Registration.objects.all()
        counted = OverAll(
            months=months(people, now),
            way=way_of(people),
            roles=roles(people),
            states=states(people),
            came_back=mail_that_came_back(people),
        )
        cache.set(key, counted)
    return counted


@dataclass(frozen=True)
class News:
    """The list of people who want one mail: who waits now, by month of signing up; and the told."""

    waiting: int
    unconfirmed: int
    told: int
    by_month: list[Number] = field(default_factory=list)


def news() -> News:
    """People leave the list when they were told, so the months tell of those who still wait."""
    day = TruncDate("created_at", tzinfo=Zone.MOUNTAIN.info)
    signups = InterestSignup.objects.order_by().values(day=day)
    counted = signups.annotate(
        waiting=Count("pk", filter=Q(confirmed_at__isnull=False)),
        unconfirmed=Count("pk", filter=Q(confirmed_at__isnull=True)),
    )
    rows = sorted(counted, key=lambda row: row["day"])
    by_month: Counter[dt.date] = Counter()
    for row in rows:
        by_month[row["day"].replace(day=1)] += row["waiting"]
    return News(
        waiting=sum(by_month.values()),
        unconfirmed=sum(row["unconfirmed"] for row in rows),
        told=Announcement.objects.aggregate(told=Sum("written"))["told"] or 0,
        by_month=[Number(date_format(day, "F Y"), by_month[day]) for day in by_month],
    )


def last_classes() -> list[ScheduledClass]:
    dated = ScheduledClass.objects.published().with_dates().for_page()
    with_days = dated.filter(first_start__isnull=False)  # type: ignore[misc]  # annotated
    return list(with_days.order_by("-first_start", "-pk")[:MOST_CLASSES])  # type: ignore[misc]  # annotated


def by_class() -> list[ClassNumbers]:
    """The last classes, the latest first: four queries, however many people."""
    classes = last_classes()
    people = Registration.objects.filter(scheduled_class__in=classes)
    registered = dict(people.order_by().values_list("scheduled_class").annotate(n=Count("pk")))
    days: dict[int, Days] = defaultdict(lambda: defaultdict(Turns))
    own = "registration__scheduled_class"
    for row in events_by_day(people, Zone.MOUNTAIN, own):
        days[row[own]][row["day"]].add(turns_of(row))
    return [
        ClassNumbers(
            scheduled_class=one,
            registered=registered.get(one.pk, 0),
            cancelled=sum(turns.cancelled for turns in days[one.pk].values()),
            days_to_fill=days_to_fill(days[one.pk], one.seats.capacity),
        )
        for one in classes
    ]
