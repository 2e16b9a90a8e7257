from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS

from bawg_site import checks


class Command(BaseCommand):
    help = "Bring the database up to date with this version, and put in what the first pages say."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"VAR_DIR cannot be made: {error}") from error
        for problem in checks.problems_of(DEFAULT_DB_ALIAS):
            raise CommandError(f"{problem.msg} {problem.hint or ''}".strip())
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_content", stdout=StringIO())
