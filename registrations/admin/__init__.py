"""Where staff act on classes and see the people in them."""

from registrations.admin.classes import ScheduledClassAdmin
from registrations.admin.people import LetterAdmin, RegistrationAdmin

__all__ = ["LetterAdmin", "RegistrationAdmin", "ScheduledClassAdmin"]
