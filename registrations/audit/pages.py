"""The files that are written down: an index to print, an index to open, and the tables."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from content import typesetting
from registrations.audit.contents import Contents, Section
from registrations.spreadsheets import lines

#: The tables stand between the index and the list of all files.
INDEX_PDF, INDEX_HTML, MANIFEST = "01-index.pdf", "02-index.html", "17-manifest.csv"


#: Rows. All of a usual class stands in one index.
LONG = 150


def written_down(contents: Contents, moment: dt.datetime) -> Iterator[tuple[str, bytes]]:
    """Each file with its name. In English always."""
    with translation.override("en"):
        yield from papers(contents, moment)
        yield INDEX_HTML, index_html(contents).encode()
        for table in contents.tables:
            yield table.file, csv_file([table.columns, *table.rows])


def papers(contents: Contents, moment: dt.datetime) -> Iterator[tuple[str, bytes]]:
    """The index to print. What is long in it is a paper of its own: less to hold at once."""
    long = [one for one in contents.sections if one.length > LONG]
    short = [
        replace(one, tables=(), paper=paper_of(one)) if one in long else one
        for one in contents.sections
    ]
    yield INDEX_PDF, index_pdf(replace(contents, sections=short), moment)
    for one in long:
        yield paper_of(one), index_pdf(replace(contents, sections=[one]), moment)
        typesetting.forget()


def paper_of(section: Section) -> str:
    """`09-roster.pdf`, beside the table of the same name."""
    return f"{section.tables[0].name}.pdf"


def manifest(files: Iterable[tuple[str, int, str]]) -> bytes:
    """Name, bytes and SHA-256 of every other file."""
    rows = ((name, str(size), sha256) for name, size, sha256 in files)
    return csv_file([("File", "Bytes", "SHA-256"), *rows])


def csv_file(table: Iterable[tuple[str, ...]]) -> bytes:
    return "".join(lines(table)).encode()


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def index_html(contents: Contents) -> str:
    return render_to_string("audit/index.html", {"contents": contents})


def index_pdf(contents: Contents, moment: dt.datetime) -> bytes:
    """Signs that no font here has stand as their number: `[U+1F600]`. The tables have them all."""
    page = asdict(contents) | {
        "mean": _("Mean of 5"),
        "page": _("Page"),
    }
    while True:
        try:
            return typesetting.pdf("audit/index.typ", page, moment)
        except typesetting.NoGlyph as problem:
            spelled = without(page, problem.characters)
            if spelled == page:
                raise
            page = spelled


def without(page: dict[str, Any], signs: str) -> dict[str, Any]:
    numbers = {ord(sign): f"[U+{ord(sign):04X}]" for sign in signs}
    said: dict[str, Any] = json.loads(json.dumps(page, ensure_ascii=False).translate(numbers))
    return said
