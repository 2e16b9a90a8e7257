"""People who register while processes die, and what must be true of it afterwards."""

import datetime as dt
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import time_machine

from courses.models import ScheduledClass
from registrations.models import Registration
from registrations.services.ledger import check_seats
from tests.load.registering import address_of, register
from tests.load.visitors import Crowd, Visitor
from tests.registrations.test_delivery import database_url

SECONDS = 60


@pytest.fixture
def real_processes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    """Other processes have the machine's own time, so this one has it too."""
    clock.move_to(dt.datetime.fromtimestamp(time_machine.escape_hatch.time.time(), tz=dt.UTC))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.bawg_site.production_settings")
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("PROXIES", "1")
    monkeypatch.setenv("RETURNED_MAIL_DIR", "")


@dataclass
class People:
    """Those who register for one class; `answered` are the numbers of whoever was told so."""

    scheduled_class: ScheduledClass
    answered: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def come(self, count: int) -> Iterator[Visitor]:
        path = self.scheduled_class.get_absolute_url()
        for _ in range(count):
            yield self.one(path, next(self.numbers))

    def one(self, path: str, number: int) -> Visitor:
        """Whoever reads that it cannot be done now goes away."""
        try:
            yield from register(path, number, self.answered)
        except AssertionError as problem:
            self.refused.append(str(problem))

    def lost(self) -> list[int]:
        """Who was told that it is done, and is not there, or is there twice."""
        here = Registration.objects.filter(scheduled_class=self.scheduled_class)
        there = Counter(here.values_list("email", flat=True))
        return [number for number in self.answered if there[address_of(number)] != 1]

    def check(self) -> None:
        assert self.lost() == []
        here = Registration.objects.filter(scheduled_class=self.scheduled_class)
        assert here.values("email_key").distinct().count() == here.count()
        assert all(one.letters.count() == one.events.count() == 1 for one in here)
        assert check_seats() == []


def meanwhile(crowd: Crowd, visitors: Iterator[Visitor], act: Callable[[], Any]) -> None:
    """Four at a time; at a moment of chance in between, the act."""
    crowd.admit(visitors, 4)
    for _ in range(random.randint(0, 12)):
        crowd.turn(0.05)
    act()
    crowd.all_at_once(visitors, together=4)


def kill(process: psutil.Process) -> None:
    process.kill()
    process.wait(SECONDS)
