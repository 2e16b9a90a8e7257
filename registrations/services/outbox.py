"""Taking letters out of the outbox: a handful at a time is one worker's."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects

from courses.models import ScheduledClass
from registrations.models import Letter

#: How long a claimed letter is one worker's. A worker that dies leaves it to the next after this.
CLAIM = dt.timedelta(minutes=5)

#: So many are claimed and read together; after that each costs no more than its mail and its mark.
HANDFUL = 20


def take(now: dt.datetime) -> list[Letter]:
    """The next letters that are due, for this worker alone: what one claims, the others skip."""
    with transaction.atomic():
        due = Letter.objects.due(now).with_replaced().select_related("registration", "interest")
        mine = list(together(due.select_for_update(skip_locked=True, of=("self",))[:HANDFUL]))
        for letter in mine:
            letter.claimed_until = now + CLAIM
        keys = [letter.pk for letter in mine]
        Letter.objects.filter(pk__in=keys).update(claimed_until=now + CLAIM)
    # After the claim, so that a class is never older than the letter that tells of it.
    classes = Prefetch("registration__scheduled_class", ScheduledClass.objects.for_page())
    prefetch_related_objects(mine, classes)
    return mine


def together(letters: Iterable[Letter]) -> Iterator[Letter]:
    """As many of the first as can be read at once: sending one changes nothing for another.

    A second try may first give its person more time, and news ends a sign-up: these go alone.
    """
    people: set[int | None] = set()
    for letter in letters:
        goes_alone = bool(letter.attempts) or letter.registration_id is None
        if people and (goes_alone or letter.registration_id in people):
            return
        yield letter
        if goes_alone:
            return
        people.add(letter.registration_id)


def give_back(letters: Collection[Letter]) -> None:
    """Not dealt with after all: anybody's again, at once."""
    if letters:
        keys = [letter.pk for letter in letters]
        Letter.objects.filter(pk__in=keys, state=Letter.State.OWED).update(claimed_until=None)
