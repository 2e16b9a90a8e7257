import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from registrations.models import Heartbeat, Letter
from registrations.services import seats
from registrations.services.jobs import JOBS, Job
from tests.factories import make_answers, make_class


def beat(*, but: str = "") -> None:
    """Every job has just been done, but one."""
    for job in JOBS:
        if job.name != but:
            Heartbeat.objects.create(job=job.name, beat_at=timezone.now())


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    return response.status_code, response.json()


def test_healthz_answers_before_any_check_of_host_or_https(client: Client, settings: Any):
    settings.ALLOWED_HOSTS = []
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/healthz", headers={"host": "a.stranger.test"})
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_a_site_whose_worker_beats_is_ready(client: Client):
    beat()
    status, report = ready(client)
    assert status == 200
    assert report == {
        "ready": True,
        "database": {"ok": True, "says": "It answers."},
        "migrations": {"ok": True, "says": "All are applied."},
        "worker": {"ok": True, "says": "Last heard of less than ten minutes ago."},
        "letters": {"ok": True, "says": "None has waited for more than ten minutes."},
    }


@pytest.mark.django_db
def test_it_is_never_kept(client: Client):
    assert "no-store" in client.get("/readyz").headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_one_job_that_was_never_done_is_enough_to_be_not_ready(client: Client, job: Job):
    beat(but=job.name)
    status, report = ready(client)
    assert (status, report["ready"]) == (503, False)
    assert report["worker"] == {"ok": False, "says": f"Not done in time: {job.name}."}


@pytest.mark.django_db
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 503)])
def test_a_job_may_be_late_by_five_minutes(client: Client, job: Job, minutes: int, status: int):
    beat(but=job.name)
    late = job.every + dt.timedelta(minutes=minutes)
    Heartbeat.objects.create(job=job.name, beat_at=timezone.now() - late)
    assert ready(client)[0] == status


def owe_letter(email: str, minutes: int) -> None:
    registered_at = timezone.now() - dt.timedelta(minutes=minutes)
    answers = make_answers(email=email)
    seats.register(scheduled_class_id=make_class().pk, answers=answers, now=registered_at)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "status", "says"),
    [
        (9, 200, "None has waited for more than ten minutes."),
        (25, 200, "The oldest one that is owed was written more than 20 minutes ago."),
        (61, 503, "more than 60 minutes ago, and none has gone out since an hour."),
    ],
)
def test_letters_that_do_not_go_out_are_told(client: Client, minutes: int, status: int, says: str):
    """Also those that were tried in vain and wait for their next try."""
    beat()
    owe_letter("maria@peers.test", minutes)
    Letter.objects.update(attempts=3, next_try_at=timezone.now() + dt.timedelta(hours=1))
    found, report = ready(client)
    assert found == status
    assert says in report["letters"]["says"]
    assert "maria" not in str(report)


@pytest.mark.django_db
def test_one_mailbox_that_takes_no_mail_is_no_outage(client: Client):
    beat()
    owe_letter("full@peers.test", 200)
    owe_letter("well@peers.test", 5)
    well = Letter.objects.filter(registration__email="well@peers.test")
    well.update(state=Letter.State.SENT, sent_at=timezone.now())
    status, report = ready(client)
    assert status == 200
    assert report["letters"]["says"].endswith("others go out.")


@pytest.mark.django_db
def test_invented_people_are_owed_nothing(client: Client):
    beat()
    owe_letter("sample@example.invalid", 200)
    assert ready(client)[0] == 200


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_told(client: Client):
    beat()
    MigrationRecorder(connection).record_unapplied("registrations", "0017_evaluation")
    status, report = ready(client)
    assert status == 503
    assert report["migrations"]["says"] == "Not applied: 1. Run `manage.py migrate`."


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_not_ready(client: Client):
    def fail(*_: object) -> None:
        raise DatabaseError

    with connection.execute_wrapper(fail):
        status, report = ready(client)
    assert (status, report["database"]) == (503, {"ok": False, "says": "It does not answer."})
    assert not report["letters"]["ok"]


def test_health_is_only_read(client: Client):
    assert client.post("/readyz").status_code == 405
