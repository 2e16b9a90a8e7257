"""The site in a process of its own, on the database that the environment names: for tests."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from subprocess import PIPE, Popen
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def site_process(database: str) -> Iterator[str]:
    """Its address; `database` is the name that Django knows it by."""
    environment = os.environ | {"SITE_PROCESS_DATABASE": database}
    command = [sys.executable, "-m", "tests.bawg_site.site_process"]
    process = Popen(command, env=environment, stdout=PIPE, text=True)
    assert process.stdout is not None
    # A process that never comes up is ended, and the line read is empty.
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    try:
        yield process.stdout.readline().strip()
    finally:
        watchdog.cancel()
        process.terminate()
        process.wait()
        process.stdout.close()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    settings.DATABASES["default"]["NAME"] = os.environ["SITE_PROCESS_DATABASE"]
    settings.DATABASES["default"].get("OPTIONS", {}).pop("timeout", None)
    application = get_wsgi_application()
    server = make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
