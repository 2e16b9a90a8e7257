"""What `manage.py check` says of an installation, beside Django's own.

Errors keep every command from starting, the worker and the site among them. In production, which is
where the site's address is https, they hold back what would look well and reach nobody.
"""

import os
from collections.abc import Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks.security.base import check_secret_key
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import DatabaseError, NotSupportedError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

#: Names that nobody can own, RFC 2606: they stand in examples.
EXAMPLES = (".example.com", ".example.net", ".example.org", ".example", ".invalid", ".test")

#: SQLite locks by the file system, and these do not lock between machines as it needs.
NETWORK_FOLDERS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afs",
    "ceph",
    "fuse.sshfs",
    "fuse.glusterfs",
}

MOUNTS = Path("/proc/self/mounts")

Apps = Sequence[AppConfig] | None


def register() -> None:
    for check in (sender, mail_server, secret_key):
        checks.register(check, "production")
    checks.register(database, checks.Tags.database)


def sender(app_configs: Apps, **options: Any) -> list[checks.CheckMessage]:
    """Mail that nobody can answer goes to the spam folder, and returned mail gets lost."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = address.rpartition("@")[2].lower()
    try:
        EmailValidator(allowlist=[])(address)
    except ValidationError:
        return [
            checks.Error(
                f"DEFAULT_FROM_EMAIL is no address that mail can come from: {address or 'empty'}.",
                hint="Like: Peer Support Training <training@your-domain.org>",
                id="bawg_site.E001",
            )
        ]
    if settings.IS_HTTPS and f".{domain}".endswith(EXAMPLES):
        return [
            checks.Error(
                f"DEFAULT_FROM_EMAIL is the address of an example: {address}.",
                hint="Name an address of your own domain that somebody reads.",
                id="bawg_site.E002",
            )
        ]
    return []


def mail_server(app_configs: Apps, **options: Any) -> list[checks.CheckMessage]:
    if settings.EMAIL_HOST or not settings.IS_HTTPS:
        return []
    return [
        checks.Error(
            "EMAIL_HOST is not set. Mail would lie in a folder as files, and nobody would get the "
            "button that takes their seat.",
            hint="Name the mail server in EMAIL_HOST; docs/deploy.md says what else it needs.",
            id="bawg_site.E003",
        )
    ]


def secret_key(app_configs: Apps, **options: Any) -> list[checks.CheckMessage]:
    """What Django only warns of: who guesses the key makes links to everybody's page."""
    if not settings.IS_HTTPS or not check_secret_key(app_configs):
        return []
    return [
        checks.Error(
            "SECRET_KEY can be guessed: it is shorter than 50 characters, or repeats itself.",
            hint="openssl rand -base64 48 makes one.",
            id="bawg_site.E004",
        )
    ]


def database(
    app_configs: Apps, databases: Sequence[str] | None = None, **options: Any
) -> list[checks.CheckMessage]:
    """Of the databases named: asked by `prepare` and `migrate`, and by `check --database`."""
    return [problem for name in databases or [] for problem in problems_of(name)]


def problems_of(name: str) -> list[checks.CheckMessage]:
    """Those that come before it is asked, then what it says, then how it keeps text."""
    connection = connections[name]
    if connection.vendor == "sqlite":
        problems = problems_of_file(Path(connection.settings_dict["NAME"]))
        if problems:
            return problems
    try:
        connection.ensure_connection()
    except NotSupportedError as error:
        return [unusable("is too old", error)]
    except DatabaseError as error:
        return [unusable("cannot be reached", error)]
    return problems_of_encoding(connection) if connection.vendor == "postgresql" else []


def unusable(how: str, why: Exception | str) -> checks.CheckMessage:
    reason = str(why).strip().splitlines()[0]
    return checks.Error(f"The database of DATABASE_URL {how}: {reason}", id="bawg_site.E005")


def problems_of_encoding(connection: BaseDatabaseWrapper) -> list[checks.CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        [encoding] = cursor.fetchone()
    if encoding == "UTF8":
        return []
    return [
        checks.Error(
            f"The database of DATABASE_URL keeps text as {encoding}, which cannot hold every name.",
            hint="Make it with: createdb --encoding=UTF8 --template=template0",
            id="bawg_site.E006",
        )
    ]


def problems_of_file(file: Path) -> list[checks.CheckMessage]:
    folder = file.parent.resolve()
    if not folder.is_dir():
        return [unusable("cannot be reached", f"there is no folder {folder}.")]
    if not os.access(folder, os.W_OK) or (file.exists() and not os.access(file, os.W_OK)):
        return [
            unusable("cannot be written", f"its file and the folder {folder} must be its user's.")
        ]
    kind = file_system(folder, MOUNTS.read_text() if MOUNTS.exists() else "")
    if kind not in NETWORK_FOLDERS:
        return []
    return [
        checks.Error(
            f"The SQLite file lies in a network folder ({kind}): two who write would spoil it.",
            hint="Put it on a disk of this machine, or use PostgreSQL.",
            id="bawg_site.E007",
        )
    ]


def file_system(folder: Path, mounts: str) -> str:
    """The kind of file system under the folder, by the lines of MOUNTS; empty when none says."""
    above = []
    for number, line in enumerate(mounts.splitlines()):
        _, place, kind, *_ = line.split()
        place = place.replace(r"\040", " ")
        if folder.is_relative_to(place):
            # Of two at one place the later one hides the earlier.
            above.append((len(place), number, kind))
    return max(above)[2] if above else ""
