"""Tables that leave the site for Excel and its like: as CSV that opens well and runs nothing."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

#: What makes a cell a formula in Excel and its like.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: object) -> str:
    """Text that stays text, by an apostrophe before it.

    A name like `=HYPERLINK(...)`, typed into the public form, would else run as a formula on the
    computer of whoever opens the file. Wide forms of the signs count in some languages.
    """
    text = str(value)
    plain = unicodedata.normalize("NFKC", text).lstrip(" ")
    return f"'{text}" if plain.startswith(FORMULA) else text


class Echo:
    """What `csv` writes to: hands each line on."""

    def write(self, line: str) -> str:
        return line


def lines(table: Iterable[Sequence[object]]) -> Iterator[str]:
    """Excel takes a file for UTF-8 only when it begins with the mark of it."""
    writer = csv.writer(Echo(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"
    for row in table:
        yield writer.writerow([harmless(cell) for cell in row])  # what `Echo.write` gives
