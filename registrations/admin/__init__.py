"""Where staff act on classes and see the people in them."""

from registrations.admin.certificates.register import CertificateAdmin
from registrations.admin.classes import ScheduledClassAdmin
from registrations.admin.interest import InterestSignupAdmin
from registrations.admin.letter_texts import LetterTextAdmin
from registrations.admin.letters_in_spanish import changed_letters
from registrations.admin.messages import MessageAdmin
from registrations.admin.people import LetterAdmin, RegistrationAdmin

__all__ = [
    "CertificateAdmin",
    "InterestSignupAdmin",
    "LetterAdmin",
    "LetterTextAdmin",
    "MessageAdmin",
    "RegistrationAdmin",
    "ScheduledClassAdmin",
    "changed_letters",
]
