from registrations.views.own_page import (
    cancel_seat,
    leave_line,
    own_page,
    pass_on,
    rejoin,
    take,
)
from registrations.views.registering import check, form, sent

__all__ = [
    "cancel_seat",
    "check",
    "form",
    "leave_line",
    "own_page",
    "pass_on",
    "rejoin",
    "sent",
    "take",
]
