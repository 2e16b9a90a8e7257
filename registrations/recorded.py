"""What is recorded, in words: attendance in one session, and what became of a certificate."""

from typing import Any

from django.utils.translation import gettext as _

from courses import zones
from courses.models import ClassSession
from registrations.completion import Presence, length
from registrations.models import Certificate

LABELS = dict(Presence.choices)


def in_words(values: dict[str, Any]) -> str:
    """Of the session itself: `Late or left early, 20 minutes missed`."""
    presence = values.get("presence") or ""
    if not presence:
        return _("Not recorded")
    if presence == Presence.PARTLY:
        missed = {"time": length(values["missed_minutes"])}
        return _("Late or left early, %(time)s missed") % missed
    return str(LABELS[presence])


def made_up_in_words(there: ClassSession, missed: int) -> str:
    """`Made up on February 6, 2027, 10 minutes missed there`"""
    day = zones.date(there.starts_at, there.scheduled_class.zone)
    if missed:
        told = {"day": day, "time": length(missed)}
        return _("Made up on %(day)s, %(time)s missed there") % told
    return _("Made up on %(day)s") % {"day": day}


def state_of(certificate: Certificate) -> str:
    """`Valid`, `Revoked`, or `Replaced by K7QD-2M9X-T4RW`."""
    if certificate.revoked_at:
        return _("Revoked")
    if certificate.replacement:
        return _("Replaced by %(number)s") % {"number": certificate.replacement}
    return _("Valid")
