"""`make bench`: what the site does in a second, against what this machine could do.

Each part runs in a process of its own, on a database of its own, and is ended when it takes too
long. What it measured replaces its rows of docs/performance.md.
"""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.databases import end, start_postgres
from tests.load.figures import Figure
from tests.load.processes import POSTGRES
from tests.load.report import write

#: Long enough for each part many times over; nobody sits beside it.
LONGEST = 1200


@dataclass(frozen=True)
class Part:
    name: str
    module: str
    database: str


PARTS = [
    Part("pages", "pages", "postgres"),
    Part("registrations", "registrations", "postgres"),
    Part("rush", "rush", "postgres"),
    Part("rush-sqlite", "rush", "sqlite"),
    Part("growth", "growth", "postgres"),
    Part("letters", "letters", "postgres"),
]


def main() -> None:
    asked = sys.argv[1:]
    unknown = set(asked) - {part.name for part in PARTS}
    if unknown:
        sys.exit(f"There is no part {', '.join(unknown)}. Parts: {' '.join(p.name for p in PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    run = Path(tempfile.mkdtemp(prefix="bawg-site-bench-"))
    # First in, last out: the server's own handler still writes to the directory.
    atexit.register(end, run)
    measure([part for part in PARTS if not asked or part.name in asked], run)


def measure(parts: list[Part], run: Path) -> None:
    server = start_postgres(run, settings="")
    for database in sorted({part.database for part in parts}):
        say(f"a {database} database ...")
        if run_part(Part(f"empty-{database}", "prepare", database), run, server) is None:
            sys.exit("It could not be made.")
    failed = [part.name for part in parts if not measure_part(part, run, server)]
    if failed:
        sys.exit(f"Not measured: {', '.join(failed)}")


def measure_part(part: Part, run: Path, server: str) -> bool:
    say(f"{part.name} ...")
    figures = run_part(part, run, server)
    for figure in figures or []:
        say(f"  {figure.what}: {figure.measured} {figure.ceiling} {figure.ratio}")
    if not os.environ.get("QUICK"):
        write(figures or [])
    return figures is not None


def say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)


def run_part(part: Part, run: Path, server: str) -> list[Figure] | None:
    folder = run / part.name
    folder.mkdir()
    file = folder / "figures.json"
    command = [sys.executable, "-m", "tests.load.part", part.module, str(file)]
    environment = os.environ | variables(folder) | {"DATABASE_URL": database(part, run, server)}
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        process.wait(LONGEST)
    except subprocess.TimeoutExpired:
        say(f"  {part.name} did not end within {LONGEST} s")
    finally:
        end_all_of(process)
    if process.returncode or not file.exists():
        log = folder / "processes.log"
        print(log.read_text()[-4000:] if log.exists() else "", file=sys.stderr)
        return None
    return [Figure(**stored) for stored in json.loads(file.read_text())]


def end_all_of(process: subprocess.Popen[bytes]) -> None:
    """The part and everything that it started: they are one session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def variables(folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "bawg_site.settings",
        "DOTENV": os.devnull,
        "VAR_DIR": str(folder),
        "SECRET_KEY": "for-measuring-only-and-as-long-as-one-that-keeps-a-secret-has-to-be",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "SITE_URL": "http://127.0.0.1",
        "DEFAULT_FROM_EMAIL": "Peer Support Training <training@peers.test>",
        "PROXIES": "1",
        "DEBUG": "",
        "EMAIL_HOST": "",
        "RETURNED_MAIL_DIR": "",
    }


def database(part: Part, run: Path, server: str) -> str:
    """The address of a database of the part's own: a copy of the empty one."""
    empty = f"empty-{part.database}"
    if part.database == "sqlite":
        file = run / f"{part.name}.sqlite3"
        if part.name != empty:
            shutil.copy(run / f"{empty}.sqlite3", file)
        return f"sqlite:///{file}"
    template = "template1" if part.name == empty else empty
    command = [str(POSTGRES / "createdb"), "--maintenance-db", server, "--template", template]
    subprocess.run([*command, part.name], check=True, timeout=60)
    return urlsplit(server)._replace(path=f"/{part.name}").geturl()


if __name__ == "__main__":
    main()
