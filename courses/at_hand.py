"""Classes as a process remembers them: their own words, days and course, and no person."""

import copy

from content.kept import Memory, seen_mark
from content.public import public_mark
from courses.models import ScheduledClass

#: More than are open at one time.
MOST_CLASSES = 64

#: By slug for pages, by key under the lock of the class's seats.
_classes: Memory[ScheduledClass] = Memory(MOST_CLASSES)


def by_slug(slug: str) -> ScheduledClass:
    """As it was at the last look, for showing it: nothing may change it. Raises DoesNotExist.

    Its state is right too: whatever changes the words for free seats marks a change.
    """
    return _classes.recall(slug, seen_mark(), lambda: read(slug))


def read(slug: str) -> ScheduledClass:
    """As it is now, with all that its page asks: its language asks for the course's objectives."""
    classes = ScheduledClass.objects.for_page().prefetch_related("course__objectives")
    return sorted_once(classes.get(slug=slug))


def in_transaction(key: int) -> ScheduledClass:
    """As it is for this transaction at this moment. Its seats are the caller's to read."""
    classes = ScheduledClass.objects.prefetch_related("class_sessions")
    kept = _classes.recall(key, public_mark(), lambda: sorted_once(classes.get(pk=key)))
    return copy.copy(kept)


def sorted_once(scheduled_class: ScheduledClass) -> ScheduledClass:
    """With its meetings in order, before anybody else has it."""
    _ = scheduled_class.meetings
    return scheduled_class
