"""Log lines that hold no key to anybody's page."""

import logging
import re

SECRET_PATH = re.compile(r"(/(?:registrations|interest/\w+)/)[^/\s'\"]{16,}")


class RedactingFormatter(logging.Formatter):
    """Takes people's links out of the finished line, the traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET_PATH.sub(r"\1[link]", super().format(record))
