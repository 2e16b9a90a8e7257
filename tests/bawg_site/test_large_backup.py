"""A long proof: 20,000 people are kept and brought back in little memory and time."""

import time
from pathlib import Path

import psutil
import pytest
from django.db import connection

from bawg_site.backup import tables
from bawg_site.backup.making import make
from bawg_site.backup.restoring import Told, restore
from courses.models import Seats
from registrations.models import Letter, Registration, RegistrationEvent
from registrations.services.ledger import check_seats
from tests.factories import NOW, make_answers, make_class

PEOPLE = 20_000
MEGABYTE = 1_000_000


def fill() -> None:
    scheduled_class = make_class(capacity=PEOPLE)
    answers = [make_answers(number) for number in range(PEOPLE)]
    people = Registration.objects.bulk_create(
        [
            Registration(
                scheduled_class=scheduled_class,
                full_name=one.full_name,
                email=one.email,
                email_key=one.email,
                status=Registration.Status.CONFIRMED,
                proved_at=NOW,
                created_at=NOW,
            )
            for one in answers
        ],
        batch_size=1000,
    )
    RegistrationEvent.objects.bulk_create(
        [
            RegistrationEvent(registration=person, at=NOW, to_status=person.status, by="person")
            for person in people
        ],
        batch_size=1000,
    )
    Letter.objects.bulk_create(
        [
            Letter(
                registration=person,
                kind="confirmed",
                turn=1,
                state="sent",
                created_at=NOW,
                next_try_at=NOW,
                sent_at=NOW,
            )
            for person in people
        ],
        batch_size=1000,
    )
    Seats.objects.filter(pk=scheduled_class.pk).update(taken=PEOPLE, open=0)


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_many_people_are_kept_and_brought_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill()
    memory = psutil.Process().memory_info
    make(tmp_path / "first.zip")  # What is loaded once is not of the measure.
    before, began = memory().rss, time.perf_counter()
    archive = make(tmp_path / "second.zip")
    seconds_out, grown_out = time.perf_counter() - began, memory().rss - before
    tables.empty()
    before, began = memory().rss, time.perf_counter()
    restore(archive, Told(), NOW)
    seconds_in, grown_in = time.perf_counter() - began, memory().rss - before
    with capsys.disabled():
        print(
            f"\n{connection.vendor}: {archive.manifest.rows} rows, "
            f"{archive.path.stat().st_size / MEGABYTE:.1f} MB; "
            f"backup {seconds_out:.1f} s and {grown_out / MEGABYTE:.0f} MB more memory, "
            f"restore {seconds_in:.1f} s and {grown_in / MEGABYTE:.0f} MB"
        )
    assert Registration.objects.count() == PEOPLE
    assert check_seats() == []
    assert grown_out < 30 * MEGABYTE
    assert grown_in < 60 * MEGABYTE
    assert seconds_out < 60
    assert seconds_in < 120
