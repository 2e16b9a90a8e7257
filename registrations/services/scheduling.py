"""Acting on a class: what happens to it happens to the people in it."""

import datetime as dt

from django.db import transaction

from content.history.recording import note
from courses.models import ScheduledClass, Seats
from courses.services import bump_revisions
from registrations.services import seats
from registrations.services.seats import Actor


def cancel_class(*, scheduled_class: ScheduledClass, actor: Actor, now: dt.datetime) -> int:
    """It will not take place: everyone with a seat or in line is cancelled and owed a letter.

    A class is cancelled once; a second time changes nothing. Returns how many people there were.
    """
    with transaction.atomic():
        # The lock comes first: whoever registers after it finds the class cancelled.
        Seats.objects.select_for_update().get(pk=scheduled_class.pk)
        scheduled_class.refresh_from_db(fields=["status", "cancelled_at"])
        if scheduled_class.status == ScheduledClass.Status.CANCELLED:
            return 0
        change = [scheduled_class.status, ScheduledClass.Status.CANCELLED]
        note(scheduled_class, actor=actor, now=now, status=change)
        scheduled_class.status = ScheduledClass.Status.CANCELLED
        scheduled_class.cancelled_at = now
        scheduled_class.save(update_fields=["status", "cancelled_at"])
        bump_revisions(scheduled_class)
        return seats.cancel_for_class(scheduled_class_id=scheduled_class.pk, actor=actor, now=now)


def last_class(*, but: ScheduledClass | None = None) -> ScheduledClass | None:
    """The one with the latest first day, whatever became of it; of the same course as `but`."""
    classes = ScheduledClass.objects.with_dates().for_page()
    dated = classes.filter(first_start__isnull=False)  # type: ignore[misc]  # annotated
    if but:
        dated = dated.filter(course=but.course_id).exclude(pk=but.pk)
    return dated.order_by("-first_start", "-pk").first()  # type: ignore[misc]  # annotated
