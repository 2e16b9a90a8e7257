"""The colours as the sheet has them: enough contrast, never too much, and said once."""

import itertools
import re
from pathlib import Path

import pytest
from django.contrib import admin

SHEET = Path("static/css/site.css").read_text(encoding="utf-8")
ADMIN = Path("static/css/admin.css").read_text(encoding="utf-8")

BLOCKS = {
    "light": ":root {",
    "dark": '[data-theme="dark"] {',
    "dark by the device": ":root:not([data-theme]) {",
    "dim": '[data-theme="dim"] {',
}

#: Where the admin's sheet says the same again.
ADMIN_BLOCKS = {
    "light": "body {",
    "dark": "body.light-dark {",
    "dark by the device": "body.light-device {",
    "dim": "body.light-dim {",
}
FIELDS = ["paper", "sheet", "wash", "alarm"]
TEXT = ["ink", "soft", "pine", "visited", "brick"]
MARKS = ["edge", "focus"]

#: Below 7 is hard to read for many; above 14 glares and halos for readers who shun light.
LEAST_FOR_TEXT, MOST_FOR_TEXT, LEAST_FOR_MARKS = 7, 14, 3


def tokens(theme: str) -> dict[str, str]:
    return tokens_in(SHEET, BLOCKS[theme])


def tokens_in(sheet: str, start: str) -> dict[str, str]:
    block = sheet.split(start, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def contrasts(theme: str, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], float]:
    colours = tokens(theme)
    return {(one, other): contrast(colours[one], colours[other]) for one, other in pairs}


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", BLOCKS)
def test_every_theme_names_every_role(theme: str):
    assert set(tokens(theme)) == {*FIELDS, *TEXT, *MARKS, "on-pine", "line"}


@pytest.mark.parametrize("theme", BLOCKS)
def test_text_is_readable_and_does_not_glare_on_every_field(theme: str):
    pairs = [*itertools.product(TEXT, FIELDS), ("on-pine", "pine"), ("paper", "ink")]
    ratios = contrasts(theme, pairs)
    assert {p: r for p, r in ratios.items() if not LEAST_FOR_TEXT <= r <= MOST_FOR_TEXT} == {}


@pytest.mark.parametrize("theme", BLOCKS)
def test_edges_and_the_focus_ring_stand_out_from_every_field(theme: str):
    ratios = contrasts(theme, [*itertools.product(MARKS, FIELDS)])
    assert {p: r for p, r in ratios.items() if r < LEAST_FOR_MARKS} == {}


@pytest.mark.parametrize("theme", BLOCKS)
def test_no_field_is_white_or_black(theme: str):
    colours = tokens(theme)
    assert all(0.005 < luminance(colours[field]) < 0.95 for field in FIELDS)


def test_dark_is_the_same_by_choice_and_by_device():
    assert tokens("dark") == tokens("dark by the device")


@pytest.mark.parametrize("theme", BLOCKS)
def test_the_admin_has_the_colours_of_the_site(theme: str):
    assert tokens_in(ADMIN, ADMIN_BLOCKS[theme]) == tokens(theme)


def test_the_admin_gives_every_colour_of_django_s_sheet_one_of_the_site_s():
    django = Path(admin.__file__).parent / "static/admin/css/base.css"
    variables = set(re.findall(r"^ +(--[\w-]+): (?:#|var)", django.read_text(), re.MULTILINE))
    assert {name for name in variables if f"  {name}: var(--" not in ADMIN} == set()


@pytest.mark.parametrize("sheet", [SHEET, ADMIN])
def test_no_colour_stands_outside_the_tokens(sheet: str):
    named = set().union(*(tokens(theme).values() for theme in BLOCKS))
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s)])", sheet)) <= named


@pytest.mark.parametrize(
    "what", ["animation", "transition", "gradient", "box-shadow", "text-shadow", "opacity", "url("]
)
def test_nothing_moves_shines_or_is_fetched(what: str):
    assert what not in SHEET
