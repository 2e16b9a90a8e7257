import logging
import signal
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from registrations.services.jobs import ASKED_TO_END, JOBS, Job, note_failure, run

log = logging.getLogger(__name__)

PAUSE_SECONDS = 2


class Command(BaseCommand):
    help = "The worker: delivers letters, ends offers, looks after seats."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="One round, then end: for cron.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            while one_round():
                pass
            return
        ASKED_TO_END.clear()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ASKED_TO_END.set())
        log.info("The worker has begun.")
        while not ASKED_TO_END.is_set():
            close_old_connections()
            if not one_round():
                ASKED_TO_END.wait(PAUSE_SECONDS)
        log.info("The worker has ended.")


def one_round() -> int:
    """Every job once, until the worker is asked to end.

    Returns how much was done: 0 means there is nothing more to do now.
    """
    return sum(run_safely(job) for job in JOBS if not ASKED_TO_END.is_set())


def run_safely(job: Job) -> int:
    """One job's failure leaves the others running; it shows in the log and in its heartbeat."""
    now = timezone.now()
    try:
        return run(job, now)
    except Exception:
        log.exception("Job failed", extra={"job": job.name})
        with suppress(DatabaseError):
            note_failure(job, now)
        return 0
