"""Pages and lists with 10 registrations in 10 classes, and with 100,000 in 1,000."""

import datetime as dt
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from content.kept import Kept
from courses.models import ScheduledClass
from courses.views import PAST_SHOWN
from registrations.desk.facts import NOT_TAKEN_SINCE
from registrations.models import Registration
from tests.load import processes
from tests.load.classes import open_class
from tests.load.figures import Figure, median
from tests.registrations.desk.test_scale import analyse, fill
from tests.registrations.people import join

FEW = 10
CLASSES = processes.times(1_000)
PEOPLE = processes.times(100_000)
ROUNDS = processes.times(11)
TIMES = 3
MOST = 1.2


@dataclass(frozen=True)
class Costs:
    """A page with few rows and with many: queries, and milliseconds in the rounds."""

    queries: tuple[int, ...]
    times: list[tuple[float, ...]]

    @property
    def ratio(self) -> float:
        """The middle of the rounds' own: in each, both were asked within a moment."""
        return median([many / few for few, many in self.times])

    def __str__(self) -> str:
        few, many = (median([times[one] for times in self.times]) for one in (0, 1))
        return f"{self.ratio:5.2f} {few:.1f} and {many:.1f} ms, {self.queries} queries"


def measure() -> list[Figure]:
    client = desk()
    # As many are to come before and after, and as much is to do: what grows is what has been. Each
    # session of the last year without attendance is a line of the desk, so those of many are older.
    small = [open_class() for _ in range(FEW - PAST_SHOWN)]
    for one in small:
        join(one, 1, timezone.now())
    last_week = timezone.now() - dt.timedelta(weeks=1)
    fill(classes=PAST_SHOWN, people=PAST_SHOWN, small=small[0], latest=last_week)
    analyse()
    # What has one row leads to that row and shows no list.
    found = addresses(small[0])
    pages = {name: path for name, path in found.items() if client.get(path).status_code == 200}
    small_one, large_one = copy_of_database(), str(connection.settings_dict["NAME"])
    print(f"filling with {PEOPLE} registrations in {CLASSES} classes", file=sys.stderr)
    more = CLASSES - FEW
    # Each class gets as many, and none fewer than it takes to have so many in all.
    earlier = last_week - NOT_TAKEN_SINCE
    fill(classes=more, people=more * -(-PEOPLE // more), small=small[0], latest=earlier)
    analyse()
    assert Registration.objects.count() >= PEOPLE
    return [
        figure({name: by_turns(client, path, small_one, large_one) for name, path in pages.items()})
    ]


def copy_of_database() -> str:
    """As it is now, beside it: both are asked by turns, for no machine is always equally quick."""
    name = str(connection.settings_dict["NAME"])
    connection.close()
    command = [str(processes.POSTGRES / "createdb"), "--maintenance-db", os.environ["DATABASE_URL"]]
    subprocess.run([*command, "--template", name, f"{name}-few"], check=True, timeout=60)
    return f"{name}-few"


def desk() -> Client:
    """Somebody who may see everything. Each list shows ten rows on a page, few or many."""
    for shown in admin.site._registry.values():
        shown.list_per_page = FEW
    logging.disable(logging.INFO)
    client = Client()
    client.force_login(User.objects.create_superuser("chief"))
    # Pages are made anew each time; from the copies they would cost nothing at all.
    Kept.is_current = lambda *_: False  # type: ignore[method-assign]
    return client


def addresses(shown: ScheduledClass) -> dict[str, str]:
    public = {
        "`/`": "/",
        "`/classes/`": "/classes/",
        "a class": shown.get_absolute_url(),
        "the form": reverse("registrations:register", args=[shown.slug]),
    }
    lists = {
        f"list of {model._meta.verbose_name_plural}": reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        )
        for model in admin.site._registry
    }
    people = reverse("admin:registrations_registration_changelist")
    desks = {
        "first page of the desk": reverse("admin:index"),
        "a class's people": f"{people}?class={shown.pk}",
        "search in the list": f"{people}?q=person",
    }
    return public | lists | desks


def by_turns(client: Client, path: str, *databases: str) -> Costs:
    """What the page costs on each of the databases."""

    def on(name: str, measure: Callable[[], Any]) -> Any:
        use(name)
        ask(client, path)
        # The least of some: now and then the version of the public pages is looked at as well.
        return min(measure() for _ in range(TIMES))

    queries = tuple(on(name, lambda: counted(client, path)) for name in databases)
    rounds = range(ROUNDS)
    return Costs(
        queries,
        [tuple(on(name, lambda: timed(client, path)) for name in databases) for _ in rounds],
    )


def use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def counted(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask(client, path)
    return len(captured)


def ask(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def timed(client: Client, path: str) -> float:
    before = time.perf_counter()
    ask(client, path)
    return (time.perf_counter() - before) * 1000


def figure(pages: dict[str, Costs]) -> Figure:
    by_length = sorted(pages, key=lambda name: -pages[name].ratio)
    for name in by_length:
        print(f"{pages[name]}: {name}", file=sys.stderr)
    more = [name for name, costs in pages.items() if costs.queries[1] > costs.queries[0]]
    slower = [name for name in by_length if pages[name].ratio > MOST]
    note = f"{len(pages)} pages and lists made anew, {FEW} rows on a page; longest: {by_length[0]}"
    note += f"; longer than that: {', '.join(slower)}" if slower else ""
    note += f"; more queries: {', '.join(more)}" if more else "; as many queries on each"
    return Figure(
        f"Growth to {PEOPLE:,} registrations in {CLASSES:,} classes, PostgreSQL",
        f"at most {pages[by_length[0]].ratio:.2f} ×",
        "",
        "",
        f"at most {MOST} ×",
        not slower and not more,
        note,
    )
