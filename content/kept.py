"""What a process remembers of the public rows, and how it learns that they have changed.

Whatever was made from such rows is good while the mark of what is committed (`content.public`) is
the one from before it was made. A process looks at the mark now and then, for all it remembers.
"""

import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import Error, connection
from django.utils import timezone

from content.away import is_away
from content.public import public_mark

Value = TypeVar("Value")

#: In seconds. An edit is seen everywhere within a second: half of it may pass before a look.
BETWEEN_LOOKS = 0.5
BETWEEN_LOOKS_WHILE_AWAY = 1.0

#: Whether the answer that is made in this thread has not looked yet.
_may_look: ContextVar[bool] = ContextVar("may_look", default=False)


class Watch:
    """The mark of what is committed, looked at now and then."""

    def __init__(self) -> None:
        self.mark: uuid.UUID | None = None
        self.is_away = False
        #: Called when a look has found another mark.
        self.on_change: Callable[[], None] = lambda: None
        self._looked_at = float("-inf")
        self._looking = threading.Lock()

    def look(self) -> None:
        """Look again when it is time."""
        pause = BETWEEN_LOOKS_WHILE_AWAY if self.is_away else BETWEEN_LOOKS
        if time.monotonic() - self._looked_at >= pause:
            self.look_now()

    def look_now(self) -> None:
        """While one thread looks, others go by what it saw before."""
        if not self._looking.acquire(blocking=False):
            return
        try:
            began_at = time.monotonic()
            mark = public_mark()
            if mark != self.mark:
                self.on_change()
            self.mark = mark
            self.is_away = False
        except Error as problem:
            if not is_away(problem):
                raise
            self.is_away = True
            began_at = time.monotonic()
        finally:
            self._looked_at = began_at
            self._looking.release()


#: The one of this process.
watch = Watch()


@dataclass(frozen=True)
class Kept(Generic[Value]):
    value: Value
    mark: uuid.UUID
    #: The moment at which it changes by the clock alone.
    changes_at: dt.datetime | None = None

    def is_current(self, mark: uuid.UUID | None, now: dt.datetime) -> bool:
        return self.mark == mark and (self.changes_at is None or now < self.changes_at)


class Memory(Generic[Value]):
    """So many values of one process. The one kept longest goes first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: dict[Hashable, Kept[Value]] = {}
        self._changing = threading.Lock()

    def get(self, key: Hashable) -> Kept[Value] | None:
        return self._kept.get(key)

    def keep(self, key: Hashable, kept: Kept[Value]) -> None:
        with self._changing:
            self._kept.pop(key, None)
            self._kept[key] = kept
            if len(self._kept) > self.most:
                del self._kept[next(iter(self._kept))]

    def forget(self, key: Hashable) -> None:
        with self._changing:
            self._kept.pop(key, None)

    def recall(self, key: Hashable, mark: uuid.UUID | None, make: Callable[[], Value]) -> Value:
        """What was made of the key under this mark, or what `make` makes now.

        The mark was read before, so that what is committed in between has another one.
        """
        kept = self.get(key)
        if kept and kept.is_current(mark, timezone.now()):
            return kept.value
        value = make()
        if mark:
            self.keep(key, Kept(value, mark))
        return value


def seen_mark() -> uuid.UUID | None:
    """The mark as it was at the last look; None where nothing that is kept may be shown.

    That is while the database is away, and inside a transaction, as staff's previews are: it has
    rows that nobody else may see yet, and its mark may be taken back with them.
    """
    if in_transaction():
        return None
    if _may_look.get():
        _may_look.set(False)
        watch.look()
    return None if watch.is_away else watch.mark


def begin_answer() -> None:
    """Look at most once for all that is shown in the answer to come, and only if anything is."""
    _may_look.set(True)


def in_transaction() -> bool:
    """As Django's own `durable` asks it: the one that a test runs in does not count."""
    blocks = connection.atomic_blocks
    return bool(blocks) and not getattr(blocks[-1], "_from_testcase", False)
