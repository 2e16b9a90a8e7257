import os
import secrets
import sys
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from bawg_site import static_files
from bawg_site.address import Address, AddressError
from bawg_site.processes import EndedAlone, run_together


class Command(BaseCommand):
    help = "Bring the database up to date, then run the site and its worker until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sample", action="store_true", help="With the sample classes.")
        parser.add_argument(
            "--account", action="store_true", help="With a staff account, made when there is none."
        )

    def handle(self, *, sample: bool, account: bool, **options: object) -> None:
        try:
            address = Address.from_environment()
            address.check_free()
            static_files.collect()
            call_command("prepare")
            if sample:
                call_command("load_sample", stdout=StringIO())
            self.announce(account=account)
            connections.close_all()
            run_together({"site": manage("site"), "worker": manage("work")})
        except (AddressError, CommandError, EndedAlone) as refusal:
            sys.exit(str(refusal))

    def announce(self, *, account: bool) -> None:
        mail = f"goes out through {settings.EMAIL_HOST}"
        if not settings.EMAIL_HOST:
            mail = f"lies in {relative(settings.EMAIL_FILE_PATH)}/, ready to open"
        lines = {
            "The site": f"{settings.SITE_URL}/",
            "For staff": f"{settings.SITE_URL}/admin/",
            "Account": staff_account(make_one=account),
            "Mail": mail,
            "To end it": "Ctrl-C",
        }
        for name, value in lines.items():
            self.stdout.write(f"  {name + ':':<11} {value}")
        self.stdout.flush()


def staff_account(*, make_one: bool) -> str:
    """Make the account that the environment asks for, or the first one; say whose it is."""
    name = os.environ.get("DJANGO_SUPERUSER_USERNAME") or "staff"
    password = os.environ.get("DJANGO_SUPERUSER_PASSWORD", "")
    email = os.environ.get("DJANGO_SUPERUSER_EMAIL", "")
    superusers = User.objects.filter(is_superuser=True)
    if password and not User.objects.filter(username=name).exists():
        User.objects.create_superuser(name, email, password)
        return f"{name}, with the password given"
    if make_one and not superusers.exists():
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser(name, email, password)
        return f"{name}, password {password} (shown this once)"
    names = ", ".join(superusers.order_by("pk").values_list("username", flat=True)[:3])
    return f"{names or 'none yet'} (manage.py changepassword sets a new password)"


def manage(command: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), command]


def relative(path: Path) -> Path:
    return path.relative_to(settings.BASE_DIR) if path.is_relative_to(settings.BASE_DIR) else path
