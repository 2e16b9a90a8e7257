"""`make run`: the site on a machine of one's own, which may have nothing yet.

It comes before the settings, because it writes the file that they read.
"""

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ

from bawg_site.address import Address, AddressError

CHECKOUT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}

ENVIRONMENT = """\
# Made by `make run` for this machine alone. .env.example says what else can stand here.
SECRET_KEY={key}
ALLOWED_HOSTS=127.0.0.1,localhost,[::1]
SITE_URL=http://127.0.0.1:8000
DEFAULT_FROM_EMAIL="Peer Support Training <training@example.org>"
"""


def main() -> None:
    file = Path(os.environ.get("DOTENV", CHECKOUT / ".env"))
    write_environment(file)
    try:
        read_environment(file)
    except AddressError as refusal:
        sys.exit(str(refusal))
    options = [] if os.environ.get("SAMPLE") == "no" else ["--sample"]
    manage = str(CHECKOUT / "manage.py")
    command = [sys.executable, manage, "serve", "--account", *options]
    os.execv(sys.executable, command)  # noqa: S606  # its parts are written here, and no shell reads it


def write_environment(file: Path) -> None:
    """The variables that the site does not start without, unless the file is there."""
    if file.exists():
        return
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(ENVIRONMENT.format(key=secrets.token_urlsafe(50)))


def read_environment(file: Path) -> None:
    """The file's variables, beside the shell's own, which win.

    A file that names a site of this machine follows HOST and PORT.
    """
    given = set(os.environ)
    environ.Env.read_env(file)
    if urlsplit(os.environ["SITE_URL"]).hostname not in LOOPBACK:
        return
    address = Address.from_environment()
    if "SITE_URL" not in given:
        os.environ["SITE_URL"] = address.url
    if "ALLOWED_HOSTS" not in given:
        os.environ["ALLOWED_HOSTS"] += f",{address.printed_host}"


if __name__ == "__main__":
    main()
