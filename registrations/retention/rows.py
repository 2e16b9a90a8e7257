"""The rows that the rules about keeping reach, each with the moment `since` its time runs."""

import datetime as dt
import operator
from functools import reduce
from pathlib import Path
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from content.history.models import Change
from courses.models import ClassSession
from registrations.models import (
    AuditFile,
    CertificateBatch,
    Evaluation,
    EvaluationDraft,
    InterestSignup,
    Letter,
    Message,
    Registration,
    RegistrationEvent,
    Tries,
)
from registrations.services import attendance, erasing

Status = Registration.Status


def delete_files(files: list[Path], now: dt.datetime) -> int:
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def any_of(fields: list[str]) -> Q:
    """At least one of the fields is not empty. The key never is: an erased one has one as well."""
    return reduce(operator.or_, (~Q(**{name: ""}) for name in fields if name != "email_key"))


def last_end() -> Subquery:
    """Of the class of a row, as its `scheduled_class`."""
    sessions = ClassSession.objects.filter(scheduled_class=OuterRef("scheduled_class"))
    return Subquery(sessions.order_by("-ends_at").values("ends_at")[:1])


def people() -> QuerySet[Registration]:
    """Everyone, with the end of their class."""
    return Registration.objects.annotate(since=last_end()).order_by("pk")


def for_the_days() -> QuerySet[Registration]:
    return people().filter(any_of(["access_needs", "phone"]))


def never_answered() -> QuerySet[Registration]:
    """Those who lapsed without a word, with the moment of it."""
    ends = RegistrationEvent.objects.filter(registration=OuterRef("pk"), to_status=Status.LAPSED)
    ends = ends.exclude(from_status=Status.LAPSED)
    lapsed = Registration.objects.filter(
        any_of([*erasing.CONTACT, *erasing.IDENTITY]), status=Status.LAPSED, proved_at=None
    )
    return lapsed.annotate(since=Subquery(ends.order_by("-pk").values("at")[:1])).order_by("pk")


def without_a_seat() -> QuerySet[Registration]:
    """Those who in the end had none, also those who still stood in line when it began."""
    return people().filter(~had_a_seat(), any_of([*erasing.CONTACT, *erasing.IDENTITY]))


def had_a_seat() -> Q:
    """To the end, or long enough to be there for something."""
    return Q(status=Status.CONFIRMED) | Q(pk__in=attendance.was_there().values("registration"))


def reachable_with_a_seat() -> QuerySet[Registration]:
    return people().filter(any_of(erasing.CONTACT), had_a_seat())


def known_with_a_seat() -> QuerySet[Registration]:
    return people().filter(any_of([*erasing.CONTACT, *erasing.IDENTITY]), had_a_seat())


def closed_letters() -> QuerySet[Letter]:
    letters = Letter.objects.exclude(state=Letter.State.OWED)
    return letters.annotate(since=Coalesce("sent_at", "created_at"))


def changes() -> QuerySet[Change]:
    return Change.objects.annotate(since=F("at"))


def log_of_the_desk() -> QuerySet[LogEntry]:
    return LogEntry.objects.annotate(since=F("action_time"))


def delete_rows(rows: QuerySet[Any], now: dt.datetime) -> int:
    return rows.delete()[0]


def finished_batches() -> QuerySet[CertificateBatch]:
    return CertificateBatch.objects.annotate(since=F("done_at"))


def audit_files() -> QuerySet[AuditFile]:
    return AuditFile.objects.annotate(since=F("asked_at"))


def counted_tries() -> QuerySet[Tries]:
    return Tries.objects.all()


def evaluation_drafts() -> QuerySet[EvaluationDraft]:
    return EvaluationDraft.objects.annotate(since=F("saved_at"))


def evaluations() -> QuerySet[Evaluation]:
    return Evaluation.objects.annotate(since=last_end())


def messages() -> QuerySet[Message]:
    return Message.objects.annotate(since=F("written_at"))


def silent_sign_ups() -> QuerySet[InterestSignup]:
    silent = InterestSignup.objects.filter(confirmed_at__isnull=True)
    return silent.annotate(since=F("created_at"))


def sign_ins() -> QuerySet[Session]:
    return Session.objects.annotate(since=F("expire_date"))
