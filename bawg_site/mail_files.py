"""Mail for a machine without a mail server: files that a double click opens."""

import re
from collections.abc import Sequence
from email.message import EmailMessage as MimeMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes each mail to `EMAIL_FILE_PATH` as `.eml`, and its HTML part beside it as `.html`.

    The name is made from the Message-ID, so a letter that is delivered twice is one file.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self.write(folder, message.message())
        return len(email_messages)

    def write(self, folder: Path, mime: MimeMessage) -> None:
        name = re.sub(r"[^\w.-]+", "-", str(mime["Message-ID"]).split("@")[0].strip("<>"))
        put(folder / f"{name}.eml", mime.as_bytes())
        for part in mime.walk():
            words = part.get_payload(decode=True)
            if part.get_content_type() == "text/html" and isinstance(words, bytes):
                put(folder / f"{name}.html", words)


def put(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never meets half a file."""
    unfinished = path.with_suffix(f"{path.suffix}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)
