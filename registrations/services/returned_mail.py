"""Mail that comes back: a report is read, the letter found, and the person's row marked.

A report comes as a file, the delivery report of RFC 3464 that mail servers write, or as JSON from
a provider, in one documented shape (`docs/returned-mail.md`). Only what will not mend by itself
marks a row: a status of 5.x.x. A report may be read twice, and marks once.
"""

import datetime as dt
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.db import transaction

from registrations.addresses import email_key
from registrations.models import Letter, Registration
from registrations.redaction import without_links
from registrations.services.details import note
from registrations.services.seats import SITE

log = logging.getLogger(__name__)

#: What `compose.headers` writes.
MESSAGE_ID = re.compile(r"<letter-(?P<pk>\d{1,18})-(?P<kind>\w+)-(?P<turn>\d{1,9})@[^<>\s]+>")

STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
REPLY_CODE = re.compile(r"\b[45]\d\d\b")

#: Longer reports are cut: what counts stands at their beginning.
LONGEST = 1_000_000

BATCH = 100

#: The folders of a Maildir that hold mail, and the folder itself.
FULL_FOLDERS = ["", "new", "cur"]


class NotAReport(Exception):
    """Not about a letter of this site, or not understood; a sentence that says what is missing."""


@dataclass(frozen=True)
class Report:
    """What came back: which letter, to whom it went, and what the other mail server said."""

    message_id: str
    address: str
    status: str
    words: str

    @property
    def is_permanent(self) -> bool:
        return self.status.startswith("5")


# Reading.


def report_in_mail(raw: bytes) -> Report:
    """The delivery report in a mail. Raises NotAReport."""
    try:
        mail = message_from_bytes(raw[:LONGEST], policy=policy.compat32)
    except RecursionError as problem:
        raise NotAReport("Its parts lie too deep in each other.") from problem
    if mail.get_content_type() != "multipart/report":
        raise NotAReport("It is not a delivery report.")
    original = returned_headers(mail)
    message_id = str(original["Message-ID"] or "").strip()
    if not MESSAGE_ID.fullmatch(message_id):
        raise NotAReport("It names no letter of this site.")
    outcome = failed_recipient(mail)
    address = parseaddr(str(original["To"] or ""))[1] or recipient(outcome)
    words = " ".join(str(outcome["Diagnostic-Code"] or "").split())
    return Report(message_id, address, status_of(str(outcome["Status"] or ""), words), words)


def returned_headers(mail: Message) -> Message:
    """The headers of the letter that came back: reports carry all of it, or its headers alone."""
    for part in mail.walk():
        payload = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(payload, list):
            first = payload[0]
            if isinstance(first, Message):
                return first
        if part.get_content_type() == "text/rfc822-headers":
            decoded = part.get_payload(decode=True)
            text = decoded if isinstance(decoded, bytes) else b""
            return message_from_string(text.decode(errors="replace"))
    raise NotAReport("It does not say which letter came back.")


def failed_recipient(mail: Message) -> Message:
    """The fields about the recipient; of several, those of the first that failed."""
    blocks = [
        block
        for part in mail.walk()
        if part.get_content_type() == "message/delivery-status"
        for block in part.get_payload()
        if isinstance(block, Message) and block["Action"]
    ]
    if not blocks:
        raise NotAReport("It does not say what happened.")
    return next((block for block in blocks if action(block) == "failed"), blocks[0])


def action(block: Message) -> str:
    return str(block["Action"]).strip().lower()


def recipient(block: Message) -> str:
    """`rfc822; maria@example.org` without its kind."""
    field = str(block["Original-Recipient"] or block["Final-Recipient"] or "")
    return field.rpartition(";")[2].strip()


def status_of(status: str, words: str) -> str:
    """`5.1.1`, from the status or else from the words of the other server; empty when unknown."""
    found = STATUS.search(status) or STATUS.search(words)
    if found:
        return found[0]
    code = REPLY_CODE.search(words)
    return f"{code[0][0]}.0.0" if code else ""


def report_in_json(raw: bytes) -> Report:
    """The report of a provider. Raises NotAReport."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise NotAReport("It is not JSON.") from problem
    if not isinstance(told, dict):
        raise NotAReport("It is not one JSON object.")
    needed = [told.get(name) for name in ("message_id", "address", "status")]
    message_id, address, status = (text if isinstance(text, str) else "" for text in needed)
    if not (message_id and address and status):
        raise NotAReport("It needs message_id, address and status, each a text.")
    message_id = f"<{message_id.strip().strip('<>')}>"
    if not MESSAGE_ID.fullmatch(message_id):
        raise NotAReport("It names no letter of this site.")
    words = " ".join(str(told.get("description", "")).split())
    return Report(message_id, address, status_of(status, words), words)


# Marking.


def take_in(*, report: Report, now: dt.datetime) -> bool:
    """Mark the person whose mail came back. False when there is nothing to mark.

    Nothing is marked for a temporary failure, a letter that is not known any more, or an address
    that is not the person's own, or not any more.
    """
    found = MESSAGE_ID.fullmatch(report.message_id)
    if found is None or not report.is_permanent:
        return False
    letter = Letter.objects.filter(
        pk=int(found["pk"]), kind=found["kind"], turn=int(found["turn"])
    ).first()
    if letter is None or letter.registration_id is None:
        return False
    with transaction.atomic():
        person = Registration.objects.filter(
            pk=letter.registration_id,
            email_key=email_key(printable(report.address)),
            mail_problem="",
        )
        words = printable(f"{report.status} {report.words}")
        if not person.update(mail_problem=words[:300], mail_problem_at=now):
            return False
        registration = Registration.objects.get(pk=letter.registration_id)
        note(registration, SITE, now, why="mail came back")
    return True


def printable(words: str) -> str:
    """Without what a database refuses, and without anybody's link."""
    kept = "".join(sign for sign in words if sign.isprintable())
    return without_links(kept).strip()


# The folder.


def read_folder(now: dt.datetime) -> int:
    """Each report in the folder once; then it is deleted, for it may hold the whole letter.

    What is no report lies in `odd`, for whoever looks after the server. A file goes after it was
    taken in, so that none is lost when the worker dies between the two.
    """
    read = 0
    for file in waiting_files()[:BATCH]:
        try:
            raw = file.read_bytes()
        except FileNotFoundError:
            continue  # Another worker was faster.
        try:
            take_in(report=report_in_mail(raw), now=now)
            file.unlink(missing_ok=True)
        except NotAReport as problem:
            log.warning("Returned mail %s was put aside. %s", file.name, problem)
            put_aside(file)
        except Exception:
            # A file's edge: anybody can send one, and none may hold up those behind it.
            log.exception("Returned mail %s cannot be read.", file.name)
            put_aside(file)
        read += 1
    return read


def waiting_files() -> list[Path]:
    return [file for folder in FULL_FOLDERS for file in files_in(folder)]


def files_in(folder: str) -> Iterator[Path]:
    path = settings.RETURNED_MAIL_DIR / folder
    if path.is_dir():
        files = (file for file in path.iterdir() if file.is_file())
        yield from sorted(file for file in files if not file.name.startswith("."))


def put_aside(file: Path) -> None:
    target = settings.RETURNED_MAIL_DIR / "odd"
    target.mkdir(exist_ok=True)
    try:
        file.replace(target / file.name)
    except FileNotFoundError:
        return  # Another worker was faster.


def odd_files() -> list[Path]:
    """What was put aside, and lies there until its day of erasing."""
    return [*files_in("odd")]
