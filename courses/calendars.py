"""Calendar files (RFC 5545) and what they say to a calendar (RFC 5546), for one class or for all.

What everybody may read stands in them and nothing else: no link to join, no link of a person.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

from courses.models import ClassSession, ScheduledClass
from courses.zones import Zone

A_DAY = dt.timedelta(days=1)
A_SECOND = dt.timedelta(seconds=1)


class Method(StrEnum):
    """What a calendar is asked to do: show a file, keep an entry, take an entry out again."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Entry:
    """One date in a calendar. `stamp` is the moment at which it became what it is."""

    uid: str
    sequence: int
    stamp: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: Zone
    summary: str
    description: str
    place: str
    url: str = ""
    attendee: str = ""
    is_cancelled: bool = False
    is_private: bool = False


def class_calendar(scheduled_class: ScheduledClass, now: dt.datetime) -> bytes:
    """The sessions of one class."""
    return calendar_file(Method.PUBLISH, class_entries(scheduled_class, now))


def feed(classes: Iterable[ScheduledClass], name: str, now: dt.datetime) -> bytes:
    """The sessions of several classes, to be followed by a calendar under this name."""
    entries = [entry for row in classes for entry in class_entries(row, now)]
    return calendar_file(Method.PUBLISH, entries, name=name)


def class_entries(scheduled_class: ScheduledClass, now: dt.datetime) -> list[Entry]:
    return [public_entry(meeting, now) for meeting in scheduled_class.meetings]


def public_entry(meeting: ClassSession, now: dt.datetime) -> Entry:
    """A session as its public page shows it."""
    scheduled_class = meeting.scheduled_class
    is_cancelled = scheduled_class.status == ScheduledClass.Status.CANCELLED
    url = f"{settings.SITE_URL}{scheduled_class.get_absolute_url()}"
    title = scheduled_class.course.title
    return Entry(
        uid=public_uid(meeting),
        sequence=meeting.revision,
        stamp=now,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=scheduled_class.zone,
        summary=with_day(title, day_number(meeting)),
        description=description(url, is_cancelled=is_cancelled),
        place=place(scheduled_class),
        url=url,
        is_cancelled=is_cancelled,
    )


def public_uid(meeting: ClassSession) -> str:
    """The same for this session at this site, for ever and in every file."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.SITE_URL}/class-sessions/{meeting.pk}"))


def day_number(meeting: ClassSession) -> int:
    """From 1; 0 for the only day of a class."""
    return meeting.number if len(meeting.scheduled_class.meetings) > 1 else 0


def with_day(title: str, number: int) -> str:
    """`Peer Support Training, Day 1`, or the title alone for the only day."""
    if not number:
        return title
    return _("%(title)s, Day %(number)s") % {"title": title, "number": number}


def description(url: str, *, is_cancelled: bool) -> str:
    if is_cancelled:
        return _("This class will not take place. Other classes: %(url)s") % {"url": url}
    return _("Saving this date registers nobody. Register here: %(url)s") % {"url": url}


def place(scheduled_class: ScheduledClass) -> str:
    """`Online`, or where it is held in one line, or both."""
    return with_online(scheduled_class, _("Online"))


def with_online(scheduled_class: ScheduledClass, online: str) -> str:
    """The place and the words for the online part, whichever the class has."""
    if not scheduled_class.is_online:
        return held_at(scheduled_class)
    return f"{held_at(scheduled_class)}. {online}" if scheduled_class.is_in_person else online


def held_at(scheduled_class: ScheduledClass) -> str:
    """Where to go, in one line."""
    lines = [*scheduled_class.address.splitlines(), scheduled_class.town]
    parts = [" ".join(line.split()) for line in lines]
    town = parts.pop()
    if town and town not in " ".join(parts):
        parts.append(town)
    return ", ".join(part for part in parts if part) or _("In person")


# The file itself.


def calendar_file(method: Method, entries: Iterable[Entry], *, name: str = "") -> bytes:
    """One VCALENDAR with the entries and the zones that their times are in."""
    entries = list(entries)
    calendar = Calendar()
    calendar.add("prodid", f"-//{urlsplit(settings.SITE_URL).hostname}//Classes//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", dt.timedelta(hours=12), {"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT12H")
    for zone in sorted({entry.zone for entry in entries}):
        years = [entry.starts_at.year for entry in entries if entry.zone == zone]
        calendar.add_component(time_zone(zone, min(years) - 1, max(years) + 1))
    for entry in entries:
        calendar.add_component(event(entry))
    return bytes(calendar.to_ical())


def event(entry: Entry) -> Event:
    made = Event()
    made.add("uid", entry.uid)
    made.add("sequence", entry.sequence)
    made.add("dtstamp", entry.stamp.astimezone(dt.UTC))
    made.add("dtstart", entry.starts_at.astimezone(entry.zone.info))
    made.add("dtend", entry.ends_at.astimezone(entry.zone.info))
    made.add("summary", entry.summary)
    made.add("description", entry.description)
    made.add("location", entry.place)
    made.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    made.add("organizer", organizer())
    if entry.url:
        made.add("url", entry.url)
    if entry.is_private:
        made.add("class", "PRIVATE")
    if entry.attendee:
        made.add("attendee", attendee(entry.attendee))
    return made


def organizer() -> vCalAddress:
    """Who mail comes from, by the same neutral name."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    who = vCalAddress(f"mailto:{address}")
    if name:
        who.params["CN"] = vText(name)
    return who


