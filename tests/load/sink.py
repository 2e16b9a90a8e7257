"""A mail server that takes everything and notes when: `python -m tests.load.sink PORT FILE`.

It is a process of its own, and does no more than the protocol asks (RFC 5321): with a server that
reads each mail in Python, the worker that is measured mostly waits for it.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import TextIO

ANSWERS = {
    b"EHLO": b"250-sink\r\n250 8BITMIME\r\n",
    b"DATA": b"354 Go on\r\n",
    b"QUIT": b"221 Bye\r\n",
}
OK = b"250 OK\r\n"
LINE_END, MAIL_END = b"\r\n", b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One connection: lines, and after DATA a mail up to a dot that stands alone."""

    def __init__(self, moments: TextIO) -> None:
        self.moments = moments
        self.came = b""
        self.is_in_mail = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.came += data
        while (end := MAIL_END if self.is_in_mail else LINE_END) in self.came:
            said, _, self.came = self.came.partition(end)
            self.answer(said)

    def answer(self, said: bytes) -> None:
        if self.is_in_mail:
            self.moments.write(f"{time.monotonic()}\n")
            self.is_in_mail = False
            self.transport.write(OK)
            return
        command = said[:4].upper()
        self.is_in_mail = command == b"DATA"
        self.transport.write(ANSWERS.get(command, OK))
        if command == b"QUIT":
            self.transport.close()


async def serve(port: int, moments: TextIO) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(moments), "127.0.0.1", port)
    await server.serve_forever()


def main() -> None:
    with Path(sys.argv[2]).open("a", buffering=1) as moments:
        asyncio.run(serve(int(sys.argv[1]), moments))


if __name__ == "__main__":
    main()
