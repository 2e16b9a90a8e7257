from registrations.models.letter import Letter
from registrations.models.registration import LIVE, Registration, RegistrationEvent
from registrations.models.worker import Heartbeat

__all__ = ["LIVE", "Heartbeat", "Letter", "Registration", "RegistrationEvent"]
