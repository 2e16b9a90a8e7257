"""gunicorn, as it runs the site: on a machine of one's own, in the tests and in production."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from bawg_site.address import Address

MEMORY = Path("/dev/shm")  # noqa: S108  # gunicorn opens its own files in it, and unlinks them at once


class WebServer(BaseApplication):
    """Told by `options()` alone, and by no command line or variable of gunicorn's own."""

    def __init__(self, address: Address) -> None:
        self.address = address
        super().__init__()

    def load_config(self) -> None:
        for name, value in options(self.address).items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        return get_wsgi_application()


def options(address: Address) -> dict[str, Any]:
    """Request line and headers keep gunicorn's own limits: 4 kB, and 100 headers of 8 kB."""
    chosen: dict[str, Any] = {
        "bind": str(address),
        "workers": settings.WEB_CONCURRENCY,
        "threads": 4,
        "preload_app": True,
        "graceful_timeout": 10,
        # Longer than a proxy keeps a connection that nobody uses, or it may ask on one that has
        # just been closed here.
        "keepalive": 75,
        # A process that lost memory somewhere does not grow for ever. Not all begin anew at once.
        "max_requests": 100_000,
        "max_requests_jitter": 20_000,
        # Whom to believe about address and https is the settings' matter. gunicorn by itself takes
        # a visitor's Script_Name from a proxy on this machine: an error, or a forged link.
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        # Its control socket would lie in the home folder, and nothing here uses it.
        "control_socket_disable": True,
        "logconfig_dict": logging(),
    }
    if os.access(MEMORY, os.W_OK):
        # Where each process shows that it lives. A slow disk would make one look dead.
        chosen["worker_tmp_dir"] = str(MEMORY)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        chosen |= {"when_ready": ignore_ctrl_c, "post_worker_init": ignore_ctrl_c}
    return chosen


def logging() -> dict[str, Any]:
    """Its lines go through the site's own formatter, which leaves people out.

    What it says of its start and of its processes is for production; on a machine of one's own
    `serve` has said it.
    """
    level = "INFO" if settings.IS_HTTPS else "WARNING"
    own = {"gunicorn.error": {"level": level, "handlers": [], "propagate": True}}
    return {**settings.LOGGING, "loggers": {**settings.LOGGING["loggers"], **own}}


def ignore_ctrl_c(process: object) -> None:
    """As whoever started it does: `run_together` ends each process by SIGTERM.

    Ctrl-C reaches every process of a terminal at once. A process that is told twice can lock itself
    up: its handler waits for a lock that it holds.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
