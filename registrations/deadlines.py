"""Until when a seat or a place is held. Every function takes the moment it is asked at."""

import datetime as dt

from courses.models import ScheduledClass

#: After this long before the start, the line is offered nothing: staff fill free seats by hand.
CUT_OFF = dt.timedelta(days=2)

#: An offer to the line ends this long before the start, so that one made last still has a day.
LAST_ANSWER = dt.timedelta(days=1)

#: A newcomer near the start gets at least this long, or until the class begins.
SHORTEST = dt.timedelta(hours=12)

DAYS_TO_ANSWER = 3
END_OF_DAY = dt.time(18)


def third_day(now: dt.datetime, scheduled_class: ScheduledClass) -> dt.datetime:
    """6 pm in the class's zone on the third day from now."""
    zone = scheduled_class.zone.info
    day = now.astimezone(zone).date() + dt.timedelta(days=DAYS_TO_ANSWER)
    return dt.datetime.combine(day, END_OF_DAY, tzinfo=zone)


def newcomer_answers_by(now: dt.datetime, scheduled_class: ScheduledClass) -> dt.datetime:
    """Until when a seat or place is held for someone who has just sent the form."""
    start = begins(scheduled_class)
    latest = start - LAST_ANSWER
    if latest - now < SHORTEST:
        latest = start
    return min(third_day(now, scheduled_class), latest)


def line_answers_by(now: dt.datetime, scheduled_class: ScheduledClass) -> dt.datetime:
    """Until when a seat that came free is held for someone in line."""
    return min(third_day(now, scheduled_class), begins(scheduled_class) - LAST_ANSWER)


def line_is_offered(now: dt.datetime, scheduled_class: ScheduledClass) -> bool:
    """Whether a free seat still goes to the line by itself."""
    starts_at = scheduled_class.starts_at
    return starts_at is not None and now < starts_at - CUT_OFF


def begins(scheduled_class: ScheduledClass) -> dt.datetime:
    starts_at = scheduled_class.starts_at
    if starts_at is None:
        raise ValueError("A class without sessions holds no seats.")
    return starts_at
