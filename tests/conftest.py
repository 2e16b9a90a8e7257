import datetime as dt
import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection

from content import kept
from courses.models import ScheduledClass
from tests import factories

VENDORS = {"sqlite": "sqlite", "postgres": "postgresql"}


def pytest_report_header() -> str:
    return f"database: {connection.display_name}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What no database can change runs once, on SQLite: pure functions, and how pages look.

    With `once` in `-m` everything that meets a database meets PostgreSQL.
    """
    if os.environ["TEST_DATABASE"] != "postgres":
        return
    every = "once" in config.option.markexpr
    once = [item for item in items if not depends_on_database(item, every=every)]
    config.hook.pytest_deselected(items=once)
    items[:] = [item for item in items if item not in set(once)]


def pytest_collection_finish() -> None:
    """What was read by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


def depends_on_database(item: pytest.Item, *, every: bool) -> bool:
    place = item.path.as_posix()
    if "/tests/look/" in place or (item.get_closest_marker("once") and not every):
        return False
    asks = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", []))
    return (
        bool(asks)
        or "/tests/postgres/" in place
        or item.get_closest_marker("django_db") is not None
    )


@pytest.fixture(scope="session", autouse=True)
def right_database() -> None:
    """A run that was asked for one database never passes on the other."""
    assert connection.vendor == VENDORS[os.environ["TEST_DATABASE"]]


@pytest.fixture
def now() -> dt.datetime:
    """A Tuesday noon in Denver, long before the class of `make_class`."""
    return factories.NOW


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock starts at `NOW` in every test, and goes on; `clock.move_to()` sets it."""
    with time_machine.travel(factories.NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def every_edit_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept pages are as on the site, but look at each request whether they still hold."""
    monkeypatch.setattr(kept, "BETWEEN_LOOKS", 0)
    monkeypatch.setattr(kept, "BETWEEN_LOOKS_WHILE_AWAY", 0)


@pytest.fixture
def make_class(db: None) -> Callable[..., ScheduledClass]:
    return factories.make_class


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in skipped
        if isinstance(report.longrepr, tuple) and " is missing. " in report.longrepr[2]
    )
    if left_out:
        terminalreporter.section("LEFT OUT", sep="!", red=True)
    for why, number in left_out.items():
        terminalreporter.line(f"{number} tests did not run. {why}")
