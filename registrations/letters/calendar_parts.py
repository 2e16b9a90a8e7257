"""The calendar in a letter, and the same dates as a file (RFC 5545, RFC 5546).

A request has one UID, so a letter has a part for each session. Calendars get shared: no part holds
the person's link, the link to join, or what the course is about.
"""

from django.utils.translation import gettext as _

from courses.calendars import Entry, Method, calendar_file, with_day
from registrations.models import CalendarEntry, Letter, Registration


def calendar_parts(letter: Letter) -> list[tuple[str, str]]:
    """(content, content type) for each entry that the letter carries."""
    return [part(entry, letter.to) for entry in letter.calendar_entries]


def part(entry: CalendarEntry, address: str) -> tuple[str, str]:
    method = Method.CANCEL if entry.is_withdrawn else Method.REQUEST
    content = calendar_file(method, [shown(entry, attendee=address)])
    return content.decode(), f"text/calendar; method={method}"


def own_calendar(registration: Registration) -> bytes:
    """All dates of someone with a seat, for a download: the same UIDs as in their mail."""
    entries = registration.calendar_entries.live()
    return calendar_file(Method.PUBLISH, [shown(entry) for entry in entries])


def shown(entry: CalendarEntry, *, attendee: str = "") -> Entry:
    return Entry(
        uid=str(entry.uid),
        sequence=entry.sequence,
        stamp=entry.changed_at,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        zone=entry.zone,
        summary=with_day(_("Peer Support Training"), entry.number),
        description=description(entry),
        place=entry.place,
        attendee=attendee,
        is_cancelled=entry.is_withdrawn,
        is_private=True,
    )


def description(entry: CalendarEntry) -> str:
    if entry.is_withdrawn:
        return _("This date is not yours any more. You need to do nothing.")
    return _(
        "You have a seat. If you cannot come, give it up on your own page: the button in your mail "
        "opens it. Taking this date out of your calendar does not give up your seat."
    )
