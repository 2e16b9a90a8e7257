"""Several people at the same moment: threads with a database connection each."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.db import connections

#: Of each thread: where it can wait until all of them have come as far.
here = threading.local()


def wait_for_all() -> None:
    """The first time that a thread comes here it waits for the others of its race."""
    meeting = here.__dict__.pop("meeting", None)
    if meeting is not None:
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=10)


def at_once(acts: Iterable[Callable[[], object]]) -> list[Exception]:
    """Run all acts at the same moment; returns what went wrong, in no order."""
    acts = list(acts)
    start, meeting = threading.Barrier(len(acts)), threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> Exception | None:
        try:
            here.meeting = meeting
            start.wait(timeout=30)
            act()
        except Exception as problem:
            return problem
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [problem for problem in pool.map(run, acts) if problem is not None]
