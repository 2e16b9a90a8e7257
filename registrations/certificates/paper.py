"""What a certificate says, frozen when it is issued, and the page that says it.

The page on the site that verifies it shows the same `Facts`, so the two cannot differ.
"""

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import segno

from content import typesetting

TEMPLATE = "certificates/certificate.typ"


@dataclass(frozen=True)
class Line:
    """One labelled fact. `fact` is its name for those who read the stored facts: `credits`."""

    fact: str
    label: str
    #: Lines of text.
    value: str


@dataclass(frozen=True)
class Facts:
    """Every word on the paper, in the order in which it stands there."""

    provider: str
    heading: str
    #: "Replacement", and of which number; empty on a first certificate.
    replaces: str
    before_name: str
    name: str
    before_course: str
    course: str
    lines: tuple[Line, ...]
    signed_by: str
    number: str
    check: str
    #: Where it is verified.
    address: str
    language: str = "en"

    def words(self) -> Iterator[str]:
        """Each line of text on the paper."""
        texts = [
            self.provider,
            self.heading,
            self.replaces,
            self.before_name,
            self.name,
            self.before_course,
            self.course,
            *(text for line in self.lines for text in (line.label, line.value)),
            self.signed_by,
            self.number,
            self.check,
        ]
        for text in texts:
            yield from filter(None, text.split("\n"))

    def value(self, fact: str) -> str:
        return next((line.value for line in self.lines if line.fact == fact), "")

    def stored(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self) | {"lines": [asdict(line) for line in self.lines]}


def restored(stored: dict[str, Any]) -> Facts:
    return Facts(**stored | {"lines": tuple(Line(**line) for line in stored["lines"])})


def certificate_pdf(facts: Facts, signature: bytes, made_at: dt.datetime) -> bytes:
    """Raises typesetting.NoGlyph and CannotSet."""
    return typesetting.pdf(TEMPLATE, page_of(facts, signature), made_at)


def preview_pdf(facts: Facts, signature: bytes, mark: str, made_at: dt.datetime) -> bytes:
    """Marked across the page, and nothing on it opens anything: it is no certificate."""
    page = page_of(facts, signature) | {"mark": mark, "qr": "", "document_title": mark}
    return typesetting.pdf(TEMPLATE, page, made_at)


def page_of(facts: Facts, signature: bytes) -> dict[str, Any]:
    return {
        **facts.stored(),
        "document_title": f"{facts.heading}: {facts.name}",
        "signature": list(signature),
        "signature_alt": f"Signature: {facts.signed_by.splitlines()[0]}" if facts.signed_by else "",
        "qr": qr_code(facts.address),
        "qr_alt": f"QR code: {facts.address}",
        "mark": "",
    }


def qr_code(address: str) -> str:
    """As SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()
