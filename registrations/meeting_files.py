"""Reading the list of who joined an online meeting when, as meeting services export it.

Zoom, Teams, Webex and the like write text with commas or tabs, in UTF-8 or UTF-16, often with lines
about the meeting before the list. No database here, and no clock.
"""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

#: Larger than the list of 500 people who all lose their line ten times.
LARGEST = 1_000_000

#: Headings in small letters without what stands in parentheses, most telling first.
NAMES = ["name", "full name", "participant", "attendee", "display name", "user name"]
ADDRESSES = ["user email", "email", "email address", "e-mail", "attendee email", "participant id"]
JOINS = ["join time", "join date", "joined", "first join", "joined at", "join", "start time"]
LEAVES = ["leave time", "leave date", "left", "last leave", "left at", "leave", "end time"]

#: As services write moments; with and without seconds, half days and the year in full.
MOMENTS = [
    f"{day}{between}{time}"
    for day in ["%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%b %d, %Y", "%B %d, %Y"]
    for between in [" ", ", "]
    for time in ["%I:%M:%S %p", "%I:%M %p", "%H:%M:%S", "%H:%M"]
]

#: Who waits to be let in is not there yet: Zoom lists that as well.
WAITING = ["in waiting room"]

A_PHONE = re.compile(r"[+\d][\d\s()*.-]{6,}")


class NotAList(Exception):
    """Nothing can be read from the file; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Stay:
    """One row: somebody was there from one moment to another."""

    row: int
    names: tuple[str, ...]
    email: str
    joined: dt.datetime
    left: dt.datetime
    #: Whether the file itself named a zone.
    in_own_zone: bool = False

    @property
    def by_phone(self) -> bool:
        return not self.email and any(A_PHONE.fullmatch(name) for name in self.names)

    @property
    def who(self) -> str:
        return ", ".join([*self.names[:1], *filter(None, [self.email])]) or _("Without a name")


@dataclass(frozen=True)
class BadRow:
    row: int
    sentence: str


def read(content: bytes, zone: ZoneInfo) -> tuple[list[Stay], list[BadRow]]:
    """All rows of the list; a moment that names no zone is one of `zone`. Raises NotAList."""
    rows = table(text_of(content))
    found = heading(rows)
    if found is None:
        raise NotAList(_("The file has no row with the headings for a name, joining and leaving."))
    start, columns = found
    stays: list[Stay] = []
    bad: list[BadRow] = []
    for number, row in rows[start:]:
        if not any(cell.strip() for cell in row):
            break  # What follows the list is another one.
        if cell_of(row, columns.waiting).casefold() == "yes":
            continue
        try:
            stays.append(stay(number, row, columns, zone))
        except ValueError as problem:
            bad.append(BadRow(number, str(problem)))
    return stays, bad


def text_of(content: bytes) -> str:
    if len(content) > LARGEST:
        raise NotAList(_("The file is larger than 1 megabyte. Export the list of joins alone."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:2] == b"\x00":
        encodings = ["utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and text.strip():
            return text
        break
    raise NotAList(_("This is no list that we can read. Export it as a CSV file."))


def table(text: str) -> list[tuple[int, list[str]]]:
    """The rows with their numbers, as a spreadsheet counts them."""
    first = text.splitlines()[:40]
    counts = {sign: sum(line.count(sign) for line in first) for sign in "\t;,"}
    delimiter = max(counts, key=lambda sign: counts[sign])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return list(enumerate(reader, start=1))
    except csv.Error as problem:
        words = _("This is no list that we can read. Export it as a CSV file.")
        raise NotAList(words) from problem


@dataclass(frozen=True)
class Columns:
    name: int
    email: int | None
    joined: int
    left: int
    waiting: int | None


def heading(rows: Iterable[tuple[int, list[str]]]) -> tuple[int, Columns] | None:
    """How many rows come before the list, and which column is which.

    The last heading that fits counts: a summary with the first join and the last leave stands above
    the list of each.
    """
    found = None
    for count, (_number, row) in enumerate(rows, start=1):
        titles = [plain(cell) for cell in row]
        name, joined, left = (column(titles, known) for known in (NAMES, JOINS, LEAVES))
        if name is not None and joined is not None and left is not None:
            email, waiting = column(titles, ADDRESSES), column(titles, WAITING)
            found = count, Columns(name, email, joined, left, waiting)
    return found


def plain(title: str) -> str:
    return re.sub(r"\(.*?\)", "", title).strip().casefold()


def column(titles: list[str], known: list[str]) -> int | None:
    return next((titles.index(title) for title in known if title in titles), None)


def cell_of(row: list[str], index: int | None) -> str:
    text = row[index] if index is not None and index < len(row) else ""
    return " ".join(text.split())


def stay(number: int, row: list[str], columns: Columns, zone: ZoneInfo) -> Stay:
    """Raises ValueError with a sentence."""
    names = names_in(cell_of(row, columns.name))
    email = cell_of(row, columns.email)
    if not names and not email:
        raise ValueError(_("It has no name and no address."))
    joined, told = moment(cell_of(row, columns.joined), zone)
    left, told_too = moment(cell_of(row, columns.left), zone)
    if left < joined:
        raise ValueError(_("%(who)s leaves before joining.") % {"who": (*names, email)[0]})
    return Stay(number, names, email, joined, left, told or told_too)


def names_in(cell: str) -> tuple[str, ...]:
    """`Mary (Maria Lopez)` is both; `Maria Lopez (Guest)` is one."""
    outside = re.sub(r"\(.*?\)", "", cell).strip()
    inside = [name.strip() for name in re.findall(r"\((.*?)\)", cell)]
    names = [outside, *inside]
    labels = {"guest", "host", "co-host", "external", "unverified", ""}
    return tuple(name for name in names if name.casefold() not in labels)


def moment(text: str, zone: ZoneInfo) -> tuple[dt.datetime, bool]:
    """The moment, and whether it named its zone itself. Raises ValueError with a sentence."""
    text = (
        text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("a.m.", "AM").replace("p.m.", "PM")
    )
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        found = in_words(text)
    if found.tzinfo:
        return found, True
    return found.replace(tzinfo=zone), False


def in_words(text: str) -> dt.datetime:
    for pattern in MOMENTS:
        try:
            return dt.datetime.strptime(text, pattern)  # noqa: DTZ007  # the caller knows the zone
        except ValueError:
            continue
    if not text:
        raise ValueError(_("A time is missing."))
    raise ValueError(_("“%(text)s” is no time that we can read.") % {"text": text[:40]})


def same_name(name: str) -> str:
    """What makes two names one: exact but for case, blanks and how accents are written."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


