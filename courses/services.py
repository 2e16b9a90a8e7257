"""What changes classes, apart from the people in them."""

from django.db.models import F

from courses.models import ScheduledClass


def bump_revisions(scheduled_class: ScheduledClass) -> None:
    """Its times, its place or whether it takes place has changed: calendars that know it are told.

    Raises the revision of every session, also of those that did not change: the number of a day
    can change with another day, and calendars do not mind a revision that only rises.
    """
    scheduled_class.class_sessions.update(revision=F("revision") + 1)
