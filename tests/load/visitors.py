"""Many visitors from one thread: a browser's part of HTTP, and as little of it as will do.

A visitor is a generator: it yields the bytes of a request and is handed the answer. One loop keeps
all of them going, so that the client takes little of the machine that it measures.
"""

import collections
import contextlib
import gzip
import selectors
import socket
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field

#: A request that is not answered by then has failed.
PATIENCE = 30.0


@dataclass
class Answer:
    status: int
    head: str
    body: bytes
    seconds: float

    def headers(self, name: str) -> list[str]:
        lines = (line.partition(":") for line in self.head.split("\r\n")[1:])
        return [value.strip() for key, _, value in lines if key.lower() == name]

    @property
    def text(self) -> str:
        packed = "gzip" in self.headers("content-encoding")
        return (gzip.decompress(self.body) if packed else self.body).decode()


Visitor = Generator[bytes, Answer, None]


class Unanswered(Exception):
    """The site hung up, or said nothing for too long."""


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(eq=False)
class Line:
    """One visitor's connection, and the answer that comes in on it."""

    visitor: Visitor
    began_at: float = 0.0
    asked: bytes = b""
    came: bytearray = field(default_factory=bytearray)
    wire: socket.socket | None = None
    is_used: bool = False

    def ask(self, asked: bytes, connect: Callable[[], socket.socket]) -> None:
        self.asked = asked
        self.began_at = time.perf_counter()
        self.send(connect)

    def send(self, connect: Callable[[], socket.socket]) -> None:
        self.came.clear()
        if self.wire is None:
            self.wire = connect()
            self.is_used = False
        self.wire.sendall(self.asked)

    def hang_up(self) -> None:
        if self.wire:
            self.wire.close()
            self.wire = None

    def read(self) -> Answer | None:
        """The answer, once it is whole. Raises Unanswered, ConnectionError."""
        assert self.wire
        part = self.wire.recv(1 << 18)
        if not part:
            raise Unanswered
        self.came += part
        end = self.came.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self.came[:end].decode("latin-1")
        lower = head.lower()
        at = lower.find("\r\ncontent-length:")
        length = int(lower[at + 17 :].partition("\r\n")[0]) if at >= 0 else 0
        if len(self.came) < end + 4 + length:
            return None
        seconds = time.perf_counter() - self.began_at
        self.is_used = True
        answer = Answer(int(head[9:12]), head, bytes(self.came[end + 4 :]), seconds)
        if "connection: close" in lower:
            self.hang_up()
        return answer


class Crowd:
    """The loop. `answers` has what each request of each visitor met, in the order it came in."""

    def __init__(self, *ports: int) -> None:
        self.ports = collections.deque(ports)
        self.selector = selectors.DefaultSelector()
        self.lines: set[Line] = set()
        self.answers: list[Answer] = []
        self.unanswered = 0

    def connect(self) -> socket.socket:
        """To the next of the ports that answers, as a proxy does."""
        for _ in range(len(self.ports)):
            self.ports.rotate()
            with contextlib.suppress(ConnectionError):
                made = socket.create_connection(("127.0.0.1", self.ports[0]), timeout=PATIENCE)
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return made
        raise ConnectionError

    def all_at_once(self, visitors: Iterable[Visitor], *, together: int) -> float:
        """So many of them at each moment, until all have left. Returns the seconds it took."""
        began_at = time.perf_counter()
        coming = iter(visitors)
        while self.admit(coming, together) or self.lines:
            self.turn(1.0)
        return time.perf_counter() - began_at

    def admit(self, coming: Iterator[Visitor], together: int) -> bool:
        while len(self.lines) < together:
            visitor = next(coming, None)
            if visitor is None:
                return False
            self.enter(visitor)
        return True

    def over_time(self, visitors: list[Visitor], *, seconds: float) -> float:
        """Each comes at their own moment, evenly, however long the others have to wait."""
        began_at = time.perf_counter()
        for number, visitor in enumerate(visitors):
            comes_at = began_at + seconds * number / len(visitors)
            while (pause := comes_at - time.perf_counter()) > 0:
                self.turn(pause)
            self.enter(visitor)
        while self.lines:
            self.turn(1.0)
        return time.perf_counter() - began_at

    def enter(self, visitor: Visitor) -> None:
        line = Line(visitor)
        self.lines.add(line)
        self.ask(line, next(visitor))

    def ask(self, line: Line, asked: bytes) -> None:
        before = line.wire
        try:
            line.ask(asked, self.connect)
        except OSError:
            self.retry(line)
            return
        self.listen(line, before)

    def listen(self, line: Line, before: socket.socket | None) -> None:
        if line.wire is not before and line.wire is not None:
            self.selector.register(line.wire, selectors.EVENT_READ, line)

    def turn(self, seconds: float) -> None:
        """Wait for answers, at most so long, and let their visitors go on."""
        for key, _ in self.selector.select(seconds):
            self.hear(key.data)
        now = time.perf_counter()
        for line in [line for line in self.lines if now - line.began_at > PATIENCE]:
            self.lose(line)

    def hear(self, line: Line) -> None:
        heard = line.wire
        try:
            answer = line.read()
        except (OSError, Unanswered):
            self.retry(line)
            return
        if answer is None:
            return
        if line.wire is None and heard is not None:
            self.selector.unregister(heard)
        self.answers.append(answer)
        try:
            self.ask(line, line.visitor.send(answer))
        except StopIteration:
            self.leave(line)

    def retry(self, line: Line) -> None:
        """A connection that was kept may have been closed by the other side: a new one, once."""
        was_used, line.is_used = line.is_used, False
        self.forget(line)
        if not was_used:
            self.lose(line)
            return
        try:
            line.send(self.connect)
        except OSError:
            self.lose(line)
        else:
            self.listen(line, None)

    def forget(self, line: Line) -> None:
        if line.wire:
            with_key = self.selector.get_map().get(line.wire)
            if with_key:
                self.selector.unregister(line.wire)
        line.hang_up()

    def lose(self, line: Line) -> None:
        self.unanswered += 1
        line.visitor.close()
        self.leave(line)

    def leave(self, line: Line) -> None:
        self.forget(line)
        self.lines.discard(line)


def reader(asked: bytes, until: float) -> Visitor:
    """Reads one page again and again."""
    while time.perf_counter() < until:
        answer = yield asked
        assert answer.status == 200, answer.status


def requests_a_second(port: int, asked: bytes, *, seconds: float, together: int = 8) -> float:
    crowd = Crowd(port)
    until = time.perf_counter() + seconds
    took = crowd.all_at_once((reader(asked, until) for _ in range(together)), together=together)
    assert not crowd.unanswered
    return len(crowd.answers) / took
