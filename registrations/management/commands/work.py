import logging
import signal
import threading
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from registrations.services.jobs import JOBS, Job, note_failure, run

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
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        log.info("The worker has begun.")
        while not stop.is_set():
            close_old_connections()
            if not one_round():
                stop.wait(PAUSE_SECONDS)
        log.info("The worker has ended.")


def one_round() -> int:
    """Every job once. Returns how much was done: 0 means there is nothing more to do now."""
    return sum(run_safely(job) for job in JOBS)


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
