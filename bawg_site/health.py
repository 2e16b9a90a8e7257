"""Whether the site is well, for a monitor that asks every minute (docs/watching.md).

Anybody may read it: it names nobody, and speaks in steps of ten minutes, because a finer one would
tell a stranger that a letter was just caused.
"""

import datetime as dt
from collections.abc import Callable
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registrations.models import Heartbeat, Letter
from registrations.services.jobs import late_jobs

#: One letter that a mailbox does not take is no outage: mail counts as stuck when none goes out.
STUCK_AFTER = dt.timedelta(hours=1)

#: (it is well, in a sentence how it is)
Finding = tuple[bool, str]


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503. Each part says how it is."""
    now = timezone.now()
    try:
        found = {name: look(now) for name, look in PARTS.items()}
    except DatabaseError:
        away = (False, "Not known: the database does not answer.")
        found = dict.fromkeys(PARTS, away) | {"database": (False, "It does not answer.")}
    report = {name: {"ok": ok, "says": words} for name, (ok, words) in found.items()}
    ready = all(ok for ok, _ in found.values())
    return JsonResponse({"ready": ready} | report, status=200 if ready else 503)


def database(now: dt.datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, "It answers."


def migrations(now: dt.datetime) -> Finding:
    missing = known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    if missing:
        return False, f"Not applied: {len(missing)}. Run `manage.py migrate`."
    return True, "All are applied."


@cache
def known_migrations() -> set[tuple[str, str]]:
    """Those of this code, which stays the same while the process runs."""
    return set(MigrationLoader(None).graph.nodes)


def worker(now: dt.datetime) -> Finding:
    beats = dict(Heartbeat.objects.values_list("job", "beat_at"))
    late = late_jobs(beats, now)
    heard = [beat for beat in beats.values() if beat]
    if not heard:
        return False, "It has never run."
    if late:
        return False, f"Not done in time: {', '.join(late)}."
    return True, f"Last heard of {ago(now - max(heard))}."


def letters(now: dt.datetime) -> Finding:
    oldest = Letter.objects.late(now).values_list("created_at", flat=True).first()
    if oldest is None:
        return True, "None has waited for more than ten minutes."
    words = f"The oldest one that is owed was written {ago(now - oldest)}"
    if Letter.objects.filter(sent_at__gt=now - STUCK_AFTER).exists():
        return True, f"{words}; others go out."
    if oldest > now - STUCK_AFTER:
        return True, f"{words}."
    return False, f"{words}, and none has gone out since an hour."


def ago(time: dt.timedelta) -> str:
    minutes = int(time.total_seconds() // 600) * 10
    return f"more than {minutes} minutes ago" if minutes else "less than ten minutes ago"


PARTS: dict[str, Callable[[dt.datetime], Finding]] = {
    "database": database,
    "migrations": migrations,
    "worker": worker,
    "letters": letters,
}
