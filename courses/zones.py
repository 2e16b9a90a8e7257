"""Time zones by the names that people use, and times printed with them."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

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


#: More than one of a weekday, in the order of `date.weekday()`.
WEEKDAYS = [
    _("Mondays"),
    _("Tuesdays"),
    _("Wednesdays"),
    _("Thursdays"),
    _("Fridays"),
    _("Saturdays"),
    _("Sundays"),
]

#: The zones whose hours a class page works out for its readers.
SHOWN_ZONES = [Zone.EASTERN, Zone.CENTRAL, Zone.MOUNTAIN, Zone.PACIFIC]


def clock(moment: dt.datetime, zone: Zone) -> str:
    """`9:00 am`, unbroken, in the zone."""
    local = moment.astimezone(zone.info)
    hour = local.hour % 12 or 12
    half = _("am") if local.hour < 12 else _("pm")
    return f"{hour}:{local:%M}{NO_BREAK}{half}"


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
    return on_a_day(weekday_date(moment, zone), moment, zone)


def hour_or_moment(moment: dt.datetime, zone: Zone, now: dt.datetime) -> str:
    """`5:00 pm Mountain Time` today, with its date on another day."""
    if moment.astimezone(zone.info).date() == now.astimezone(zone.info).date():
        return f"{clock(moment, zone)} {zone.label}"
    return full_moment(moment, zone)


def short_moment(moment: dt.datetime, zone: Zone) -> str:
    """`Friday, 6:00 pm Mountain Time`: for a subject line."""
    return on_a_day(formats.date_format(moment.astimezone(zone.info), "l"), moment, zone)


def on_a_day(day: str, moment: dt.datetime, zone: Zone) -> str:
    words = _("%(day)s, %(time)s %(zone)s")
    return words % {"day": day, "time": clock(moment, zone), "zone": zone.label}


def days_in_words(days: list[dt.date]) -> str:
    """`January 16 and 23, 2027`: the days in order, each month and year said once."""
    if not days:
        return ""
    parts: list[str] = []
    for before, day, after in zip([None, *days], days, [*days[1:], None], strict=False):
        parts.append(formats.date_format(day, day_format(before, day, after)))
        if after is not None and after.year != day.year:
            parts[-1] = with_year(parts[-1], day)
    return with_year(listed(parts), days[-1])


def unbroken(days: str) -> str:
    """The words of `days_in_words()` for a heading: no line ends inside `February 13` or `and 20`.

    It may end before a year: with its year a day is wider than the heading on a small phone.
    """
    days = re.sub(r"(?<=[^\W\d]) (?=\d{1,2}\b)|(?<=\bde) ", NO_BREAK, days)
    # `13 y 20 de febrero`: where the month comes last, its days stay together.
    return re.sub(rf"(^|, )(\d+) (\w+{NO_BREAK}\d)", rf"\1\2{NO_BREAK}\3", days)


def day_format(before: dt.date | None, day: dt.date, after: dt.date | None) -> str:
    """With the month or without: some languages say it with its first day, some with its last."""
    is_first = before is None or (before.year, before.month) != (day.year, day.month)
    is_last = after is None or (after.year, after.month) != (day.year, day.month)
    if is_first and is_last:
        return pgettext("an only day in its month", "F j")
    if is_first:
        return pgettext("the first of several days in a month", "F j")
    return pgettext("the last of several days in a month", "j") if is_last else "j"


def with_year(words: str, day: dt.date) -> str:
    return _("%(days)s, %(year)s") % {"days": words, "year": day.year}


def listed(parts: list[str]) -> str:
    """`Friday, Saturday and Sunday`."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
