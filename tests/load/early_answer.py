"""A site that answers before it has written: what the tests of faults must find out.

`python -m tests.load.early_answer site`
"""

import sys
import threading
from typing import Any


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from registrations.services import seats

    register = seats.register

    def afterwards(**asked: Any) -> None:
        register(**asked)
        connections.close_all()

    def later(**asked: Any) -> None:
        threading.Timer(1, afterwards, kwargs=asked).start()

    seats.register = later
    call_command(sys.argv[1])


if __name__ == "__main__":
    main()
