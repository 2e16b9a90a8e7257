"""What stands on the desk's pages."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class ToDo:
    """`by` is when it should be done: the list is in its order. `sentence` is the link to it."""

    by: dt.datetime
    sentence: str
    when: str
    url: str
    scheduled_class: int | None = None
