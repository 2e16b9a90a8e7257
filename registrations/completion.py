"""Whether someone has completed a class, what they earned, and the sentence that says why.

The rule differs from one approving body to the next, so it is data on the course. This is the one
place that applies it: no database, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import Enum, auto
from typing import TypeAlias

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses import zones
from courses.models.course import plain

#: Credit that is given in part is rounded down to this step, as boards count it.
CREDIT_STEP = Decimal("0.25")


class Presence(models.TextChoices):
    PRESENT = "present", gettext_lazy("Present")
    PARTLY = "partly", gettext_lazy("Late or left early")
    ABSENT = "absent", gettext_lazy("Absent")
    EXCUSED = "excused", gettext_lazy("Excused")


@dataclass(frozen=True)
class Rule:
    """What a certificate needs. `percent` is the share of the minutes taught, 1 to 100."""

    credits: Decimal
    percent: int = 100
    #: Minutes missed in one session that count as none.
    grace_minutes: int = 0
    #: Whether fewer minutes than needed still earn credit, in proportion.
    partial_credit: bool = False
    #: Whether an excused session is left out of what is needed; else it must be made up.
    excused_left_out: bool = False
    make_up_allowed: bool = True
    evaluation_required: bool = False


@dataclass(frozen=True)
class Part:
    """One class session and what is recorded of one person in it. All lengths are minutes."""

    name: str
    #: Time taught without breaks: no more can be earned, however long the clock ran.
    minutes: int
    #: None: nothing is recorded yet.
    presence: Presence | None = None
    missed: int = 0
    #: Whether the session was made up in a later class, and what was missed there.
    made_up: bool = False
    missed_there: int = 0
    #: Whether the session has ended.
    is_over: bool = True


#: Sessions in order, each with the minutes earned in it.
Rows: TypeAlias = Sequence[tuple[Part, int]]


class Result(Enum):
    #: Something is still to come, to be recorded or to be answered.
    NOT_YET = auto()
    COMPLETE = auto()
    #: Less than the whole, with credit for a part.
    PARTIAL = auto()
    INCOMPLETE = auto()


@dataclass(frozen=True)
class Outcome:
    result: Result
    #: Minutes earned and minutes taught.
    minutes: int
    taught: int
    credits: Decimal
    sentence: str

    @property
    def earns_certificate(self) -> bool:
        return self.result in {Result.COMPLETE, Result.PARTIAL}


def outcome(rule: Rule, parts: Sequence[Part], *, evaluated: bool = False) -> Outcome:
    """What `parts`, the sessions of one class in order, add up to for one person."""
    taught = sum(part.minutes for part in parts)
    rows = [(part, earned_in(part, rule)) for part in parts]
    minutes = sum(earned for _part, earned in rows)
    needed = [row for row in rows if not (rule.excused_left_out and is_excused(row[0], rule))]
    base = sum(part.minutes for part, _earned in needed)
    enough = base > 0 and minutes * 100 >= base * rule.percent
    credit = credits_for(rule, minutes, taught, whole=enough and base == taught)

    def result(kind: Result, sentence: str) -> Outcome:
        given = credit if kind in {Result.COMPLETE, Result.PARTIAL} else Decimal(0)
        return Outcome(kind, minutes, taught, given, sentence)

    if any(part.presence is None and not part.made_up for part in parts) or not parts:
        return result(Result.NOT_YET, so_far(rows))
    gives_part = rule.partial_credit and credit > 0
    if (enough or gives_part) and rule.evaluation_required and not evaluated:
        return result(Result.NOT_YET, _("Not yet: the evaluation is missing."))
    if enough:
        words = _("Complete: %(time)s, %(credits)s CE credits.")
        return result(Result.COMPLETE, words % {"time": length(minutes), "credits": plain(credit)})
    if gives_part:
        words = _("In part: %(time)s of %(taught)s, %(credits)s CE credits.")
        figures = {"time": length(minutes), "taught": length(taught), "credits": plain(credit)}
        return result(Result.PARTIAL, words % figures)
    return result(Result.INCOMPLETE, missing(rule, needed))


def earned_in(part: Part, rule: Rule) -> int:
    """Minutes of credit earned in one session, there or in a later class: the better of the two."""
    match part.presence:
        case Presence.PRESENT:
            here = part.minutes
        case Presence.PARTLY:
            here = without(part.minutes, part.missed, rule)
        case _:
            here = 0
    if part.made_up and rule.make_up_allowed:
        return max(here, without(part.minutes, part.missed_there, rule))
    return here


def without(minutes: int, missed: int, rule: Rule) -> int:
    return minutes if missed <= rule.grace_minutes else max(0, minutes - missed)


def is_excused(part: Part, rule: Rule) -> bool:
    """Excused, and not made up: a session made up counts like one attended."""
    return part.presence is Presence.EXCUSED and not (part.made_up and rule.make_up_allowed)


def credits_for(rule: Rule, minutes: int, taught: int, *, whole: bool) -> Decimal:
    """All credits when the rule is met on the whole class, else in proportion to the minutes."""
    if whole:
        return rule.credits
    if not taught:
        return Decimal(0)
    share = rule.credits * minutes / taught
    return (share / CREDIT_STEP).quantize(Decimal(1), ROUND_DOWN) * CREDIT_STEP


# Words.


def so_far(rows: Rows) -> str:
    """`Day 1: 6 hours recorded. Day 2 to come.`"""
    sentences = []
    for part, earned in rows:
        if part.presence is not None or part.made_up:
            words = _("%(session)s: %(time)s recorded.")
            sentences.append(words % {"session": part.name, "time": length(earned)})
        elif part.is_over:
            sentences.append(_("%(session)s: not recorded yet.") % {"session": part.name})
        else:
            sentences.append(_("%(session)s to come.") % {"session": part.name})
    return " ".join(sentences) or _("The class has no days yet.")


def missing(rule: Rule, rows: Rows) -> str:
    """`Not yet: 50 minutes of Day 2 are missing.` Names every session that lacks something."""
    gaps = [
        _("%(time)s of %(session)s") % {"time": length(part.minutes - earned), "session": part.name}
        for part, earned in rows
        if earned < part.minutes
    ]
    if not gaps:
        return _("Not complete: every session is excused.")
    words = _("Missing: %(gaps)s.") % {"gaps": zones.listed(gaps)}
    if rule.percent < 100:
        base = sum(part.minutes for part, _earned in rows)
        needed = -(-base * rule.percent // 100)
        figures = {
            "time": length(sum(earned for _part, earned in rows)),
            "needed": length(needed),
        }
        recorded = _("%(time)s recorded, %(needed)s needed.") % figures
        words = f"{recorded} {words}"
    if rule.make_up_allowed:
        return _("Not yet. %(why)s") % {"why": words}
    return _("Not complete. %(why)s") % {"why": words}


def length(minutes: int) -> str:
    """`6 hours`, `5 hours 10 minutes`, `50 minutes`."""
    hours, rest = divmod(minutes, 60)
    words = []
    if hours:
        words.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours})
    if rest or not hours:
        words.append(ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest})
    return " ".join(words)
