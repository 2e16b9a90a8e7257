"""What the pages say, for search engines: a schema.org Course with its classes as instances.

Made from the rows of the page, in words that schema.org has. No join link is ever in it.
"""

import datetime as dt
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.conf import settings

from courses import calendars
from courses.listing import Listing
from courses.models import ClassSession, Course, ScheduledClass, State

Data = dict[str, Any]
Delivery = ScheduledClass.Delivery

SCHEMA = "https://schema.org"

MODES = {
    Delivery.ONLINE: ("Online", "OnlineEventAttendanceMode"),
    Delivery.IN_PERSON: ("Onsite", "OfflineEventAttendanceMode"),
    Delivery.BOTH: ("Blended", "MixedEventAttendanceMode"),
}

#: Bands, as on the page. Nothing is said of a class that is not open.
AVAILABLE = {
    State.SEATS_FREE: "InStock",
    State.FEW_SEATS: "LimitedAvailability",
    State.LINE_OPEN: "SoldOut",
    State.LINE_FULL: "SoldOut",
}

#: How often a class meets whose days are so far apart.
RHYTHMS = {1: "Daily", 7: "Weekly"}

FREE = re.compile(r"(free|gratis|gratuito)\b", re.IGNORECASE)
DOLLARS = re.compile(r"\$ ?(\d[\d,]*(?:\.\d\d)?)")


def course_data(
    course: Course, shown: Iterable[Listing], *, description: str, provider: str
) -> Data | None:
    """The course with those classes that are to come; None without one."""
    instances = [instance(row) for row in shown if row.state != State.PAST]
    if not instances:
        return None
    offers = {row["offers"]["category"]: row["offers"] for row in instances if "offers" in row}
    return {
        "@context": SCHEMA,
        "@type": "Course",
        "name": course.title,
        "description": description or course.title,
        "provider": {"@type": "Organization", "name": provider, "url": f"{settings.SITE_URL}/"},
        "offers": [{"@type": "Offer", "category": category} for category in offers],
        "hasCourseInstance": instances,
    }


def instance(listing: Listing) -> Data:
    row = listing.scheduled_class
    mode, attendance = MODES[Delivery(row.delivery)]
    data = {
        "@type": "CourseInstance",
        "name": row.title,
        "url": address(row),
        "courseMode": mode,
        "courseWorkload": duration(dt.timedelta(minutes=row.course.contact_minutes)),
        "courseSchedule": schedule(row.meetings),
        "startDate": moment(row.starts_at, row),
        "endDate": moment(row.ends_at, row),
        "eventStatus": f"{SCHEMA}/EventScheduled",
        "eventAttendanceMode": f"{SCHEMA}/{attendance}",
        "location": location(row),
        "inLanguage": row.language,
        "offers": offer(listing),
    }
    if row.moved_from:
        data["eventStatus"] = f"{SCHEMA}/EventRescheduled"
        data["previousStartDate"] = moment(row.moved_from, row)
    if listing.is_cancelled:
        data["eventStatus"] = f"{SCHEMA}/EventCancelled"
    return data


def address(row: ScheduledClass) -> str:
    return f"{settings.SITE_URL}{row.get_absolute_url()}"


def moment(when: dt.datetime | None, row: ScheduledClass) -> str:
    """ISO 8601 with the offset that holds on that day in the class's zone."""
    return when.astimezone(row.zone.info).isoformat(timespec="minutes") if when else ""


def duration(time: dt.timedelta) -> str:
    """ISO 8601: `PT12H`, `PT1H30M`."""
    hours, minutes = divmod(round(time.total_seconds() / 60), 60)
    parts = [f"{hours}H" if hours else "", f"{minutes}M" if minutes else ""]
    return f"PT{''.join(parts) or '0M'}"


def schedule(meetings: list[ClassSession]) -> list[Data]:
    """One schedule for days in a daily or weekly rhythm with the same hours, else one for each."""
    if rhythm := common_rhythm(meetings):
        return [repeated(meetings, rhythm)]
    return [repeated([meeting], "Daily") for meeting in meetings]


def common_rhythm(meetings: list[ClassSession]) -> str | None:
    hours = {(local(row.starts_at, row).time(), local(row.ends_at, row).time()) for row in meetings}
    days = [local(row.starts_at, row).date() for row in meetings]
    steps = {(after - before).days for before, after in pairwise(days)}
    return RHYTHMS.get(steps.pop()) if len(hours) == len(steps) == 1 else None


def repeated(meetings: list[ClassSession], rhythm: str) -> Data:
    first, last = meetings[0], meetings[-1]
    return {
        "@type": "Schedule",
        "startDate": local(first.starts_at, first).date().isoformat(),
        "endDate": local(last.ends_at, last).date().isoformat(),
        "startTime": local(first.starts_at, first).time().isoformat(),
        "endTime": local(first.ends_at, first).time().isoformat(),
        "scheduleTimezone": first.scheduled_class.zone.value,
        "repeatFrequency": rhythm,
        "repeatCount": len(meetings),
        "duration": duration(first.ends_at - first.starts_at),
    }


def local(when: dt.datetime, meeting: ClassSession) -> dt.datetime:
    return when.astimezone(meeting.scheduled_class.zone.info)


def location(row: ScheduledClass) -> Data | list[Data]:
    online: Data = {"@type": "VirtualLocation", "url": address(row)}
    held_at = calendars.held_at(row)
    place: Data = {"@type": "Place", "name": row.town or held_at, "address": held_at}
    if row.is_online and row.is_in_person:
        return [place, online]
    return online if row.is_online else place


def offer(listing: Listing) -> Data:
    row = listing.scheduled_class
    data = {"@type": "Offer", "url": address(row), **price(row.cost)}
    if listing.state in AVAILABLE:
        data["availability"] = f"{SCHEMA}/{AVAILABLE[listing.state]}"
    if row.registration_opens_at:
        data["validFrom"] = moment(row.registration_opens_at, row)
    return data


def price(cost: str) -> Data:
    """What staff's words on the cost say for certain: a price only where they are nothing else."""
    words = cost.strip().rstrip(".")
    figure = DOLLARS.fullmatch(words)
    if FREE.fullmatch(words):
        return {"category": "Free", "price": "0", "priceCurrency": "USD"}
    if figure:
        amount = figure[1].replace(",", "")
        return {"category": "Paid", "price": amount, "priceCurrency": "USD"}
    return {"category": "Partially Free" if FREE.match(words) else "Paid", "description": cost}
