"""The audit file of a class: staff ask for it, and the worker makes it.

It is made in steps, each a transaction of its own, so a stop in the middle loses one step at most
and two workers make one file: what is written down of one moment, then the papers of the
certificates, which never change, then the list of all files.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from content.history import recording
from courses import zones
from courses.models import ScheduledClass
from registrations.audit import pages
from registrations.audit.archive import zipped
from registrations.audit.collecting import collect
from registrations.audit.of_people import paper_name
from registrations.models import AuditFile, AuditPart, Certificate
from registrations.services.ledger import locked
from registrations.services.seats import Actor

#: So many papers between two looks at the other jobs of the worker.
AT_ONCE = 25


class AlreadyOrdered(Exception):
    """The button was pressed twice, or one is being made at this moment."""


def order(
    *, scheduled_class: ScheduledClass, key: uuid.UUID, actor: Actor, now: dt.datetime
) -> AuditFile:
    """Ask the worker for one. Raises AlreadyOrdered."""
    with locked(scheduled_class.pk):
        of_class = AuditFile.objects.filter(scheduled_class=scheduled_class)
        if of_class.filter(made_at=None).exists() or AuditFile.objects.filter(key=key).exists():
            raise AlreadyOrdered
        file = AuditFile.objects.create(
            key=key, scheduled_class=scheduled_class, asked_at=now, asked_by=actor.user
        )
        recording.added(
            scheduled_class,
            what=AuditFile._meta.label_lower,
            key=file.pk,
            name=zones.full_moment(now, scheduled_class.zone),
            actor=actor,
            now=now,
        )
    return file


def make_ordered(now: dt.datetime) -> int:
    """The worker's part: one step of the oldest that is not whole. Returns how many it did."""
    file = AuditFile.objects.filter(made_at=None).order_by("pk").first()
    if file is None:
        return 0
    if file.taken_at is None:
        write_down(file, now)
    elif file.left:
        add_papers(file)
    else:
        close(file, now)
    return 1


def write_down(file: AuditFile, now: dt.datetime) -> None:
    """All but the papers, set first, and stored under the lock if all is still so."""
    found = collect(file.scheduled_class_id, now)
    parts = [part(file, name, data) for name, data in pages.written_down(found.contents, now)]
    with locked(file.scheduled_class_id):
        stored = AuditFile.objects.select_for_update().filter(pk=file.pk, taken_at=None).first()
        if stored is None or collect(file.scheduled_class_id, now) != found:
            return  # Another worker was faster; or something changed: the next round sees it.
        AuditPart.objects.bulk_create(parts)
        stored.taken_at = now
        stored.people = found.people
        stored.left = found.certificates
        stored.certificates = len(found.certificates)
        stored.save()


def add_papers(file: AuditFile) -> None:
    with transaction.atomic():
        stored = AuditFile.objects.select_for_update().filter(pk=file.pk).first()
        if stored is None:
            return  # Somebody in it was erased.
        now_due, stored.left = stored.left[:AT_ONCE], stored.left[AT_ONCE:]
        for certificate in Certificate.objects.filter(pk__in=now_due).only("number", "pdf"):
            one = part(stored, paper_name(certificate), certificate.paper)
            one.data, one.certificate = None, certificate
            one.save()
        stored.save(update_fields=["left"])


def close(file: AuditFile, now: dt.datetime) -> None:
    with transaction.atomic():
        stored = AuditFile.objects.select_for_update().filter(pk=file.pk, made_at=None).first()
        if stored is None or stored.left:
            return
        listed = stored.parts.order_by("name").values_list("name", "size", "sha256")
        part(stored, pages.MANIFEST, pages.manifest(listed)).save()
        stored.made_at = now
        stored.save(update_fields=["made_at"])


def part(file: AuditFile, name: str, data: bytes) -> AuditPart:
    return AuditPart(
        audit_file=file, name=name, data=data, size=len(data), sha256=pages.checksum(data)
    )


# Taking it along.


def name_of(file: AuditFile) -> str:
    return f"audit-{file.scheduled_class.slug}-{file.taken_at:%Y-%m-%d}.zip"


def take(*, file: AuditFile, actor: Actor, now: dt.datetime) -> Iterator[bytes]:
    """The ZIP of a file that is made, read part by part. The class's history keeps who took it."""
    scheduled_class = file.scheduled_class
    moment = file.taken_at or now
    recording.added(
        scheduled_class,
        what="registrations.download",
        key=file.pk,
        name=_("audit file as of %(moment)s")
        % {"moment": zones.full_moment(moment, scheduled_class.zone)},
        actor=actor,
        now=now,
    )
    return zipped(contents_of(file), moment)


def contents_of(file: AuditFile) -> Iterator[tuple[str, bytes]]:
    """Each part by a query of its own: no cursor stays open while somebody's line is slow."""
    keys = list(file.parts.order_by("name").values_list("pk", flat=True))
    for key in keys:
        one = AuditPart.objects.select_related("certificate").get(pk=key)
        yield one.name, one.content


def drop_those_with(people: Iterable[int]) -> None:
    """Whoever is erased leaves no audit file behind: it can be made anew without them."""
    gone = set(people)
    for file in AuditFile.objects.only("people"):
        if gone.intersection(file.people):
            file.delete()
