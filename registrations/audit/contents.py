"""What an audit file says, as one value: pages and tables are all made from it, so none differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`name` is that of its file, in ASCII and the same in every audit file: `09-roster`."""

    name: str
    columns: Row
    rows: Sequence[Row]
    #: What each column takes of the width of a page, in parts.
    widths: tuple[float, ...] = ()
    #: Said in place of a table without rows.
    none: str = ""
    #: Where a section has several.
    caption: str = ""
    #: What is long and seldom read is a file alone.
    is_on_pages: bool = True

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    #: Of a hundred.
    length: str


@dataclass(frozen=True)
class Chart:
    label: str
    mean: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Section:
    name: str
    heading: str
    sentences: Sequence[str] = ()
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()
    #: In print: the paper of its own on which its tables stand, because they are long.
    paper: str = ""

    @property
    def length(self) -> int:
        return max((len(table.rows) for table in self.tables if table.is_on_pages), default=0)


@dataclass(frozen=True)
class Contents:
    """In the order in which it is read."""

    title: str
    course: str
    provider: str
    #: As of when, with the zone.
    moment: str
    #: What a reader has to know of the whole file.
    sentences: Sequence[str] = ()
    sections: Sequence[Section] = field(default_factory=list)

    @property
    def tables(self) -> Iterator[Table]:
        for section in self.sections:
            yield from section.tables
