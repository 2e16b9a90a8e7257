"""Every page of the desk, with few rows and with years of them: as many queries, as quick.

The addresses come from the site itself, so that a new page is measured without a word here.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, thread_time
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.history.models import By, Change
from courses.models import ClassSession, ScheduledClass, Seats
from registrations.models import InterestSignup, Letter, Registration, RegistrationEvent
from tests.admin_forms import change, filled_in
from tests.factories import DENVER, NOW
from tests.registrations.test_roles import ASKED, CHIEF, allowed, client_of, desk, path_of
from tests.registrations.test_roles import world as world  # noqa: PLC0414  # named for pytest

pytestmark = pytest.mark.django_db

#: Under 25 for all: who is no superuser asks twice more, for permissions.
MOST_QUERIES = 23

#: Some take more: a page that does the act and takes it back, to say who would be told, takes what
#: the act takes. It is no more for many people than for few (docs/decisions/preview-then-act.md).
MORE_QUERIES = {
    # The log of accounts, for a superuser alone.
    "index": 24,
    "courses_scheduledclass_take_off": 24,
    "courses_scheduledclass_cancel": 47,
    "registrations_registration_seat": 38,
}

#: Pages of one person in a class, or of one session: no page of the whole class.
OF_ONE = {"courses_scheduledclass_certificate_preview"}

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
    found["roster"] = f"/admin/registrations/registration/?class={fullest()}"
    found["found"] = "/admin/registrations/registration/?q=person"
    found["fullest class"] = f"/admin/courses/scheduledclass/{fullest()}/"
    return found


def fullest() -> int:
    return Seats.objects.order_by("-taken", "pk").values_list("pk", flat=True)[0]


def pages_of_a_class(world: SimpleNamespace) -> dict[str, str]:
    """All that are about the people of one class, of the fullest one."""
    other = SimpleNamespace(keys=world.keys | {"courses_scheduledclass": fullest()})
    return {
        f"{name} of the fullest": path_of(name, route, other)
        for name, route in desk().items()
        if CHIEF in allowed()[name][0]
        and name not in OF_ONE
        and path_of(name, route, world) != path_of(name, route, other)
    }


def queries_of(client: Client, found: dict[str, str]) -> dict[str, int]:
    """How many statements each page takes."""
    counts = {}
    for name, path in found.items():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path, ASKED.get(name))
        counts[name] = len(queries)
        assert response.status_code < 400, path
    return counts


@pytest.mark.once
def test_every_page_of_the_desk_takes_as_many_queries_with_more_rows(world: SimpleNamespace):
    client, small = client_of(CHIEF, world), ScheduledClass.objects.earliest("pk")
    fill(classes=3, people=60, small=small)
    ContentType.objects.get_for_models(*apps.get_models())  # Kept between two requests.
    few = queries_of(client, pages(world) | pages_of_a_class(world))
    fill(classes=12, people=480, small=small)
    many = queries_of(client, pages(world) | pages_of_a_class(world))
    assert {name: (few[name], many[name]) for name in few if many[name] > few[name]} == {}
    assert too_many(many) == {}


def too_many(counts: dict[str, int]) -> dict[str, int]:
    return {
        name: count
        for name, count in counts.items()
        if count > MORE_QUERIES.get(name.removesuffix(" of the fullest"), MOST_QUERIES)
    }


@pytest.mark.prove
@pytest.mark.alone
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
    before = worked()
    ask()
    return worked() - before


def worked() -> float:
    """Seconds of work of this thread and of the database's process for it, where that can be known.

    No other process on the machine can make them longer.
    """
    if connection.vendor == "sqlite":
        return thread_time()
    process = Path(f"/proc/{connection.connection.info.backend_pid}")
    if not process.is_dir() or "postgres" not in (process / "comm").read_text():
        return perf_counter()
    return thread_time() + int((process / "schedstat").read_text().split()[0]) / 1e9


def analyse() -> None:
    """What a database does by itself after a while: count what is where."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


# What does an act and takes it back.


#: Of the acts that are shown first, the most statements; they are as many for 500 people as for 5.
MOST_OF_AN_ACT = 110

#: But SQLite writes many rows in pieces of so many or more.
PIECE = 40


def previews(client: Client, pk: int) -> dict[str, tuple[str, dict[str, Any] | None]]:
    """Address of each, and what was typed; None where nothing is."""
    form = change(pk)
    later = {"class_sessions-0-starts_at_1": "10:00", "class_sessions-0-ends_at_1": "18:00"}
    seated = Registration.objects.filter(scheduled_class=pk, status=Status.CONFIRMED).earliest("pk")
    write = {"key": str(uuid.uuid4()), "to": ["confirmed", "waitlisted"], "subject": "{dates}"}
    return {
        "cancel": (f"/admin/courses/scheduledclass/{pk}/cancel/", None),
        "take off": (f"/admin/courses/scheduledclass/{pk}/take-off/", None),
        "move a session": (form, filled_in(client, form, **later)),
        "join link": (form, filled_in(client, form, join_link="https://meet.example.org/new")),
        "write": (f"/admin/registrations/message/write/{pk}/", write | {"body": "Bring a pen."}),
        "cancel one": (f"/admin/registrations/registration/{seated.pk}/cancel/", {"reason": "x"}),
    }


def costs_of_previews(client: Client, pk: int) -> dict[str, int]:
    counts = {}
    for name, (path, typed) in previews(client, pk).items():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path) if typed is None else client.post(path, typed)
        assert "told" in response.context, name
        counts[name] = len(queries)
    return counts


@pytest.mark.once
def test_what_is_shown_before_an_act_costs_the_same_for_many_people(world: SimpleNamespace):
    few_and_many(world, people=60)


@pytest.mark.prove
def test_what_is_shown_before_an_act_costs_the_same_for_500(
    world: SimpleNamespace, capsys: pytest.CaptureFixture[str]
):
    found = few_and_many(world, people=500)
    with capsys.disabled():
        print(found)


def few_and_many(world: SimpleNamespace, *, people: int) -> dict[str, int]:
    client, small = client_of(CHIEF, world), ScheduledClass.objects.earliest("pk")
    fill(classes=1, people=10, small=small)
    with_few = fullest()
    fill(classes=1, people=people, small=small)
    costs_of_previews(client, with_few)  # The first look reads what later ones know.
    few, many = (costs_of_previews(client, pk) for pk in (with_few, fullest()))
    pieces = people // PIECE if connection.vendor == "sqlite" else 0
    assert {name for name in few if not few[name] <= many[name] <= few[name] + pieces} == set()
    assert max(few.values()) <= MOST_OF_AN_ACT
    return many
