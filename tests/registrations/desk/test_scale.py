"""Every page of the desk, with few rows and with years of them: as many queries, as quick.

The addresses come from the site itself, so that a new page is measured without a word here.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from time import perf_counter, thread_time
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.history.models import By, Change
from courses.models import ClassSession, ScheduledClass, Seats
from registrations.models import InterestSignup, Letter, Registration, RegistrationEvent
from tests.factories import DENVER, NOW
from tests.registrations.test_roles import ASKED, CHIEF, allowed, client_of, desk, path_of
from tests.registrations.test_roles import world as world  # noqa: PLC0414  # named for pytest

pytestmark = pytest.mark.django_db

#: Under 25 for all: who is no superuser asks twice more, for permissions.
MOST_QUERIES = 23

#: Some take more. The first page reads the log of accounts for a superuser alone. And a page that
#: does the act and takes it back, to say who would be told, takes what the act takes.
MORE_QUERIES = {
    "index": 24,
    # One for each rule of what is erased when.
    "registrations_registration_erasing": 26,
    "courses_scheduledclass_cancel": 60,
    "courses_scheduledclass_take_off": 40,
    "registrations_registration_seat": 40,
}

NO_PAGES = {"logout"}

A_WEEK = dt.timedelta(weeks=1)
Status = Registration.Status

#: Of ten people six have a seat, two wait, two are gone.
STATUSES = [Status.CONFIRMED] * 6 + [Status.WAITLISTED] * 2 + [Status.CANCELLED, Status.LAPSED]


#: When the latest of many classes begins: some of them are still to come.
LATEST = dt.datetime(2027, 4, 3, 9, tzinfo=DENVER)


def fill(*, classes: int, people: int, small: ScheduledClass, latest: dt.datetime = LATEST) -> None:
    """Classes, one a week, most of them over; written at once, as services would take hours."""
    first = ScheduledClass.objects.count()
    made = [
        ScheduledClass.objects.create(
            course=small.course,
            slug=f"of-many-{number}",
            status=ScheduledClass.Status.PUBLISHED,
            delivery=ScheduledClass.Delivery.ONLINE,
            join_link="https://meet.example.org/class",
            cost="Free",
            cancellation="On your own page.",
        )
        for number in range(first, first + classes)
    ]
    ClassSession.objects.bulk_create(
        ClassSession(
            scheduled_class=one,
            starts_at=latest - number * A_WEEK + day,
            ends_at=latest - number * A_WEEK + day + dt.timedelta(hours=8),
            credit_minutes=360,
        )
        for number, one in enumerate(made)
        for day in (dt.timedelta(0), dt.timedelta(days=1))
    )
    in_each = people // classes
    Registration.objects.bulk_create(
        person(one, number) for one in made for number in range(in_each)
    )
    for one in made:
        seated = sum(STATUSES[number % 10] == Status.CONFIRMED for number in range(in_each))
        line = sum(STATUSES[number % 10] == Status.WAITLISTED for number in range(in_each))
        Seats.objects.filter(pk=one.pk).update(capacity=seated, taken=seated, waiting=line)
    new = Registration.objects.filter(scheduled_class__in=made)
    RegistrationEvent.objects.bulk_create(turn for one in new for turn in turns(one))
    Letter.objects.bulk_create(letter for one in new for letter in letters(one))
    InterestSignup.objects.bulk_create(
        InterestSignup(
            email=f"waits-{first}-{number}@peers.test",
            email_key=f"waits-{first}-{number}@peers.test",
            created_at=NOW,
            confirmed_at=NOW,
        )
        for number in range(max(people // 20, 20))
    )
    Change.objects.bulk_create(
        Change(
            at=NOW,
            by=By.STAFF,
            owner=label,
            owner_key=key,
            what=label,
            key=key,
            name="One of many",
            kind=Change.Kind.CHANGED,
            fields={"town": ["", "Boulder"]},
        )
        for one in made
        for label, key in [("courses.scheduledclass", one.pk), ("content.sitesettings", 1)]
    )


def person(scheduled_class: ScheduledClass, number: int) -> Registration:
    status = STATUSES[number % 10]
    address = f"many-{scheduled_class.pk}-{number}@peers.test"
    return Registration(
        scheduled_class=scheduled_class,
        full_name=f"Person {number:04}",
        name_key=f"person {number:04}",
        email=address,
        email_key=address,
        role="peer",
        status=status,
        proved_at=NOW,
        created_at=NOW,
        place=number + 1 if status == Status.WAITLISTED else None,
        mail_problem="No such user" if number == 0 else "",
        mail_problem_at=NOW if number == 0 else None,
    )


def turns(registration: Registration) -> Iterator[RegistrationEvent]:
    for before, after in [("", Status.OFFERED), (Status.OFFERED, registration.status)]:
        yield RegistrationEvent(
            registration=registration, at=NOW, from_status=before, to_status=after, by=By.STAFF
        )


def letters(registration: Registration) -> Iterator[Letter]:
    for turn, kind in enumerate([Letter.Kind.HELD, Letter.Kind.CONFIRMED]):
        yield Letter(
            registration=registration,
            kind=kind,
            turn=turn,
            state=Letter.State.SENT,
            created_at=NOW,
            next_try_at=NOW,
            sent_at=NOW,
        )


def pages(world: SimpleNamespace) -> dict[str, str]:
    """The address of each page of the desk that is read, and the roster of the fullest class."""
    found = {
        name: path_of(name, route, world)
        for name, route in desk().items()
        if CHIEF in allowed()[name][0] and name not in NO_PAGES
    }
    fullest = Seats.objects.order_by("-taken", "pk").values_list("pk", flat=True)[0]
    found["roster"] = f"/admin/registrations/registration/?class={fullest}"
    found["found"] = "/admin/registrations/registration/?q=person"
    found["fullest class"] = f"/admin/courses/scheduledclass/{fullest}/"
    return found


def queries_of(client: Client, found: dict[str, str]) -> dict[str, int]:
    """How many statements each page takes."""
    counts = {}
    for name, path in found.items():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path, ASKED.get(name))
        counts[name] = len(queries)
        assert response.status_code < 400, path
    return counts


def test_every_page_of_the_desk_takes_as_many_queries_with_more_rows(world: SimpleNamespace):
    client, small = client_of(CHIEF, world), ScheduledClass.objects.earliest("pk")
    fill(classes=3, people=60, small=small)
    ContentType.objects.get_for_models(*apps.get_models())  # Kept between two requests.
    few = queries_of(client, pages(world))
    fill(classes=12, people=480, small=small)
    many = queries_of(client, pages(world))
    assert {name: (few[name], many[name]) for name in few if many[name] > few[name]} == {}
    assert too_many(many) == {}


def too_many(counts: dict[str, int]) -> dict[str, int]:
    return {
        name: count
        for name, count in counts.items()
        if count > MORE_QUERIES.get(name, MOST_QUERIES)
    }


@pytest.mark.prove
def test_no_page_of_the_desk_takes_twice_its_time_for_200_classes_and_20000_people(
    world: SimpleNamespace, capsys: pytest.CaptureFixture[str]
):
    client, small = client_of(CHIEF, world), ScheduledClass.objects.earliest("pk")
    fill(classes=20, people=20, small=small)
    few = times_of(client, pages(world))
    fill(classes=200, people=20_000, small=small)
    analyse()
    found = pages(world)
    many = times_of(client, found)
    counts = queries_of(client, found)
    with capsys.disabled():
        for name in sorted(many, key=lambda name: -many[name] / few[name]):
            ratio = many[name] / few[name]
            print(f"{ratio:5.2f} {1000 * many[name]:6.1f} ms {counts[name]:3} queries {name}")
    assert {name for name in many if many[name] > 2 * few[name]} == set()
    assert too_many(counts) == {}


def times_of(client: Client, found: dict[str, str]) -> dict[str, float]:
    """The shortest of some: what the page takes when the machine does nothing else."""
    for name, path in found.items():
        client.get(path, ASKED.get(name))
    return {
        name: min(
            timed(lambda path=path, name=name: client.get(path, ASKED.get(name))) for _ in range(5)
        )
        for name, path in found.items()
    }


def timed(ask: Callable[[], object]) -> float:
    """SQLite works in this thread, whose own time no other process can lengthen."""
    clock = thread_time if connection.vendor == "sqlite" else perf_counter
    before = clock()
    ask()
    return clock() - before


def analyse() -> None:
    """What a database does by itself after a while: count what is where."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
