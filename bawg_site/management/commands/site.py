import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from bawg_site.address import Address, AddressError


class Command(BaseCommand):
    help = "The site alone: answers on HOST and PORT until SIGTERM."

    def handle(self, **options: object) -> None:
        try:
            address = Address.from_environment()
            address.check_free()
        except AddressError as refusal:
            sys.exit(str(refusal))
        # gunicorn reads the variable as well, when it is imported, and fails on an empty one.
        os.environ["WEB_CONCURRENCY"] = str(settings.WEB_CONCURRENCY)
        from bawg_site.web_server import WebServer  # noqa: PLC0415  # not before the line above

        WebServer(address).run()
