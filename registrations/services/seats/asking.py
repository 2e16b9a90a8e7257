"""Who asks for something to happen, what the form says, and why something is refused."""

from dataclasses import dataclass

from content.history.models import SITE, Actor, By
from courses.models import State

__all__ = [
    "PERSON",
    "SITE",
    "Actor",
    "AlreadyRegistered",
    "Answers",
    "AttendanceIsRecorded",
    "CapacityBelowTaken",
    "HasNotAnswered",
    "NoFreeSeat",
    "NotInLine",
    "NotTaken",
]


class NotTaken(Exception):
    """The class takes no registrations now. `state` says why."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class AlreadyRegistered(Exception):
    """The address has a live registration in this class."""


class AttendanceIsRecorded(Exception):
    """The person was in a session of the class, or was missed in it: that stays with the class."""


class NobodyToShareWith(Exception):
    """Nobody in this class has the address that is said to be shared."""


class CapacityBelowTaken(Exception):
    """Fewer seats than are taken. `taken` says how many."""

    def __init__(self, taken: int) -> None:
        super().__init__(taken)
        self.taken = taken


class NoFreeSeat(Exception):
    """Every seat of the class is taken or held."""


class NotInLine(Exception):
    """The person does not wait for a seat."""


class HasNotAnswered(Exception):
    """Nobody has shown yet that the address is the person's."""


PERSON = Actor(By.PERSON)


@dataclass(frozen=True)
class Answers:
    """What the form asks, cleaned."""

    full_name: str
    email: str
    role: str
    access_needs: str = ""
    phone: str = ""
    language: str = "en"
