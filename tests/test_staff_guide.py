"""The staff guide speaks in the screens' own words, and its pictures are there."""

import re
from pathlib import Path

GUIDE = Path("docs/staff-guide.md").read_text(encoding="utf-8")


def test_each_picture_is_there():
    names = re.findall(r"\]\((pictures/[^)]+)\)", GUIDE)
    assert len(names) == 9
    assert [name for name in names if not (Path("docs") / name).is_file()] == []


def test_what_is_printed_bold_stands_on_a_screen():
    """Words in bold are what staff look for; one that no screen has leads them astray."""
    rooms = ["bawg_site", "content", "courses", "registrations", "templates/admin"]
    files = [file for room in rooms for file in Path(room).rglob("*.*")]
    texts = (f.read_text() for f in [*files, Path("templates/includes/display.html")] if is_text(f))
    screens = "\n".join(texts)
    bold = {
        words.rstrip(".:?").split(" and tell")[0] for words in re.findall(r"\*\*([^*]+)\*\*", GUIDE)
    }
    assert {words for words in bold - OF_DJANGO if words not in screens} == set()


#: What Django's own pages say.
OF_DJANGO = {"Save"}


def is_text(file: Path) -> bool:
    return file.suffix in {".py", ".html"}
