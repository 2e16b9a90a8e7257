"""The shapes of a chart: numbers in, figures for SVG out, as text that no locale can change.

The words of a chart stand beside it in HTML, so that it can be as wide as the page and its words
stay as large as all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 160


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str


def bars(values: Sequence[int], highest: int) -> list[Bar]:
    """A bar for each value, side by side; the highest is as tall as the chart."""
    step = WIDTH / max(len(values), 1)
    return [
        Bar(
            x=figure(number * step),
            y=figure(HEIGHT - tall(value, highest)),
            width=figure(min(step * 0.8, 48)),
            height=figure(tall(value, highest)),
        )
        for number, value in enumerate(values)
    ]


def steps(values: Sequence[int], highest: int) -> str:
    """A line that stays at each value until the next: what is so from one day to another."""
    step = WIDTH / max(len(values), 1)
    path = [f"M0,{figure(HEIGHT - tall(values[0], highest))}"] if values else []
    for number, value in enumerate(values):
        path += [f"V{figure(HEIGHT - tall(value, highest))}", f"H{figure((number + 1) * step)}"]
    return "".join(path)


def across(value: int, highest: int) -> str:
    """How long a bar is that lies: of a hundred."""
    return figure(100 * value / max(highest, 1))


def tall(value: int, highest: int) -> float:
    return HEIGHT * value / max(highest, 1)


def figure(number: float) -> str:
    return f"{number:.1f}"