def attendee(address: str) -> vCalAddress:
    """Somebody who comes: no answer is asked for, so that none goes astray."""
    who = vCalAddress(f"mailto:{address}")
    who.params["ROLE"] = vText("REQ-PARTICIPANT")
    who.params["PARTSTAT"] = vText("ACCEPTED")
    who.params["RSVP"] = vText("FALSE")
    return who


@cache
def time_zone(zone: Zone, first_year: int, last_year: int) -> Timezone:
    """VTIMEZONE (RFC 5545, 3.6.5): the zone's clock in those years, each change by its date."""
    first = dt.datetime(first_year, 1, 1, tzinfo=zone.info)
    last = dt.datetime(last_year + 1, 1, 1, tzinfo=zone.info)
    made = Timezone()
    made.add("tzid", zone.value)
    made.add_component(observance(first, first))
    for before, after in clock_changes(first, last):
        made.add_component(observance(before, after))
    return made


def observance(before: dt.datetime, after: dt.datetime) -> TimezoneStandard | TimezoneDaylight:
    """What holds from `after` on. It begins at a time of the clock that `before` is on."""
    made = TimezoneDaylight() if after.dst() else TimezoneStandard()
    begins = after.astimezone(dt.timezone(before.utcoffset() or dt.timedelta(0)))
    made.add("dtstart", begins.replace(tzinfo=None))
    made.add("tzoffsetfrom", before.utcoffset())
    made.add("tzoffsetto", after.utcoffset())
    made.add("tzname", after.tzname())
    return made


def clock_changes(
    first: dt.datetime, last: dt.datetime
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The last second before each change of the clock and the first one after it, in the zone."""
    zone = first.tzinfo
    moment, end = first.astimezone(dt.UTC), last.astimezone(dt.UTC)

    def offset(utc: dt.datetime) -> dt.timedelta | None:
        return utc.astimezone(zone).utcoffset()

    while moment < end:
        before, after = moment, moment + A_DAY
        if offset(before) != offset(after):
            while after - before > A_SECOND:
                middle = (before + (after - before) / 2).replace(microsecond=0)
                if offset(middle) == offset(moment):
                    before = middle
                else:
                    after = middle
            yield before.astimezone(zone), after.astimezone(zone)
        moment += A_DAY
