"""Who asks for something to happen, what the form says, and why something is refused."""

from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import User

from courses.models import State
from registrations.models import RegistrationEvent


class NotTaken(Exception):
    """The class takes no registrations now. `state` says why."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class AlreadyRegistered(Exception):
    """The address has a live registration in this class."""


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


@dataclass(frozen=True)
class Actor:
    """Who caused an event: the person, the site itself, or one of the staff."""

    by: RegistrationEvent.By
    user: User | None = None

    @classmethod
    def staff(cls, user: User) -> Self:
        return cls(RegistrationEvent.By.STAFF, user)


PERSON = Actor(RegistrationEvent.By.PERSON)
SITE = Actor(RegistrationEvent.By.SITE)


@dataclass(frozen=True)
class Answers:
    """What the form asks, cleaned."""

    full_name: str
    email: str
    role: str
    access_needs: str = ""
    phone: str = ""
    language: str = "en"
