"""Setting a page for print: data and a template become a PDF that screen readers can read.

Every PDF is PDF/UA-1: tagged, with language and title, or it is not made at all. What people typed
is data and never part of a template. The same data give the same bytes.
"""

import datetime as dt
import importlib.metadata
import json
import re
import uuid
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pymupdf_fonts
import typst
from django.conf import settings

#: FiraGO has Latin, Greek, Cyrillic, Hebrew, Devanagari, Georgian and Thai in two weights.
FIRAGO = {"FiraGO-Regular.ttf": "figo", "FiraGO-Bold.ttf": "figbo"}

#: Packages with fonts as files: Arabic; Chinese, Japanese and Korean.
FONT_FILES = [("fontpkg_amiri", "files"), ("noto_cjk_sans_jp_regular", "")]

CANNOT_SHOW = re.compile(r'the text `"(.+?)"` could not be displayed')


class NoGlyph(Exception):
    """Characters that no font here has: printed, they would be boxes."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


class CannotSet(Exception):
    """It does not fit on the page, or a picture cannot be read."""


def pdf(template: str, data: dict[str, Any], made_at: dt.datetime) -> bytes:
    """The template of that name in `templates/`, filled with the data, which it reads as JSON.

    Raises NoGlyph and CannotSet.
    """
    # A compiler of its own each time: one that was used before keeps data of the last.
    compiler = typst.Compiler(font_paths=fonts(), ignore_system_fonts=True, root=templates())
    try:
        made = compiler.compile(
            templates() / template,
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as problem:
        missing = characters_in(problem)
        raise NoGlyph(missing) if missing else CannotSet(problem.message) from problem
    if not isinstance(made, bytes):
        raise TypeError("One PDF was asked for.")
    return made


def forget() -> None:
    """Let go of what the typesetter keeps of a large document in case it is set again.

    It keeps it for ten more documents. A table of 500 rows is 70 MB of it.
    """
    for _document in range(10):
        pdf("typesetting/words.typ", {"words": ""}, dt.datetime.fromtimestamp(0, tz=dt.UTC))


def missing_glyphs(text: str) -> str:
    """The characters of the text that cannot be printed; empty when all can."""
    if text.isascii():
        return ""
    try:
        pdf("typesetting/words.typ", {"words": text}, dt.datetime.fromtimestamp(0, tz=dt.UTC))
    except NoGlyph as problem:
        return problem.characters
    return ""


def is_readable_png(picture: bytes) -> bool:
    """Whether the picture can be set, as it will be."""
    data = {"words": "", "picture": list(picture)}
    try:
        pdf("typesetting/words.typ", data, dt.datetime.fromtimestamp(0, tz=dt.UTC))
    except CannotSet:
        return False
    return True


def characters_in(problem: typst.TypstError) -> str:
    """What the typesetter names as without a glyph, each once."""
    found = CANNOT_SHOW.findall(problem.diagnostic)
    return "".join(dict.fromkeys(unescaped(one) for one in found))


def unescaped(text: str) -> str:
    r"""Combining signs are named by their number: `\u{bcd}`."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda hit: chr(int(hit[1], 16)), text)


def templates() -> Path:
    return Path(settings.BASE_DIR) / "templates"


@cache
def fonts() -> typst.Fonts:
    """The fonts of these packages and no others: a PDF is the same on every machine."""
    found = [str(files(package).joinpath(folder)) for package, folder in FONT_FILES]
    return typst.Fonts(include_system_fonts=False, font_paths=[str(firago()), *found])


def firago() -> Path:
    """Its package keeps it compressed, and the typesetter reads files."""
    version = importlib.metadata.version("pymupdf-fonts")
    folder = Path(settings.VAR_DIR) / "fonts" / version
    folder.mkdir(parents=True, exist_ok=True)
    for name, code in FIRAGO.items():
        if not (folder / name).exists():
            # Whole or not there: another process may look at this moment.
            fresh = folder / f"{uuid.uuid4()}.part"
            fresh.write_bytes(pymupdf_fonts.myfont(code))
            fresh.replace(folder / name)
    return folder
