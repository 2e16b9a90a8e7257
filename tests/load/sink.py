"""A mail server that takes everything and notes when: `python -m tests.load.sink PORT FILE`.

It is a process of its own, so that it takes nothing from the worker that is measured.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.controller import UnthreadedController


class Sink:
    def __init__(self, file: Path) -> None:
        self.moments = file.open("a", buffering=1)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.moments.write(f"{time.monotonic()}\n")
        return "250 OK"


def main() -> None:
    port, file = int(sys.argv[1]), Path(sys.argv[2])
    loop = asyncio.new_event_loop()
    controller = UnthreadedController(
        Sink(file), hostname="127.0.0.1", port=port, server_hostname="localhost", loop=loop
    )
    controller.begin()  # type: ignore[no-untyped-call]
    loop.run_forever()


if __name__ == "__main__":
    main()
