"""Where somebody stands in line."""

from django.utils.translation import gettext as _

from registrations.models import Registration


def position(registration: Registration) -> int:
    """1 for the first in line; 0 for someone who does not wait."""
    if registration.status != Registration.Status.WAITLISTED:
        return 0
    line = Registration.objects.filter(scheduled_class=registration.scheduled_class_id).in_line()
    return line.filter(place__lte=registration.place).count()


def in_words(registration: Registration) -> str:
    """`3rd`, or empty for someone who does not wait."""
    number = position(registration)
    return ordinal(number) if number else ""


def ordinal(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return _("%(number)sth") % {"number": number}
    endings = {1: _("%(number)sst"), 2: _("%(number)snd"), 3: _("%(number)srd")}
    return endings.get(number % 10, _("%(number)sth")) % {"number": number}
