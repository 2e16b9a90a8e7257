"""Whether the site is well."""

import datetime as dt

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from registrations.models import Heartbeat, Letter
from registrations.services.jobs import late_jobs

TEN_MINUTES = dt.timedelta(minutes=10)


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers, its migrations are applied, the worker beats. 503 where not."""
    now = timezone.now()
    try:
        executor = MigrationExecutor(connection)
        beats = dict(Heartbeat.objects.values_list("job", "beat_at"))
        oldest = Letter.objects.due(now).values_list("created_at", flat=True).first()
        parts = {
            "database": True,
            "migrations": not executor.migration_plan(executor.loader.graph.leaf_nodes()),
            "worker": not late_jobs(beats, now),
        }
        # In steps of ten minutes: a finer one would tell a stranger that a letter was just caused.
        owed_minutes = int((now - oldest) / TEN_MINUTES) * 10 if oldest else 0
    except DatabaseError:
        parts, owed_minutes = {"database": False}, None
    report = parts | {"oldest_letter_owed_minutes": owed_minutes}
    return JsonResponse(report, status=200 if all(parts.values()) else 503)
