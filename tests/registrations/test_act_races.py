"""Two of the staff press the button of the same preview at the same moment."""

import datetime as dt
from functools import partial

import pytest

from courses.models import ScheduledClass
from registrations.admin.previewing import NotAsShown, perform, rehearse
from registrations.models import Letter
from registrations.services import scheduling, seats
from registrations.services.ledger import check_seats
from tests.factories import NOW, make_class
from tests.registrations.at_once import at_once
from tests.registrations.people import register, statuses

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + dt.timedelta(hours=1)


def cancel(now: dt.datetime) -> None:
    scheduled_class = ScheduledClass.objects.get()
    scheduling.cancel_class(scheduled_class=scheduled_class, actor=seats.SITE, now=now)


def test_one_of_two_who_press_at_once_cancels_and_the_other_is_shown_it_anew() -> None:
    scheduled_class = make_class(taken=3)
    shown = rehearse(cancel, LATER).fingerprint
    moments = [LATER + dt.timedelta(seconds=number) for number in range(4)]
    problems = at_once(partial(perform, cancel, moment, shown) for moment in moments)
    assert [type(problem) for problem in problems] == [NotAsShown] * 3
    assert set(statuses(scheduled_class).values()) == {"cancelled"}
    assert Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED).count() == 3
    assert check_seats() == []


def test_who_registers_at_the_moment_of_the_press_is_never_left_untold() -> None:
    scheduled_class = make_class(taken=1)
    shown = rehearse(cancel, LATER).fingerprint
    problems = at_once(
        [
            partial(perform, cancel, LATER, shown),
            *(partial(register, scheduled_class, number, LATER) for number in range(3)),
        ]
    )
    cancelled = ScheduledClass.objects.get().status == "cancelled"
    refused = any(isinstance(problem, NotAsShown) for problem in problems)
    assert cancelled != refused
    told = Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED).count()
    assert told == (1 if cancelled else 0)
    live = [status for status in statuses(scheduled_class).values() if status != "cancelled"]
    assert bool(live) != cancelled
    assert check_seats() == []
