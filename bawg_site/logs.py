"""Log lines that tell of nobody: no address, no name, no key to a page, no visitor's network.

What a line holds is a short list of fields. An error is printed as the places it passed and its
kind; its words only where code alone has written them, because others quote what people typed.
"""

import datetime as dt
import json
import logging
import re
import smtplib
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest

from registrations.redaction import without_links

#: The number of the request that is answered here; empty outside of one.
request_number: ContextVar[str] = ContextVar("request_number", default="")

#: What code may add to a line, by `extra`. Anything else is left out.
FIELDS = ("method", "route", "status", "ms", "job", "count")

#: Errors whose first line names what is in the code, the schema or the system, and no row.
SPEAKS_OF_NOBODY = (
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    IntegrityError,
    InterfaceError,
    NameError,
    OperationalError,
    OSError,
)

MAIL_ADDRESS = re.compile(r"[^\s<>\"'(),;:=\[\]]+@[^\s<>\"'(),;:\[\]]+")

#: After these words gunicorn repeats who sent what.
WHO_SENT_WHAT = re.compile(r"(Invalid request|Error handling request) .*")


class SafeFormatter(logging.Formatter):
    """What both kinds of lines share: which facts of a record are printed."""

    def facts(self, record: logging.LogRecord) -> dict[str, Any]:
        facts: dict[str, Any] = {"message": redacted(message_of(record))}
        number = request_number.get()
        if number:
            facts["request"] = number
        facts |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1]:
            facts["error"] = redacted("".join(told(record.exc_info[1])))
        return facts


class LineFormatter(SafeFormatter):
    """For somebody who watches a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        facts = self.facts(record)
        message, error = facts.pop("message"), facts.pop("error", "")
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {message}"
        line += "".join(f" {name}={value}" for name, value in facts.items())
        return f"{line}\n{error}".rstrip()


class JsonFormatter(SafeFormatter):
    """One object a line, for software that collects them."""

    def format(self, record: logging.LogRecord) -> str:
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC)
        head = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        return json.dumps(head | self.facts(record), ensure_ascii=False)


def message_of(record: logging.LogRecord) -> str:
    """The message; where Django names the address that was asked for, the pattern of it instead."""
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest) or not isinstance(record.args, tuple):
        return record.getMessage()
    route = route_of(request)
    return str(record.msg) % tuple(route if arg == request.path else arg for arg in record.args)


def route_of(request: HttpRequest) -> str:
    """Which page was asked for, without what makes it somebody's: `registrations/<token>/`."""
    return f"/{request.resolver_match.route}" if request.resolver_match else "[no page]"


def told(error: BaseException) -> Iterator[str]:
    """The error and those that led to it, the first one first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before:
        yield from told(before)
        yield "Then:\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}{words_of(error)}\n"


def words_of(error: BaseException) -> str:
    if not isinstance(error, SPEAKS_OF_NOBODY) or isinstance(error, smtplib.SMTPException):
        return ""
    lines = str(error).strip().splitlines()
    return f": {lines[0]}" if lines else ""


def redacted(text: str) -> str:
    return MAIL_ADDRESS.sub("[address]", WHO_SENT_WHAT.sub(r"\1", without_links(text)))
