from registrations.models.account_letter import AccountLetter
from registrations.models.attendance import Attendance, AttendanceChange
from registrations.models.audit import AuditFile, AuditPart
from registrations.models.backup import Backup
from registrations.models.calendar import CalendarEntry
from registrations.models.certificate import Certificate, CertificateBatch
from registrations.models.evaluation import Evaluation, EvaluationDraft
from registrations.models.interest import Announcement, InterestSignup
from registrations.models.letter import Letter
from registrations.models.letter_text import LetterText
from registrations.models.link_request import LinkRequest
from registrations.models.message import Message
from registrations.models.registration import LIVE, Registration, RegistrationEvent
from registrations.models.tries import Tries
from registrations.models.worker import Heartbeat

__all__ = [
    "LIVE",
    "AccountLetter",
    "Announcement",
    "Attendance",
    "AttendanceChange",
    "AuditFile",
    "AuditPart",
    "Backup",
    "CalendarEntry",
    "Certificate",
    "CertificateBatch",
    "Evaluation",
    "EvaluationDraft",
    "Heartbeat",
    "InterestSignup",
    "Letter",
    "LetterText",
    "LinkRequest",
    "Message",
    "Registration",
    "RegistrationEvent",
    "Tries",
]
