"""Several people at the same moment: threads with a database connection each."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def at_once(acts: Iterable[Callable[[], object]]) -> list[Exception]:
    """Run all acts at the same moment; returns what went wrong, in no order."""
    acts = list(acts)
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> Exception | None:
        try:
            start.wait(timeout=30)
            act()
        except Exception as problem:
            return problem
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [problem for problem in pool.map(run, acts) if problem is not None]
