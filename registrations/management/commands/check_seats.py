import sys
from typing import Any

from django.core.management.base import BaseCommand

from registrations.services.ledger import check_seats


class Command(BaseCommand):
    help = "Whether each class's number of seats equals what its registrations say."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = check_seats()
        for sentence in wrong:
            self.stdout.write(sentence)
        if wrong:
            sys.exit(1)
        self.stdout.write("All seats are right.")
