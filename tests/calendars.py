"""Reading calendar files back. By its types a property may be of any kind: here it is `Any`."""

from typing import Any

import icalendar

Event = Any


def parsed(content: bytes | str) -> tuple[Any, list[Event]]:
    """The calendar and the events in it."""
    calendar = icalendar.Calendar.from_ical(content)
    return calendar, components(calendar, "VEVENT")


def components(calendar: Any, name: str) -> list[Any]:
    return [part for part in calendar.walk() if part.name == name]
