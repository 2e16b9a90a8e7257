"""The site's two processes as one: they begin together and end together."""

import signal
import subprocess
import threading
from collections.abc import Iterable

#: Longer than a mail server may keep the worker waiting.
SECONDS_TO_END = 25


class EndedAlone(Exception):
    """A process ended though nobody asked it to; a sentence that says which."""


def run_together(commands: dict[str, list[str]]) -> None:
    """Run the named commands until Ctrl-C or SIGTERM.

    Raises EndedAlone when one ends by itself; the others are ended before that.
    """
    asked = threading.Event()
    # Ctrl-C reaches them as well, and the end comes from here: they begin with deaf ears for it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    processes = {name: subprocess.Popen(command) for name, command in commands.items()}
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    try:
        while not asked.wait(0.2):
            for name, process in processes.items():
                if process.poll() is not None:
                    raise EndedAlone(f"The {name} ended by itself, with code {process.returncode}.")
    finally:
        end(processes.values())


def end(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
