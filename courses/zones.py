"""Time zones by the names that people use, and times printed with them."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import formats
from django.utils.translation import gettext_lazy as _

NO_BREAK = "\N{NO-BREAK SPACE}"


class Zone(models.TextChoices):
    """The zones a class can be held in, east to west."""

    PUERTO_RICO = "America/Puerto_Rico", _("Atlantic Time")
    EASTERN = "America/New_York", _("Eastern Time")
    CENTRAL = "America/Chicago", _("Central Time")
    MOUNTAIN = "America/Denver", _("Mountain Time")
    ARIZONA = "America/Phoenix", _("Arizona Time")
    PACIFIC = "America/Los_Angeles", _("Pacific Time")
    ALASKA = "America/Anchorage", _("Alaska Time")
    HAWAII = "Pacific/Honolulu", _("Hawaii Time")

    @property
    def info(self) -> ZoneInfo:
        return ZoneInfo(self.value)


#: The zones whose hours a class page works out for its readers.
SHOWN_ZONES = [Zone.EASTERN, Zone.CENTRAL, Zone.MOUNTAIN, Zone.PACIFIC]


def clock(moment: dt.datetime, zone: Zone) -> str:
    """`9:00 am`, unbroken, in the zone."""
    local = moment.astimezone(zone.info)
    hour = local.hour % 12 or 12
    return f"{hour}:{local:%M}{NO_BREAK}{'am' if local.hour < 12 else 'pm'}"


def hours(start: dt.datetime, end: dt.datetime, zone: Zone) -> str:
    """`9:00 am to 5:00 pm Mountain Time`; names the second day when the end is on another."""
    words = _("%(start)s to %(end)s %(zone)s")
    last = clock(end, zone)
    if start.astimezone(zone.info).date() != end.astimezone(zone.info).date():
        last = f"{weekday_date(end, zone)}, {last}"
    return words % {"start": clock(start, zone), "end": last, "zone": zone.label}


def weekday_date(moment: dt.datetime, zone: Zone) -> str:
    """`Saturday, January 16, 2027`, in the zone."""
    return formats.date_format(moment.astimezone(zone.info), str(_("l, F j, Y")))


def date(moment: dt.datetime, zone: Zone) -> str:
    """`January 16, 2027`, in the zone."""
    return formats.date_format(moment.astimezone(zone.info), str(_("F j, Y")))


def full_moment(moment: dt.datetime, zone: Zone) -> str:
    """`Friday, November 27, 2026, 6:00 pm Mountain Time`."""
    return f"{weekday_date(moment, zone)}, {clock(moment, zone)} {zone.label}"


def short_moment(moment: dt.datetime, zone: Zone) -> str:
    """`Friday, 6:00 pm Mountain Time`: for a subject line."""
    day = formats.date_format(moment.astimezone(zone.info), "l")
    return f"{day}, {clock(moment, zone)} {zone.label}"


def days_in_words(days: list[dt.date]) -> str:
    """`January 16 and 23, 2027`: the days in order, each month and year said once."""
    if not days:
        return ""
    parts: list[str] = []
    for index, day in enumerate(days):
        before = days[index - 1] if index else None
        new_month = before is None or (before.year, before.month) != (day.year, day.month)
        parts.append(formats.date_format(day, "F j") if new_month else str(day.day))
        after = days[index + 1] if index + 1 < len(days) else None
        if after is not None and after.year != day.year:
            parts[-1] += f", {day.year}"
    return f"{listed(parts)}, {days[-1].year}"


def listed(parts: list[str]) -> str:
    """`Friday, Saturday and Sunday`."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
