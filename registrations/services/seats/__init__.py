"""Who has a seat and who waits: every event of a registration, and nothing else changes it.

The events are the rows of the table in docs/architecture.md. Each locks the class, changes the
registration, writes its history and owes its letter in one transaction, and then offers whatever
seat came free to the line.
"""

from registrations.services.seats.asking import (
    PERSON,
    SITE,
    Actor,
    AlreadyRegistered,
    Answers,
    AttendanceIsRecorded,
    CapacityBelowTaken,
    HasNotAnswered,
    NobodyToShareWith,
    NoFreeSeat,
    NotInLine,
    NotTaken,
)
from registrations.services.seats.events import (
    add_by_staff,
    add_sharing,
    answer,
    cancel_for_class,
    end_offer,
    give_seat,
    give_time,
    leave,
    move,
    pass_on,
    register,
    rejoin,
    send_again,
    set_capacity,
)
from registrations.services.seats.turns import PAUSE_BETWEEN_LETTERS, close, find_live, settle

__all__ = [
    "PAUSE_BETWEEN_LETTERS",
    "PERSON",
    "SITE",
    "Actor",
    "AlreadyRegistered",
    "Answers",
    "AttendanceIsRecorded",
    "CapacityBelowTaken",
    "HasNotAnswered",
    "NoFreeSeat",
    "NobodyToShareWith",
    "NotInLine",
    "NotTaken",
    "add_by_staff",
    "add_sharing",
    "answer",
    "cancel_for_class",
    "close",
    "end_offer",
    "find_live",
    "give_seat",
    "give_time",
    "leave",
    "move",
    "pass_on",
    "register",
    "rejoin",
    "send_again",
    "set_capacity",
    "settle",
]
