"""A class opens: 500 people in 10 seconds on 24 seats, and what the processes weigh afterwards."""

import itertools
import sys
from collections import Counter

import psutil
from django.db import connection

from courses.models import ScheduledClass
from registrations.models import Registration, RegistrationEvent
from registrations.services.ledger import check_seats
from tests.load import processes
from tests.load.classes import open_class
from tests.load.figures import Figure, median
from tests.load.registering import register
from tests.load.visitors import Crowd

ROUNDS = processes.times(5)
PEOPLE = processes.times(500)
SECONDS = processes.times(10)
SEATS = 24
WITHIN = {"postgresql": 1.0, "sqlite": 5.0}
MOST_MEGABYTES = 250

numbers = itertools.count(1)


def measure() -> list[Figure]:
    with processes.mail_sink() as (port, _):
        mail = processes.mail_settings(port)
        with processes.site(**mail) as (site, server), processes.worker(**mail) as worker:
            slowest = [one_rush(site) for _ in range(ROUNDS)]
            rush = figure(slowest)
            return [rush, weigh(server, worker)] if connection.vendor == "postgresql" else [rush]


def one_rush(site: int) -> float:
    """The time within which 99 of 100 answers came. Raises when it did not end as it should."""
    scheduled_class = open_class(capacity=SEATS, line_size=PEOPLE)
    path = scheduled_class.get_absolute_url()
    crowd, answered = Crowd(site), list[int]()
    people = [register(path, next(numbers), answered) for _ in range(PEOPLE)]
    took = crowd.over_time(people, seconds=SECONDS)
    waits = sorted(answer.seconds for answer in crowd.answers)
    slow = waits[int(len(waits) * 0.99)]
    print(f"{took:.1f} s, 99 % in {slow:.2f} s, longest {waits[-1]:.2f} s", file=sys.stderr)
    assert not crowd.unanswered, f"{crowd.unanswered} were not answered"
    assert len(answered) == PEOPLE
    check(scheduled_class)
    return slow


def check(scheduled_class: ScheduledClass) -> None:
    here = Registration.objects.filter(scheduled_class=scheduled_class)
    statuses = Counter(here.values_list("status", flat=True))
    assert statuses == {"offered": SEATS, "waitlisted": PEOPLE - SEATS}, statuses
    by_place = here.in_line().values_list("pk", flat=True)
    by_lock = RegistrationEvent.objects.filter(
        registration__scheduled_class=scheduled_class, to_status="waitlisted"
    ).order_by("pk")
    assert list(by_place) == list(by_lock.values_list("registration_id", flat=True))
    assert check_seats() == []


def figure(slowest: list[float]) -> Figure:
    must = WITHIN[connection.vendor]
    name = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[connection.vendor]
    slow = median(slowest)
    return Figure(
        f"The opening rush, {name}",
        f"99 % within {slow:.2f} s",
        "",
        f"{must / slow:.1f} ×",
        f"99 % within {must:.0f} s",
        slow <= must,
        f"{PEOPLE} people in {SECONDS:.0f} s on {SEATS} seats, five answers each, with the worker "
        f"sending their mail: {SEATS} held, the rest in line in the order of the lock, no error "
        f"in {len(slowest)} rushes",
    )


def weigh(server: psutil.Process, worker: psutil.Process) -> Figure:
    web = server.children()
    counted = [megabytes(one) for one in [*web, worker]]
    total = sum(counted)
    print(f"memory {counted}, and gunicorn's own {megabytes(server):.0f} MB", file=sys.stderr)
    each = " + ".join(f"{one:.0f}" for one in counted)
    return Figure(
        "Memory after the rush",
        f"{total:.0f} MB",
        "",
        f"{MOST_MEGABYTES / total:.2f} ×",
        f"at most {MOST_MEGABYTES} MB",
        total <= MOST_MEGABYTES,
        f"{each} MB: {len(web)} web processes and the worker, proportional set size; the process "
        f"that keeps the web processes has {megabytes(server):.0f} MB beside them",
    )


def megabytes(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / 1e6
