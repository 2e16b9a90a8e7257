"""The people of a class as a table that leaves the site: that it left, and with what, is kept."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content.history import recording
from courses import zones
from courses.models import ScheduledClass
from registrations.models import Registration
from registrations.models.registration import LIVE
from registrations.services.seats import Actor

Status = Registration.Status


@dataclass(frozen=True)
class Column:
    label: str | Promise
    value: Callable[[Registration], object]


def registered_on(person: Registration) -> str:
    return zones.full_moment(person.created_at, person.scheduled_class.zone)


COLUMNS = {
    "full_name": Column(_("Name"), lambda person: person.full_name),
    "status": Column(_("Status"), Registration.get_status_display),
    "place": Column(_("Place in line"), lambda person: person.place or ""),
    "role": Column(_("What describes them best"), Registration.get_role_display),
    "access_needs": Column(_("What helps them take part"), lambda person: person.access_needs),
    "email": Column(_("Email address"), lambda person: person.email),
    "phone": Column(_("Phone"), lambda person: person.phone),
    "state": Column(_("State"), lambda person: person.state),
    "credential": Column(_("Credential"), lambda person: person.credential),
    "credential_number": Column(_("Credential number"), lambda person: person.credential_number),
    "registered": Column(_("Registered"), registered_on),
}


@transaction.atomic
def export(
    *,
    scheduled_class: ScheduledClass,
    columns: Iterable[str],
    who: str,
    actor: Actor,
    now: dt.datetime,
) -> list[list[str]]:
    """The table with its head, as it is. `who` is "seated", "live" or "all"."""
    chosen = [column for name, column in COLUMNS.items() if name in set(columns)]
    people = Registration.objects.filter(scheduled_class=scheduled_class)
    if who != "all":
        people = people.filter(status__in=[Status.CONFIRMED] if who == "seated" else LIVE)
    people = people.order_by("full_name", "pk").select_related("scheduled_class")
    head = [str(column.label) for column in chosen]
    rows = [[str(column.value(person)) for column in chosen] for person in people]
    counted = ngettext("%(count)s person", "%(count)s people", len(rows)) % {"count": len(rows)}
    recording.added(
        scheduled_class,
        what="registrations.file",
        key=scheduled_class.pk,
        name=_now("%(people)s: %(columns)s") % {"people": counted, "columns": ", ".join(head)},
        actor=actor,
        now=now,
    )
    return [head, *rows]
