from registrations.views.certificates import certificate, certificates, own_certificate
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
from registrations.views.evaluating import (
    evaluate,
    evaluate_check,
    evaluate_class,
    evaluate_objectives,
    evaluate_words,
)
from registrations.views.interest import (
    interest,
    interest_confirm,
    interest_leave,
    interest_sent,
)
from registrations.views.own_page import (
    calendar,
    give_up,
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
    "certificate",
    "certificates",
    "change_address",
    "check",
    "data",
    "details",
    "download",
    "erase",
    "evaluate",
    "evaluate_check",
    "evaluate_class",
    "evaluate_objectives",
    "evaluate_words",
    "form",
    "give_up",
    "interest",
    "interest_confirm",
    "interest_leave",
    "interest_sent",
    "link_sent",
    "mail_came_back",
    "move",
    "new_address",
    "own_certificate",
    "own_page",
    "pass_on",
    "rejoin",
    "renew",
    "sent",
    "share",
    "take",
]
