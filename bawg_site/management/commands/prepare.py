from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection


class Command(BaseCommand):
    help = "Bring the database up to date with this version, and put in what the first pages say."

    def handle(self, *args: Any, **options: Any) -> None:
        check_database()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_content", stdout=StringIO())


def check_database() -> None:
    settings.VAR_DIR.mkdir(exist_ok=True)
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise CommandError(f"The database of DATABASE_URL cannot be reached: {reason}") from error
