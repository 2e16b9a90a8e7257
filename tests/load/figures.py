"""A figure: what was measured, against what, and whether that is enough."""

import statistics
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A row of the table; `note` is a footnote under it."""

    what: str
    measured: str
    ceiling: str
    ratio: str
    must: str
    is_reached: bool
    note: str = ""

    def stored(self) -> dict[str, Any]:
        return asdict(self)


def median(values: list[float]) -> float:
    return statistics.median(values)


def share_of_ceiling(
    what: str,
    measured: list[float],
    ceiling: list[float],
    *,
    unit: str,
    must: float,
    note: str = "",
) -> Figure:
    """The middle of each, and of their ratios: each pair was measured one after the other."""
    ratio = median([one / other for one, other in zip(measured, ceiling, strict=True)])
    return Figure(
        what,
        f"{median(measured):,.0f} {unit}",
        f"{median(ceiling):,.0f} {unit}",
        f"{ratio:.0%}",
        f"{must:.0%}",
        ratio >= must,
        note,
    )


def at_least(what: str, measured: list[float], *, unit: str, must: float, note: str = "") -> Figure:
    rate = median(measured)
    share = f"{rate / must:.2f} ×"
    return Figure(what, f"{rate:,.0f} {unit}", "", share, f"{must:,.0f} {unit}", rate >= must, note)
