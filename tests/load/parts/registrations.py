"""The button that registers, and the whole way to it."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.urls import reverse

from courses.models import ScheduledClass
from registrations.forms import sign
from registrations.models import Registration
from registrations.services.ledger import check_seats
from tests.factories import make_answers
from tests.load import processes
from tests.load.classes import open_class
from tests.load.figures import Figure, at_least, share_of_ceiling
from tests.load.registering import Browser, register
from tests.load.visitors import Crowd, Visitor

ROUNDS = processes.times(5)
TOGETHER = 8
POSTS = processes.times(400)
PEOPLE = processes.times(150)

#: What has to happen to a row for each registration, and no more than that.
TABLES = """
CREATE TABLE bench_seats (id int PRIMARY KEY, taken int NOT NULL CHECK (taken >= 0));
CREATE TABLE bench_people (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, seats_id int NOT NULL REFERENCES bench_seats,
  full_name varchar(100) NOT NULL, email varchar(254) NOT NULL, created_at timestamptz NOT NULL
);
INSERT INTO bench_seats VALUES (1, 0);
"""
TRANSACTION = """
BEGIN;
SELECT taken FROM bench_seats WHERE id = 1 FOR UPDATE;
INSERT INTO bench_people (seats_id, full_name, email, created_at)
  VALUES (1, 'Person :client_id', 'person-:client_id@peers.test', now());
UPDATE bench_seats SET taken = taken + 1 WHERE id = 1;
COMMIT;
"""

numbers = itertools.count(1)


def measure() -> list[Figure]:
    with processes.site() as (site, _):
        warm_up(site)
        return [measure_post(site), measure_way(site)]


def warm_up(site: int) -> None:
    """Each process reads its templates once, and connects."""
    path = open_class().get_absolute_url()
    people = (register(path, next(numbers)) for _ in range(32))
    Crowd(site).all_at_once(people, together=TOGETHER)


def measure_post(site: int) -> Figure:
    prepare_pgbench()
    rates, ceilings = [], []
    for _ in range(ROUNDS):
        rates.append(posts_a_second(site, open_class()))
        ceilings.append(transactions_a_second())
        print(f"POST {rates[-1]:.0f} of {ceilings[-1]:.0f} a second", file=sys.stderr)
    return share_of_ceiling(
        "The POST that registers, PostgreSQL",
        rates,
        ceilings,
        unit="a second",
        must=0.2,
        note=f"{POSTS} into one class over 8 connections; the ceiling is pgbench, which locks one "
        "row, inserts another, raises the number and commits, as often over as many connections",
    )


def posts_a_second(site: int, scheduled_class: ScheduledClass) -> float:
    path = reverse("registrations:sent", args=[scheduled_class.slug])
    crowd = Crowd(site)
    visitors = [poster(list(batch)) for batch in batches(prepared_posts(path), TOGETHER)]
    took = crowd.all_at_once(visitors, together=TOGETHER)
    assert not crowd.unanswered
    assert Registration.objects.filter(scheduled_class=scheduled_class).count() == POSTS
    return POSTS / took


def prepared_posts(path: str) -> list[bytes]:
    """What the check page's button sends, each from a browser of its own."""
    posts = []
    for _ in range(POSTS):
        number = next(numbers)
        browser = Browser(number)
        browser.cookies["csrftoken"] = "a" * 32
        fields = {"csrfmiddlewaretoken": "a" * 32, "answers": sign(make_answers(number))}
        posts.append(browser.post(path, fields))
    return posts


def batches(posts: list[bytes], count: int) -> Iterator[list[bytes]]:
    for first in range(count):
        yield posts[first::count]


def poster(posts: list[bytes]) -> Visitor:
    for post in posts:
        answer = yield post
        assert answer.status == 302, answer.status


def prepare_pgbench() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    script().write_text(TRANSACTION)


def script() -> Path:
    return processes.run_dir() / "transaction.sql"


def transactions_a_second() -> float:
    command = [str(processes.POSTGRES / "pgbench"), os.environ["DATABASE_URL"], "--no-vacuum"]
    command += ["--client", str(TOGETHER), "--transactions", str(POSTS // TOGETHER)]
    command += ["--file", str(script())]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    rate = next(line for line in said.splitlines() if line.startswith("tps = "))
    return float(rate.split()[2])


def measure_way(site: int) -> Figure:
    rates = []
    for _ in range(ROUNDS):
        path = open_class().get_absolute_url()
        crowd, answered = Crowd(site), list[int]()
        people = (register(path, next(numbers), answered) for _ in range(PEOPLE))
        took = crowd.all_at_once(people, together=TOGETHER)
        assert len(answered) == PEOPLE
        rates.append(PEOPLE / took)
        print(f"whole registrations: {rates[-1]:.0f} a second", file=sys.stderr)
    assert check_seats() == []
    return at_least(
        "A whole registration, PostgreSQL",
        rates,
        unit="a second",
        must=50,
        note="class page, form, check, send, answer page; 8 people at a time",
    )
