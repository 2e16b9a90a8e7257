"""The file: a zip with one member for each table and a manifest that knows them all.

A member has one JSON array a line for each row, in the order of the manifest's columns. Nothing of
it depends on the kind of database that it came from.
"""

import base64
import datetime as dt
import decimal
import hashlib
import json
import struct
import uuid
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from bawg_site.backup import Refused

FORMAT = 1
MANIFEST = "manifest.json"

#: What the zip and JSON modules raise over a file that is not what it was.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Table:
    """One member: `sha256` is of its lines."""

    name: str
    columns: list[str]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        return f"{self.name}.jsonl"


@dataclass(frozen=True)
class Manifest:
    """What the archive is of. `migrations` are the version of its tables."""

    key: uuid.UUID
    taken_at: dt.datetime
    vendor: str
    migrations: list[str]
    tables: list[Table]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


class Writer:
    """Writes an archive, a row at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self.zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self.tables: list[Table] = []

    def add(self, name: str, columns: list[str], rows: Iterable[Sequence[Any]]) -> None:
        digest, count = hashlib.sha256(), 0
        with self.zip.open(f"{name}.jsonl", "w", force_zip64=True) as member:
            for row in rows:
                line = json.dumps(row, default=plain).encode() + b"\n"
                digest.update(line)
                member.write(line)
                count += 1
        self.tables.append(Table(name, columns, count, digest.hexdigest()))

    def finish(self, manifest: Manifest) -> None:
        self.zip.writestr(MANIFEST, json.dumps(asdict(manifest), default=plain, indent=1))
        self.zip.close()


def plain(value: Any) -> str:
    """A value that JSON has no word for, as the field of its column reads it again."""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, uuid.UUID | decimal.Decimal):
        return str(value)
    raise TypeError(f"No way to keep a {type(value).__name__} in a backup.")


class Archive:
    """An archive to read. Raises Refused wherever it is not whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            # Open as long as the archive is in use; the process ends after it.
            self.zip = zipfile.ZipFile(path)
            self.manifest = read_manifest(self.zip.read(MANIFEST))
        except OSError as error:
            raise Refused(f"{path} cannot be read: {error.strerror}.") from error
        except DAMAGE as error:
            raise Refused(f"{path} is no backup of this site, or it is damaged.") from error

    def close(self) -> None:
        self.zip.close()

    def check(self) -> None:
        """Read all of it: each member is what was written."""
        for table in self.manifest.tables:
            digest, count = hashlib.sha256(), 0
            for line in self.lines(table):
                digest.update(line)
                count += 1
            if (digest.hexdigest(), count) != (table.sha256, table.rows):
                raise self.damaged(table)

    def lines(self, table: Table) -> Iterator[bytes]:
        try:
            with self.zip.open(table.member) as member:
                yield from member
        except DAMAGE as error:
            raise self.damaged(table) from error

    def rows(self, table: Table) -> Iterator[list[Any]]:
        for line in self.lines(table):
            yield json.loads(line)

    def table(self, name: str) -> Table | None:
        return next((table for table in self.manifest.tables if table.name == name), None)

    def damaged(self, table: Table) -> Refused:
        return Refused(f"{self.path} is damaged: {table.name} is not as it was written.")


def read_manifest(content: bytes) -> Manifest:
    read = json.loads(content)
    if read["format"] != FORMAT:
        raise Refused(f"The backup has format {read['format']}; this version reads {FORMAT}.")
    return Manifest(
        key=uuid.UUID(read["key"]),
        taken_at=dt.datetime.fromisoformat(read["taken_at"]),
        vendor=read["vendor"],
        migrations=read["migrations"],
        tables=[Table(**table) for table in read["tables"]],
    )
