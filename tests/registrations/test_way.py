"""The way to the certificate on the person's own page, as attendance is recorded."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from courses.models import Course
from registrations.links import token_for
from registrations.models import Registration
from tests.factories import DENVER, make_class
from tests.registrations.people import join
from tests.registrations.test_attendance import write

pytestmark = pytest.mark.django_db

NIGHT_AFTER_DAY_1 = dt.datetime(2027, 1, 16, 20, tzinfo=DENVER)
OVER = dt.datetime(2027, 1, 23, 18, tzinfo=DENVER)


@pytest.fixture
def maria() -> Registration:
    return join(make_class(), 1)


def way(client: Client, person: Registration) -> list[str]:
    """The steps, each as one line; a tick is heard as done."""
    text = page(client, person)
    steps = text.split('<ol class="steps">')[1].split("</ol>")[0]
    return [
        " ".join(html.unescape(re.sub(r"<[^>]+>", " ", step)).split())
        for step in steps.split("<li>")[1:]
    ]


def page(client: Client, person: Registration, prefix: str = "") -> str:
    return client.get(f"{prefix}/registrations/{token_for(person)}/").text


def test_before_the_class_all_is_to_come(client: Client, maria: Registration):
    assert way(client, maria) == [
        "Registered : done",
        "Day 1 Saturday, January 16, 2027",
        "Day 2 Saturday, January 23, 2027",
        "Certificate, 12 CE credits Be there for the whole class.",
    ]


def test_what_is_recorded_is_said_at_once(
    client: Client, maria: Registration, clock: time_machine.Traveller
):
    clock.move_to(NIGHT_AFTER_DAY_1)
    assert way(client, maria)[1] == "Day 1 Saturday, January 16, 2027 Not recorded yet."
    write(maria, 1, "present", now=NIGHT_AFTER_DAY_1)
    assert way(client, maria)[1:] == [
        "Day 1 : done Saturday, January 16, 2027 6 hours recorded.",
        "Day 2 Saturday, January 23, 2027",
        (
            "Certificate, 12 CE credits Day 1: 6 hours recorded. Day 2 to come. "
            "Be there for the whole class."
        ),
    ]


def test_what_is_missing_is_a_sentence(
    client: Client, maria: Registration, clock: time_machine.Traveller
):
    clock.move_to(OVER)
    write(maria, 1, "present", now=OVER)
    write(maria, 2, "partly", 50, now=OVER)
    assert way(client, maria)[2:] == [
        "Day 2 Saturday, January 23, 2027 5 hours 10 minutes recorded, 50 minutes missing.",
        (
            "Certificate, 12 CE credits Not complete. Missing: 50 minutes of Day 2. "
            "Be there for the whole class."
        ),
    ]
    with override("es"):
        assert "Falta: 50 minutos de Día 2." in page(client, maria, "/es")


@pytest.mark.parametrize(
    ("presences", "words"),
    [
        ([], "You had a seat in it."),
        (["absent"], "You had a seat in it."),
        (["absent", "excused"], "You are recorded as not there."),
        (["absent", "partly"], "You took part in it."),
    ],
)
def test_after_the_class_the_page_says_whether_they_took_part(
    client: Client,
    maria: Registration,
    clock: time_machine.Traveller,
    presences: list[str],
    words: str,
):
    clock.move_to(OVER)
    for day, presence in enumerate(presences, start=1):
        write(maria, day, presence, 5 if presence == "partly" else 0, now=OVER)
    assert words in page(client, maria)


def test_the_page_costs_the_same_with_attendance_as_without(
    client: Client, maria: Registration, clock: time_machine.Traveller
):
    clock.move_to(OVER)
    page(client, maria)
    costs = []
    for day, presence in [(None, ""), (1, "present"), (2, "absent")]:
        if day:
            write(maria, day, presence, now=OVER)
        with CaptureQueriesContext(connection) as queries:
            page(client, maria)
        costs.append(len(queries))
    # When all is recorded, one more question: whether they were in any session at all.
    assert costs[2] <= costs[1] + 1


def test_the_rule_is_read_before_anybody_registers(client: Client):
    scheduled_class = make_class()
    Course.objects.update(
        attendance_percent=80,
        grace_minutes=10,
        partial_credit=True,
        make_up_allowed=True,
        excused_left_out=True,
        evaluation_required=True,
    )
    rule = (
        "Be there for at least 80% of the class. Up to 10 minutes missed in a session count as "
        "none. If you miss more, you get credits for the time you were there. A session that you "
        "miss can be made up in a later class. If staff excuse you from a session, you get credits "
        "for the others. Then answer a short evaluation."
    )
    for path in ["", "register/"]:
        assert rule in client.get(f"/classes/{scheduled_class.slug}/{path}").text
