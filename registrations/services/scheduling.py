"""Acting on a class: what happens to it happens to the people in it."""

import datetime as dt

from django.db import transaction

from content.history.recording import note
from courses import publishing
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
        scheduled_class.cancelled_at = now
        set_status(scheduled_class, ScheduledClass.Status.CANCELLED, actor, now)
        bump_revisions(scheduled_class)
        return seats.cancel_for_class(scheduled_class_id=scheduled_class.pk, actor=actor, now=now)


class CannotPublish(Exception):
    """Something is missing that readers have to know. `problems` say what, each at its field."""

    def __init__(self, problems: list[publishing.Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


def publish(*, scheduled_class: ScheduledClass, actor: Actor, now: dt.datetime) -> bool:
    """Put a draft on the site. False for what is no draft, and then nothing changes.

    Raises CannotPublish. What is only worth a thought is the caller's to ask about first.
    """
    with transaction.atomic():
        # As it is once nobody else can change it.
        Seats.objects.select_for_update().get(pk=scheduled_class.pk)
        draft = publishing.for_publishing(ScheduledClass.objects.all()).get(pk=scheduled_class.pk)
        if draft.status != ScheduledClass.Status.DRAFT:
            return False
        problems = publishing.errors(draft, now)
        if problems:
            raise CannotPublish(problems)
        set_status(draft, ScheduledClass.Status.PUBLISHED, actor, now)
        return True


def take_off_the_site(*, scheduled_class: ScheduledClass, actor: Actor, now: dt.datetime) -> bool:
    """A draft again: only staff see it, and who is registered stays so. False when it was none."""
    with transaction.atomic():
        Seats.objects.select_for_update().get(pk=scheduled_class.pk)
        published = ScheduledClass.objects.for_page().get(pk=scheduled_class.pk)
        if published.status != ScheduledClass.Status.PUBLISHED:
            return False
        set_status(published, ScheduledClass.Status.DRAFT, actor, now)
        return True


def set_status(
    scheduled_class: ScheduledClass, status: str, actor: Actor, now: dt.datetime
) -> None:
    note(scheduled_class, actor=actor, now=now, status=[scheduled_class.status, status])
    scheduled_class.status = status
    scheduled_class.save(update_fields=["status", "cancelled_at"])


def last_class(*, but: ScheduledClass | None = None) -> ScheduledClass | None:
    """The one with the latest first day, whatever became of it; of the same course as `but`."""
    classes = ScheduledClass.objects.with_dates().for_page()
    dated = classes.filter(first_start__isnull=False)  # type: ignore[misc]  # annotated
    if but:
        dated = dated.filter(course=but.course_id).exclude(pk=but.pk)
    return dated.order_by("-first_start", "-pk").first()  # type: ignore[misc]  # annotated
