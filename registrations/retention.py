"""What is erased when: the one table of it. The worker applies it every night.

A person's name and what they earned stay long, because boards ask for it years later; everything
else has its own, much shorter, time. Nothing else in the site decides how long something is kept.
"""

import datetime as dt
import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content.history.models import Change
from courses import zones
from courses.models import ClassSession, ScheduledClass
from courses.zones import Zone
from registrations import limits
from registrations.models import (
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
from registrations.services import attendance, erasing, interest, returned_mail

Status = Registration.Status
Text = str | Promise


@dataclass(frozen=True)
class Time:
    """How long something is kept, on the calendar: a year is a year, whatever its days."""

    years: int = 0
    days: int = 0

    def before(self, now: dt.datetime) -> dt.datetime:
        """What began then, or earlier, has been kept long enough."""
        return shifted(now, -self.years) - dt.timedelta(days=self.days)

    def after(self, begun: dt.datetime) -> dt.datetime:
        return shifted(begun, self.years) + dt.timedelta(days=self.days)

    def __str__(self) -> str:
        if self.years:
            return ngettext("%(count)s year", "%(count)s years", self.years) % {"count": self.years}
        return ngettext("%(count)s day", "%(count)s days", self.days) % {"count": self.days}


def shifted(moment: dt.datetime, years: int) -> dt.datetime:
    """The same day so many years on. February 29 has none in most years: the day beside it."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        beside = moment + dt.timedelta(days=1 if years > 0 else -1)
        return beside.replace(year=beside.year + years)


#: Attendance and certificate records are asked for 4 to 7 years later: boards ask for it.
KEPT_FOR_BOARDS = Time(years=7)

A_MONTH = Time(days=30)
A_YEAR = Time(years=1)


@dataclass(frozen=True)
class Rule:
    """One kind of data and its time.

    `rows` are all that the rule will ever reach, each with the moment `since` its time runs.
    Without `erase` another of the worker's jobs does it.
    """

    what: Text
    whose: Text
    time: Time
    since: Text
    rows: Callable[[], Any]
    erase: Callable[[Any, dt.datetime], int] | None = None

    @property
    def when(self) -> str:
        """`30 days after the class`."""
        if self.time == Time():
            return str(self.since)
        return str(self.since) % {"time": self.time}

    def due(self, now: dt.datetime) -> Any:
        return self.rows().filter(since__lte=self.time.before(now))

    def next(self) -> tuple[dt.datetime, int] | None:
        """When the next rows are due, and how many are due on that day."""
        waiting = self.rows().filter(since__isnull=False)
        first = waiting.order_by("since").values_list("since", flat=True).first()
        if first is None:
            return None
        return self.time.after(first), waiting.filter(since__lt=end_of_day(first)).count()

    def next_in_words(self) -> str:
        """`3 on Monday, February 22, 2027`, or empty when nothing waits for its day."""
        found = self.next()
        if found is None:
            return ""
        moment, count = found
        day = zones.weekday_date(moment, Zone.MOUNTAIN)
        return _now("%(count)s on %(day)s") % {"count": count, "day": day}


#: More classes than this do not end on one day.
ON_ONE_DAY = 10


@dataclass(frozen=True)
class RuleOfPeople(Rule):
    """The same of people, whose time runs from the end of their class.

    What is next is asked of the classes: they are few, however many people there have been.
    """

    def next(self) -> tuple[dt.datetime, int] | None:
        of_it = self.rows().filter(scheduled_class=OuterRef("pk")).order_by()
        counted = of_it.values("scheduled_class").annotate(people=Count("pk")).values("people")
        dated = ScheduledClass.objects.with_dates().filter(class_sessions__isnull=False)
        first_ones = dated.filter(Exists(of_it)).order_by("last_end").values("pk")[:ON_ONE_DAY]  # type: ignore[misc]  # annotated
        ended = dated.filter(pk__in=first_ones).annotate(people=Subquery(counted))
        soonest = list(ended.order_by("last_end").values_list("last_end", "people"))  # type: ignore[misc]  # annotated
        if not soonest:
            return None
        first = soonest[0][0]
        same_day = [people for moment, people in soonest if moment < end_of_day(first)]
        return self.time.after(first), sum(same_day)


@dataclass(frozen=True)
class FilesRule(Rule):
    """The same for files; `since` they were written."""

    def due(self, now: dt.datetime) -> list[Path]:
        return [file for file in self.rows() if written(file) <= self.time.before(now)]

    def next(self) -> tuple[dt.datetime, int] | None:
        moments = sorted(written(file) for file in self.rows())
        if not moments:
            return None
        same_day = [moment for moment in moments if moment < end_of_day(moments[0])]
        return self.time.after(moments[0]), len(same_day)


def end_of_day(moment: dt.datetime) -> dt.datetime:
    """The midnight after it, in Mountain Time."""
    zone = Zone.MOUNTAIN.info
    day = moment.astimezone(zone).date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), tzinfo=zone)


def written(file: Path) -> dt.datetime:
    return dt.datetime.fromtimestamp(file.stat().st_mtime, tz=dt.UTC)


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


def counted_tries() -> QuerySet[Tries]:
    return Tries.objects.all()


def evaluation_drafts() -> QuerySet[EvaluationDraft]:
    return EvaluationDraft.objects.annotate(since=F("saved_at"))


def evaluations() -> QuerySet[Evaluation]:
    return Evaluation.objects.annotate(since=last_end())


def messages() -> QuerySet[Message]:
    return Message.objects.annotate(since=F("written_at"))


def delete_messages(written: QuerySet[Message], now: dt.datetime) -> int:
    return written.delete()[0]


def silent_sign_ups() -> QuerySet[InterestSignup]:
    silent = InterestSignup.objects.filter(confirmed_at__isnull=True)
    return silent.annotate(since=F("created_at"))


def sign_ins() -> QuerySet[Session]:
    return Session.objects.annotate(since=F("expire_date"))


RULES = [
    RuleOfPeople(
        _("Access needs and phone"),
        _("Everyone who registered"),
        A_MONTH,
        _("%(time)s after the class"),
        for_the_days,
        erasing.erase_for_the_days,
    ),
    Rule(
        _("Name, address and all else they wrote, with their letters"),
        _("People who never answered a mail"),
        A_MONTH,
        _("%(time)s after their time to answer ended"),
        never_answered,
        erasing.erase_wholly,
    ),
    RuleOfPeople(
        _("Name, address and all else they wrote, with their letters"),
        _("People who had no seat in the end: cancelled, left, not answered, still in line"),
        A_YEAR,
        _("%(time)s after the class"),
        without_a_seat,
        erasing.erase_wholly,
    ),
    RuleOfPeople(
        _("Address, and reasons and old names in their history. The link to their page ends"),
        _("People who had a seat"),
        A_YEAR,
        _("%(time)s after the class"),
        reachable_with_a_seat,
        erasing.erase_contact,
    ),
    RuleOfPeople(
        _(
            "Name, state, credential and its number, attendance, certificates: boards may ask for "
            "them until then"
        ),
        _("People who had a seat"),
        KEPT_FOR_BOARDS,
        _("%(time)s after the class"),
        known_with_a_seat,
        erasing.erase_wholly,
    ),
    Rule(
        _("Answers to the evaluation that they have not sent"),
        _("People who had a seat"),
        A_MONTH,
        _("%(time)s after they saved them. Those that are sent lose their name at once"),
        evaluation_drafts,
        delete_rows,
    ),
    Rule(
        _("The evaluation of a class: sums and comments, without names"),
        _("People who answered it"),
        KEPT_FOR_BOARDS,
        _("%(time)s after the class"),
        evaluations,
        delete_rows,
    ),
    Rule(
        _("The list of letters: which went out when, never their words"),
        _("Everyone who was written to"),
        A_YEAR,
        _("%(time)s after the letter went out"),
        closed_letters,
        delete_rows,
    ),
    Rule(
        _("The words of messages that staff wrote to people of a class"),
        _("Everyone who was written to"),
        A_YEAR,
        _("%(time)s after they were written"),
        messages,
        delete_messages,
    ),
    Rule(
        _("Which certificates staff asked for with one press, by numbers that name nobody"),
        _("Staff"),
        A_YEAR,
        _("%(time)s after it was done"),
        finished_batches,
        delete_rows,
    ),
    Rule(
        _("How often one network used a public form: a hash that is another one each day"),
        _("Everyone who registers, asks for mail or checks a certificate"),
        Time(days=limits.KEPT.days),
        _("%(time)s after they were counted"),
        counted_tries,
    ),
    Rule(
        _("Address on the list for news of classes"),
        _("People who did not press the button in our first mail"),
        Time(days=interest.UNCONFIRMED_KEPT.days),
        _("%(time)s after they signed up. Who did press it leaves the list with the one mail"),
        silent_sign_ups,
    ),
    Rule(
        _("The history of words, course and classes: who changed what, old and new"),
        _("Staff"),
        KEPT_FOR_BOARDS,
        _("%(time)s after the change"),
        changes,
        delete_rows,
    ),
    Rule(
        _("The list of what was changed at accounts of staff"),
        _("Staff"),
        A_YEAR,
        _("%(time)s after the change"),
        log_of_the_desk,
        delete_rows,
    ),
    FilesRule(
        _("Reports of mail that came back, as files on the server"),
        _("People whose mail came back"),
        A_MONTH,
        _("%(time)s after the report"),
        returned_mail.read_files,
        delete_files,
    ),
    Rule(
        _("Sign-ins to this desk"),
        _("Staff"),
        Time(),
        _("12 hours after signing in"),
        sign_ins,
    ),
]


def erase_what_is_due(now: dt.datetime) -> int:
    """Everything whose day has come. A second time finds nothing. Returns how many rows."""
    return sum(rule.erase(rule.due(now), now) for rule in RULES if rule.erase)
