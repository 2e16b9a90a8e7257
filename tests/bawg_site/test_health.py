import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection
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
    assert ready(client) == (
        200,
        {"database": True, "migrations": True, "worker": True, "oldest_letter_owed_minutes": 0},
    )


@pytest.mark.django_db
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_one_job_that_was_never_done_is_enough_to_be_not_ready(client: Client, job: Job):
    beat(but=job.name)
    status, parts = ready(client)
    assert (status, parts["worker"]) == (503, False)


@pytest.mark.django_db
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 503)])
def test_a_job_may_be_late_by_five_minutes(client: Client, job: Job, minutes: int, status: int):
    beat(but=job.name)
    late = job.every + dt.timedelta(minutes=minutes)
    Heartbeat.objects.create(job=job.name, beat_at=timezone.now() - late)
    assert ready(client)[0] == status


@pytest.mark.django_db
def test_readyz_says_how_long_the_oldest_letter_is_owed(client: Client):
    beat()
    scheduled_class = make_class()
    registered_at = timezone.now() - dt.timedelta(hours=1)
    seats.register(scheduled_class_id=scheduled_class.pk, answers=make_answers(), now=registered_at)
    assert Letter.objects.count() == 1
    _, parts = ready(client)
    assert parts["oldest_letter_owed_minutes"] == 60


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_not_ready(client: Client):
    def fail(*_: object) -> None:
        raise DatabaseError

    with connection.execute_wrapper(fail):
        status, parts = ready(client)
    assert (status, parts) == (503, {"database": False, "oldest_letter_owed_minutes": None})


def test_health_is_only_read(client: Client):
    assert client.post("/readyz").status_code == 405
