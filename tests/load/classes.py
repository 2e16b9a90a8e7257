"""Classes to measure with, on days that lie ahead whenever it is."""

import datetime as dt

from django.utils import timezone

from courses.models import ScheduledClass
from tests.factories import make_class


def open_class(*, capacity: int = 24, line_size: int = 10_000) -> ScheduledClass:
    scheduled_class = make_class(capacity=capacity, line_size=line_size)
    first = timezone.now() + dt.timedelta(days=60)
    for number, meeting in enumerate(scheduled_class.class_sessions.order_by("pk")):
        length = meeting.ends_at - meeting.starts_at
        meeting.starts_at = first + number * dt.timedelta(days=7)
        meeting.ends_at = meeting.starts_at + length
        meeting.save()
    return ScheduledClass.objects.get(pk=scheduled_class.pk)
