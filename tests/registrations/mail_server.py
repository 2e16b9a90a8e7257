"""A mail server on this machine that remembers what it was sent, and can be told to misbehave."""

import asyncio
import os
import signal
import socket
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller

Answer = Callable[[str], str | None]


class MailServer:
    """Counts mails by Message-ID. `answer(point)` may refuse `MAIL`, `RCPT`, `DATA`.

    It can drop the connection, or take its time before each mail.
    """

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.answer: Answer = lambda point: None
        self.drops = False
        self.seconds = 0.0
        self.peers: set[object] = set()

    @property
    def received(self) -> Counter[str]:
        return Counter(mail["Message-ID"] for mail in self.mails)

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, _: Any
    ) -> str:
        self.peers.add(session.peer)
        await asyncio.sleep(self.seconds)
        if self.drops:
            server.transport.abort()
        envelope.mail_from = address
        return self.answer("MAIL") or "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, _: Any
    ) -> str:
        refusal = self.answer("RCPT")
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content))
        refusal = self.answer("DATA")
        asyncio.get_running_loop().call_later(0.003, self.answer, "after DATA")
        return refusal or "250 OK"


#: Killed here, a worker may leave the one letter in doubt that it had handed over and not marked.
IN_DOUBT = {"DATA", "after DATA"}


class Killer:
    """Kills the worker at one point of the letter after `gap` others."""

    def __init__(self, point: str, gap: int) -> None:
        self.point, self.left = point, gap
        self.pid = 0

    def __call__(self, point: str) -> None:
        if point == self.point and self.pid:
            if self.left == 0:
                os.kill(self.pid, signal.SIGKILL)
            self.left -= 1


@contextmanager
def mail_server() -> Generator[tuple[MailServer, int]]:
    """The server and its port."""
    handler = MailServer()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, server_hostname="localhost")
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as anything:
        anything.bind(("127.0.0.1", 0))
        return int(anything.getsockname()[1])
