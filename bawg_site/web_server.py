"""gunicorn's settings, beside what `manage.py serve` tells it."""

import signal
from typing import Any

from django.conf import settings

wsgi_app = "bawg_site.wsgi"
threads = 4
preload_app = True
graceful_timeout = 10
# Its control socket would lie in the home folder, and nothing here uses it.
control_socket_disable = True

# Its lines go through the site's own formatter, which takes people's links out.
logconfig_dict: dict[str, Any] = {
    **settings.LOGGING,
    "loggers": {
        **settings.LOGGING["loggers"],
        "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
    },
}


def leave_ctrl_c_to_the_parent(process: object) -> None:
    """Ctrl-C reaches every process of a terminal at once, and the parent ends each by SIGTERM.

    A worker that is told twice can lock itself up: its handler waits for a lock that it holds.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)


when_ready = leave_ctrl_c_to_the_parent
post_worker_init = leave_ctrl_c_to_the_parent
