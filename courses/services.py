"""What changes classes, apart from the people in them."""

import datetime as dt

from django.db.models import F

from courses.models import ScheduledClass


def bump_revisions(scheduled_class: ScheduledClass) -> None:
    """Its times, its place or whether it takes place has changed: calendars that know it are told.

    Raises the revision of every session, also of those that did not change: the number of a day
    can change with another day, and calendars do not mind a revision that only rises.
    """
    scheduled_class.class_sessions.update(revision=F("revision") + 1)


def remember_move(scheduled_class: ScheduledClass, began_at: dt.datetime) -> None:
    """It was on the site with this beginning: who knows it by that finds it again."""
    if began_at != scheduled_class.starts_at:
        ScheduledClass.objects.filter(pk=scheduled_class.pk).update(moved_from=began_at)
