"""What the worker does by itself."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection

from courses.models import Seats
from registrations.models import Heartbeat, Registration
from registrations.services import jobs, seats
from tests.factories import NOW, make_answers, make_class
from tests.registrations.people import statuses

pytestmark = pytest.mark.django_db


def test_one_round_of_the_worker_ends_offers_and_leaves_a_heartbeat_for_each_job() -> None:
    scheduled_class = make_class(capacity=1)
    before = NOW - dt.timedelta(days=5)
    seats.register(scheduled_class_id=scheduled_class.pk, answers=make_answers(1), now=before)
    call_command("work", once=True)
    assert statuses(scheduled_class) == {"person-1": "lapsed"}
    assert set(Heartbeat.objects.values_list("job", flat=True)) == {job.name for job in jobs.JOBS}


def test_a_nightly_job_runs_once_a_night_whoever_comes_first() -> None:
    runs: list[dt.datetime] = []

    def note(now: dt.datetime) -> int:
        runs.append(now)
        return 0

    job = jobs.Job("nightly", jobs.NIGHTLY, note)
    for hours in (0, 1, 23, 24, 25):
        jobs.run(job, NOW + dt.timedelta(hours=hours))
    assert runs == [NOW, NOW + dt.timedelta(hours=24)]


def test_a_nightly_job_whose_worker_dies_is_tried_again_within_the_hour_and_by_one_worker() -> None:
    runs: list[dt.datetime] = []

    def die(now: dt.datetime) -> int:
        raise KeyboardInterrupt

    def note(now: dt.datetime) -> int:
        runs.append(now)
        # Another worker comes while this one is at it.
        assert jobs.run(job, now + dt.timedelta(minutes=10)) == 0
        return 0

    with pytest.raises(KeyboardInterrupt):
        jobs.run(jobs.Job("nightly", jobs.NIGHTLY, die), NOW)
    assert Heartbeat.objects.get().beat_at is None
    job = jobs.Job("nightly", jobs.NIGHTLY, note)
    for minutes in (30, 60, 90, 150, 24 * 60 + 30, 25 * 60):
        jobs.run(job, NOW + dt.timedelta(minutes=minutes))
    assert runs == [NOW + dt.timedelta(hours=1), NOW + dt.timedelta(hours=25)]


def test_check_seats_names_the_class_and_fails_where_the_number_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scheduled_class = make_class(capacity=5, taken=2)
    call_command("check_seats")
    Seats.objects.filter(pk=scheduled_class.pk).update(taken=4, open=1)
    with pytest.raises(SystemExit, match="1"):
        call_command("check_seats")
    out = capsys.readouterr().out
    assert "All seats are right." in out
    assert "taken is 4, but 2 are there." in out


@pytest.mark.django_db(transaction=True)
def test_one_job_that_fails_leaves_the_others_running(caplog: pytest.LogCaptureFixture) -> None:
    scheduled_class = make_class(capacity=1)
    before = NOW - dt.timedelta(days=5)
    seats.register(scheduled_class_id=scheduled_class.pk, answers=make_answers(1), now=before)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_session RENAME TO gone")
        try:
            call_command("work", once=True)
        finally:
            cursor.execute("ALTER TABLE gone RENAME TO django_session")
    assert [vars(record).get("job") for record in caplog.records] == ["web sessions"]
    assert Heartbeat.objects.filter(job="erasing").exists()
    assert Registration.objects.count() == 1
