import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.templatetags.static import static

from bawg_site.address import Address, AddressError


class Command(BaseCommand):
    help = "The site alone: answers on HOST and PORT until SIGTERM."

    def handle(self, **options: object) -> None:
        check_collected()
        try:
            address = Address.from_environment()
            address.check_free()
        except AddressError as refusal:
            sys.exit(str(refusal))
        # gunicorn reads the variable as well, when it is imported, and fails on an empty one.
        os.environ["WEB_CONCURRENCY"] = str(settings.WEB_CONCURRENCY)
        from bawg_site.web_server import WebServer  # noqa: PLC0415  # not before the line above

        WebServer(address).run()


def check_collected() -> None:
    """Without them each page would be an error, and the start would look well."""
    try:
        static("css/desk.css")
    except ValueError as error:
        raise CommandError("The static files are not collected. Run: make ready") from error
