"""Log lines that hold no key to anybody's page."""

import logging

from registrations.redaction import without_links


class RedactingFormatter(logging.Formatter):
    """Takes people's links out of the finished line, the traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return without_links(super().format(record))
