import logging
import sys

import pytest

from bawg_site.logs import RedactingFormatter

TOKEN = "eyJhbGciOiJIUzI1NiJ9:1vNabc:Zx-9_kq"


def line(message: str, *, failed: bool = False) -> str:
    about = sys.exc_info() if failed else None
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, message, (), about)
    return RedactingFormatter().format(record)


@pytest.mark.parametrize(
    "path",
    [
        f"/registrations/{TOKEN}/",
        f"/registrations/{TOKEN}/take/",
        f"/es/registrations/{TOKEN}/",
        f"/interest/confirm/{TOKEN}/",
        f"/interest/leave/{TOKEN}/",
    ],
)
def test_a_line_holds_no_persons_link(path: str):
    printed = line(f"Internal Server Error: {path}")
    assert TOKEN not in printed
    assert "[link]" in printed


def test_a_traceback_holds_no_persons_link():
    try:
        raise ValueError(f"/registrations/{TOKEN}/")  # noqa: TRY301
    except ValueError:
        printed = line("Failed", failed=True)
    assert "ValueError" in printed
    assert TOKEN not in printed


def test_other_lines_stay_as_they_are():
    assert line("Not Found: /registrations/link/") == "Not Found: /registrations/link/"
