"""Where the site's server listens: HOST and PORT."""

import os
import socket
from dataclasses import dataclass
from typing import Self

#: What a server listens on to be reached at every address of its machine.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # it names the one to avoid it


class AddressError(Exception):
    """HOST and PORT cannot be listened on; a sentence that says why."""


@dataclass(frozen=True)
class Address:
    host: str = "127.0.0.1"
    port: int = 8000

    @classmethod
    def from_environment(cls) -> Self:
        """Raises AddressError when PORT is no port."""
        host = os.environ.get("HOST") or cls.host
        port = os.environ.get("PORT") or str(cls.port)
        if not port.isdecimal() or not 0 < int(port) < 2**16:
            raise AddressError(f"PORT must be a number from 1 to 65535, not {port}.")
        return cls(host, int(port))

    def __str__(self) -> str:
        return f"{bracketed(self.host)}:{self.port}"

    @property
    def printed_host(self) -> str:
        """The host as it stands in an address that a browser on this machine can open."""
        return bracketed(EVERYWHERE.get(self.host, self.host))

    @property
    def url(self) -> str:
        return f"http://{self.printed_host}:{self.port}"

    def check_free(self) -> None:
        """Raises AddressError when nothing can listen there now."""
        try:
            family, kind, proto, _, where = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, kind, proto) as attempt:
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                attempt.bind(where)
        except OSError as error:
            raise AddressError(
                f"The site cannot listen on {self} ({error.strerror}). "
                f"Choose another port, for example: make run PORT={self.port + 1}"
            ) from error


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
