"""What has changed about a class, as sentences in the reader's language."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from courses import zones
from courses.zones import Zone


def sentence(change: dict[str, Any], zone: Zone) -> str:
    """One change from `class_changes.differences`, old and new."""
    match change["what"]:
        case "moved":
            words = _("The time of Day %(number)s has changed. Old: %(old)s. New: %(new)s.")
        case "added":
            words = _("There is one more day: %(new)s.")
        case "dropped":
            words = _("Day %(number)s will not take place: %(old)s.")
        case "place":
            words = _("The place has changed. Old: %(old)s. New: %(new)s.")
        case "no_join_link":
            words = _("The link to join has stopped working. Your page will show the new one.")
        case _:
            words = _("The link to join has changed. The new one stands on your page.")
    values = {name: text(change.get(name, ""), zone) for name in ("number", "old", "new")}
    return words % values


def text(value: Any, zone: Zone) -> str:
    """Times, kept as `[start, end]`, with weekday and zone; anything else as it is."""
    if not isinstance(value, list):
        return str(value)
    start, end = (dt.datetime.fromisoformat(moment) for moment in value)
    return f"{zones.weekday_date(start, zone)}, {zones.hours(start, end, zone)}"
