"""Issuing certificates, and what can happen to one afterwards. Nothing else writes them."""

from registrations.services.certificates.drawing_up import (
    drawn_up,
    facts_of,
    not_settled,
    preview_of,
    unprintable,
)
from registrations.services.certificates.ending import NotValid, replace, revoke
from registrations.services.certificates.issuing import (
    AlreadyOrdered,
    NothingToIssue,
    is_newest,
    issue_ordered,
    order,
    owe_letters,
    waiting_for,
)

__all__ = [
    "AlreadyOrdered",
    "NotValid",
    "NothingToIssue",
    "drawn_up",
    "facts_of",
    "is_newest",
    "issue_ordered",
    "not_settled",
    "order",
    "owe_letters",
    "preview_of",
    "replace",
    "revoke",
    "unprintable",
    "waiting_for",
]