# How long somebody was there.


@dataclass(frozen=True)
class Presence:
    """One person's stays put together, within a session. All lengths are minutes by the clock."""

    late: int
    early: int
    away: int
    joins: int
    overlap: bool

    @property
    def missed(self) -> int:
        return self.late + self.early + self.away


def put_together(
    stays: Iterable[Stay], starts_at: dt.datetime, ends_at: dt.datetime
) -> Presence | None:
    """Two devices at once count once. None when nobody was there during the session."""
    spans = sorted((one.joined, one.left) for one in stays)
    within = [
        (max(joined, starts_at), min(left, ends_at))
        for joined, left in spans
        if joined < ends_at and left > starts_at
    ]
    if not within:
        return None
    end, away, overlap = within[0][1], dt.timedelta(), False
    for joined, left in within[1:]:
        overlap = overlap or joined < end
        away += max(joined - end, dt.timedelta())
        end = max(end, left)
    return Presence(
        late=minutes(within[0][0] - starts_at),
        early=minutes(ends_at - end),
        away=minutes(away),
        joins=len(within),
        overlap=overlap,
    )


def minutes(length: dt.timedelta) -> int:
    """Whole minutes: the seconds are the service's, not the person's."""
    return int(length.total_seconds()) // 60


def grouped(stays: Iterable[Stay]) -> Iterator[list[Stay]]:
    """The stays of one address, or else of one name, in the order of the file."""
    found: dict[str, list[Stay]] = {}
    for one in stays:
        key = one.email.casefold() or "/".join(same_name(name) for name in one.names)
        found.setdefault(key, []).append(one)
    yield from found.values()
