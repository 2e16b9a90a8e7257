"""Certificates for tests, and what a reader's program finds in them."""

import datetime as dt
import struct
import unicodedata
import zlib
from typing import Any

import pypdfium2

from registrations.certificates.numbers import new_number
from registrations.certificates.paper import Facts, Line

ISSUED = dt.datetime(2027, 1, 25, 17, tzinfo=dt.UTC)


def make_facts(name: str = "Ana Ruiz", **changed: Any) -> Facts:
    number = new_number()
    lines = [
        ("dates", "Dates attended", "Saturday, January 16, 2027\nSaturday, January 23, 2027"),
        ("delivery", "Held", "Online, live, by video meeting"),
        ("hours", "Contact hours", "12"),
        ("credits", "CE credits", "12"),
        ("approvals", "Approved by", "COPA/CPFS, approval number 77, valid until June 1, 2028"),
        ("domains", "Domains", "Advocacy: 12 hours\nEthical responsibility: 0 hours"),
        ("instructors", "Instructors", "Robin Vale, CPFS\nJordan Reyes, LAC"),
        ("credential", "Credential", "CPFS, number 5567, Colorado"),
    ]
    facts = {
        "provider": "Sample Work Group",
        "heading": "Certificate of Completion",
        "replaces": "",
        "before_name": "This certifies that",
        "name": name,
        "before_course": "has completed",
        "course": "Recovering from Benzodiazepines for Peer Specialists",
        "lines": tuple(Line(*line) for line in lines),
        "signed_by": "Robin Vale, CPFS\nTraining lead",
        "number": number,
        "check": "Check this certificate:\ntraining.example.org/certificates/",
        "address": f"https://training.example.org/certificates/{number}/",
    }
    return Facts(**facts | changed)


def make_png(width: int = 60, height: int = 20) -> bytes:
    """A dark stroke across a see-through picture."""
    rows = b""
    for row in range(height):
        ink = b"\x14\x1e\x50\xff" if row == height // 2 else b"\0\0\0\0"
        rows += b"\0" + ink * width
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def read_back(pdf: bytes) -> str:
    """All text of the one page, as pdfium has it, with single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        text = document[0].get_textpage().get_text_bounded()
    finally:
        document.close()
    return plain(text)


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def picture_of(pdf: bytes, scale: float = 2) -> Any:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[0].render(scale=scale).to_pil()
    finally:
        document.close()
