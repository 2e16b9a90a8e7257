"""The letter that asks how a class was."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from courses.models import ScheduledClass
from registrations.models import Letter, Registration
from registrations.services import erasing, seats
from registrations.services.delivery import deliver_due
from registrations.services.jobs import write_reminders
from tests.factories import NOW, make_class
from tests.registrations.evaluation.answering import (
    LATER,
    OVER,
    answer,
    held,
    page_of,
    was_not_there,
)
from tests.registrations.people import join
from tests.registrations.test_registering import text_of

pytestmark = pytest.mark.django_db


def letters() -> list[tuple[str, str]]:
    found = Letter.objects.filter(kind="evaluate").order_by("pk").select_related("registration")
    return [(str(one.registration), one.state) for one in found]


def test_after_the_last_session_a_letter_opens_the_form_once() -> None:
    [person] = held()
    write_reminders(OVER - dt.timedelta(minutes=1))
    assert letters() == []
    for moment in [OVER, OVER, LATER]:
        write_reminders(moment)
    assert letters() == [("Person 0", "owed")]
    deliver_due(clock=lambda: LATER)
    [sent] = mail.outbox
    assert sent.subject == "Your class on January 16 and 23, 2027"
    assert "Your class is over. Please tell us how it was." in sent.body
    assert "Your certificate needs it" not in sent.body
    link = re.search(r"http://testserver(\S+)", str(sent.body))
    assert link
    assert link[1] == page_of(person)
    with time_machine.travel(LATER):
        assert "The objectives" in text_of(Client().get(link[1], follow=True))


def test_the_letter_says_when_the_certificate_needs_it_and_speaks_spanish() -> None:
    [person] = held(evaluation_required=True)
    Registration.objects.update(language="es")
    write_reminders(OVER)
    deliver_due(clock=lambda: LATER)
    [sent] = mail.outbox
    assert "Su certificado la necesita." in sent.body
    assert page_of(person, language="/es") in sent.body


def test_who_had_no_seat_or_a_cancelled_class_is_not_asked() -> None:
    held()
    waits = join(make_class(capacity=0, slug="full"), "waits")
    gone = join(make_class(slug="gone"), "gone")
    seats.leave(registration=gone, actor=seats.PERSON, now=NOW)
    called_off = join(make_class(slug="off"), "off")
    ScheduledClass.objects.filter(pk=called_off.scheduled_class_id).update(status="cancelled")
    write_reminders(OVER)
    assert letters() == [("Person 0", "owed")]
    assert waits.status == "waitlisted"


def erased(person: Registration) -> None:
    erasing.erase(registration=person, actor=seats.PERSON, now=LATER)


@pytest.mark.parametrize("meanwhile", [erased, was_not_there, answer])
def test_the_letter_does_not_go_out_when_there_is_nothing_to_ask_any_more(meanwhile: Any) -> None:
    [person] = held()
    write_reminders(OVER)
    meanwhile(person)
    deliver_due(clock=lambda: LATER)
    write_reminders(LATER)
    assert [state for _person, state in letters()] == ["superseded"]
    assert mail.outbox == []


def test_long_after_a_class_nobody_is_asked() -> None:
    held()
    write_reminders(OVER + dt.timedelta(days=14))
    assert letters() == []
