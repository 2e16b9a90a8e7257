"""What the worker does, and how often."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from registrations import limits, retention
from registrations.models import Heartbeat, Letter, Registration
from registrations.services import (
    account_letters,
    announcing,
    auditing,
    certificates,
    delivery,
    details,
    interest,
    reminders,
    returned_mail,
    seats,
)
from registrations.services.ledger import Erased, check_seats

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    name: str
    every: dt.timedelta
    run: Callable[[dt.datetime], int]


#: Set when the process is asked to end: what can stop between two steps stops.
ASKED_TO_END = threading.Event()


def deliver_letters(now: dt.datetime) -> int:
    return delivery.deliver_due(is_asked_to_end=ASKED_TO_END.is_set)


def end_offers(now: dt.datetime) -> int:
    """End what was not answered in time. Each is looked at again under its class's lock."""
    not_asked = Letter.objects.failed_to_ask().filter(registration=OuterRef("pk"))
    overdue = list(Registration.objects.unanswered(now).filter(~Exists(not_asked))[:100])
    for registration in overdue:
        with suppress(Erased):
            seats.end_offer(registration=registration, now=now)
    return len(overdue)


def write_reminders(now: dt.datetime) -> int:
    return (
        reminders.owe_reminders(now)
        + reminders.ask_for_answers(now)
        + reminders.ask_how_it_was(now)
    )


class SeatsAreWrong(Exception):
    """What the nightly check found: a job that failed, so that the desk tells of it."""


def look_after_seats(now: dt.datetime) -> int:
    wrong = check_seats()
    if wrong:
        raise SeatsAreWrong(" ".join(wrong))
    return 0


def clear_web_sessions(now: dt.datetime) -> int:
    call_command("clearsessions")
    return 0


ALWAYS = dt.timedelta(0)
EVERY_MINUTE = dt.timedelta(minutes=1)
HOURLY = dt.timedelta(hours=1)
NIGHTLY = dt.timedelta(days=1)

#: The desk says in its own words what this one finds.
CHECKS_SEATS = "seats"

JOBS = [
    Job("letters", ALWAYS, deliver_letters),
    Job("letters to accounts", ALWAYS, account_letters.deliver),
    Job("offers", ALWAYS, end_offers),
    Job("reminders", ALWAYS, write_reminders),
    Job("returned mail", ALWAYS, returned_mail.read_folder),
    Job("links", ALWAYS, details.answer_link_requests),
    Job("certificates", ALWAYS, certificates.issue_ordered),
    Job("audit files", ALWAYS, auditing.make_ordered),
    Job("news", EVERY_MINUTE, announcing.write_news),
    Job("unanswered sign-ups", HOURLY, interest.forget_unconfirmed),
    Job("tries", HOURLY, limits.forget),
    Job(CHECKS_SEATS, NIGHTLY, look_after_seats),
    Job("erasing", NIGHTLY, retention.erase_what_is_due),
    Job("web sessions", NIGHTLY, clear_web_sessions),
]


#: The worker's longest pause between two rounds is seconds; minutes without one mean it is gone.
SILENCE = dt.timedelta(minutes=5)


def run(job: Job, now: dt.datetime) -> int:
    """Run the job when its time has come and no other worker is at it. Returns what it did.

    It counts as done when it is done: after a worker that died in the middle, another one tries
    again within the hour.
    """
    if job.every and not claim(job, now):
        return 0
    began = time.perf_counter()
    done = job.run(now)
    Heartbeat.objects.update_or_create(job=job.name, defaults={"beat_at": now, "failed_at": None})
    if done or job.every:
        ms = round((time.perf_counter() - began) * 1000)
        log.info("Job done", extra={"job": job.name, "count": done, "ms": ms})
    return done


def note_failure(job: Job, now: dt.datetime) -> None:
    Heartbeat.objects.filter(job=job.name).update(failed_at=now)


def late_jobs(
    beats: Mapping[str, dt.datetime | None], now: dt.datetime
) -> dict[str, dt.datetime | None]:
    """What should have been done by now, and when it was done last."""
    return {
        job.name: done
        for job in JOBS
        if (done := beats.get(job.name)) is None or now - done >= job.every + SILENCE
    }


#: Nobody works on a job for longer: whoever began it before that has died.
LONGEST_TRY = dt.timedelta(hours=1)


def claim(job: Job, now: dt.datetime) -> bool:
    """For a job with a pause: of the workers that find it due, the one that begins it runs it."""
    rests = Q(beat_at__gt=now - job.every)
    is_at_work = Q(begun_at__gt=now - min(job.every, LONGEST_TRY))
    due = Heartbeat.objects.filter(job=job.name).exclude(rests | is_at_work)
    if due.update(begun_at=now):
        return True
    try:
        with transaction.atomic():
            Heartbeat.objects.create(job=job.name, begun_at=now)
    except IntegrityError:
        return False
    return True
