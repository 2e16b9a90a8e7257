"""Where staff meet certificates without looking for them: the desk, and the page of a person."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import ScheduledClass
from registrations.desk import addresses
from registrations.desk.facts import Facts
from registrations.desk.todo import OF_WHAT_WAS, to_do
from registrations.models import Certificate
from registrations.services import certificates
from tests.registrations.certificates.classes import (
    OVER,
    STAFF,
    issued_to,
    order,
    past_class,
    record,
    seated,
    work,
)
from tests.registrations.test_registering import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after_the_class(clock: time_machine.Traveller) -> None:
    clock.move_to(OVER)


def said(now: dt.datetime = OVER, scheduled_class: ScheduledClass | None = None) -> list[str]:
    chief = User.objects.filter(username="chief").first() or User.objects.create_superuser("chief")
    classes = None if scheduled_class is None else [scheduled_class]
    return [todo.sentence for todo in to_do(Facts(now, classes), chief, OF_WHAT_WAS)]


def test_who_has_earned_one_and_has_none_is_a_line_of_the_desk_until_it_is_asked_for():
    scheduled_class = past_class("Ana Ruiz", "Bo Lee")
    record(seated(scheduled_class, "Not There"), "present", "absent")
    line = "2 certificates are ready to issue for January 16 and 23, 2027."
    assert said() == said(scheduled_class=scheduled_class) == [line]
    assert said(scheduled_class=past_class()) == []
    order(scheduled_class)
    assert said() == []
    work()
    assert said() == []


def test_the_line_leads_to_where_they_are_issued():
    scheduled_class = past_class("Ana Ruiz")
    user = User.objects.create_superuser("boss")
    [todo] = to_do(Facts(OVER), user, OF_WHAT_WAS)
    assert todo.sentence == "1 certificate is ready to issue for January 16 and 23, 2027."
    assert todo.url == addresses.certificates(scheduled_class)
    assert to_do(Facts(OVER), User.objects.create_user("nobody"), OF_WHAT_WAS) == []


def test_neither_before_the_class_is_over_nor_after_a_year_nor_of_who_lost_one():
    certificate = issued_to("Ana Ruiz")
    certificates.revoke(certificate=certificate, why="A mistake.", actor=STAFF, now=OVER)
    assert said() == []
    past_class("Bo Lee")
    assert len(said()) == 1
    assert said(OVER - dt.timedelta(days=3)) == []
    assert said(OVER + dt.timedelta(days=366)) == []


def test_the_line_takes_the_same_queries_for_few_and_for_many():
    scheduled_class = past_class("Ana Ruiz")

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert Facts(OVER).certificates_ready
        return len(found)

    few = queries()
    for number in range(8):
        record(seated(scheduled_class, f"Person {number}"), "present", "present")
    past_class("Bo Lee")
    assert queries() == few <= 6


def test_the_page_of_a_person_lists_theirs(admin_client: Client):
    old = issued_to("Ana Ruiz")
    certificates.replace(
        certificate=old, corrected={"full_name": "Ana Vega"}, actor=STAFF, now=OVER
    )
    new = Certificate.objects.get(full_name="Ana Vega")
    answer = admin_client.get(addresses.person(old.registration))
    page = text_of(answer)
    assert f"{old.number} Replaced by {new.number} Monday, January 25, 2027" in page
    assert f"{new.number} Valid Monday, January 25, 2027" in page
    assert addresses.certificate(new) in answer.content.decode()
    certificates.revoke(certificate=new, why="Wrong class.", actor=STAFF, now=OVER)
    assert "Revoked: Wrong class." in text_of(admin_client.get(addresses.person(old.registration)))
