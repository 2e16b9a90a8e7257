from registrations.views.details import (
    ask_for_link,
    change_address,
    data,
    details,
    download,
    erase,
    link_sent,
    move,
    new_address,
    renew,
    share,
)
from registrations.views.interest import (
    interest,
    interest_confirm,
    interest_leave,
    interest_sent,
)
from registrations.views.own_page import (
    calendar,
    cancel_seat,
    leave_line,
    own_page,
    pass_on,
    rejoin,
    take,
)
from registrations.views.registering import check, form, sent
from registrations.views.returned_mail import mail_came_back

__all__ = [
    "ask_for_link",
    "calendar",
    "cancel_seat",
    "change_address",
    "check",
    "data",
    "details",
    "download",
    "erase",
    "form",
    "interest",
    "interest_confirm",
    "interest_leave",
    "interest_sent",
    "leave_line",
    "link_sent",
    "mail_came_back",
    "move",
    "new_address",
    "own_page",
    "pass_on",
    "rejoin",
    "renew",
    "sent",
    "share",
    "take",
]
