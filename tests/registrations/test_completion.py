"""The completion rule as a table: what is recorded, what it earns, and the sentence it gives."""

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.completion import Outcome, Part, Presence, Result, Rule, outcome

WHOLE = Rule(Decimal(12))
HERE, PARTLY, ABSENT, EXCUSED = Presence
DAY = 360


def rule(**fields: object) -> Rule:
    return Rule(**({"credits": Decimal(12)} | fields))


def day(number: int, presence: Presence | None = HERE, missed: int = 0, **fields: object) -> Part:
    return Part(
        f"Day {number}", **({"minutes": DAY, "presence": presence, "missed": missed} | fields)
    )


TO_COME = {"presence": None, "is_over": False}

# fmt: off
CASES: list[tuple[str, Rule, list[Part], bool, Result, int, str, str]] = [
    # what it is about, rule, sessions, evaluated; result, minutes, credits, sentence
    ("all there", WHOLE, [day(1), day(2)],
     False, Result.COMPLETE, 720, "12", "Complete: 12 hours, 12 CE credits."),
    ("one day", WHOLE, [day(1)],
     False, Result.COMPLETE, 360, "12", "Complete: 6 hours, 12 CE credits."),
    ("ten credits for twelve hours", rule(credits=Decimal(10)), [day(1), day(2)],
     False, Result.COMPLETE, 720, "10", "Complete: 12 hours, 10 CE credits."),
    ("half credits", rule(credits=Decimal("7.50")), [day(1)],
     False, Result.COMPLETE, 360, "7.5", "Complete: 6 hours, 7.5 CE credits."),
    ("nothing yet", WHOLE, [day(1, **TO_COME), day(2, **TO_COME)],
     False, Result.NOT_YET, 0, "0", "Day 1 to come. Day 2 to come."),
    ("after the first day", WHOLE, [day(1), day(2, **TO_COME)],
     False, Result.NOT_YET, 360, "0", "Day 1: 6 hours recorded. Day 2 to come."),
    ("over, not recorded", WHOLE, [day(1), day(2, None)],
     False, Result.NOT_YET, 360, "0", "Day 1: 6 hours recorded. Day 2: not recorded yet."),
    ("absent on day 1, day 2 to come", WHOLE, [day(1, ABSENT), day(2, **TO_COME)],
     False, Result.NOT_YET, 0, "0", "Day 1: 0 minutes recorded. Day 2 to come."),
    ("no days", WHOLE, [],
     False, Result.NOT_YET, 0, "0", "The class has no days yet."),
    ("late", WHOLE, [day(1), day(2, PARTLY, 50)],
     False, Result.INCOMPLETE, 670, "0", "Not yet. Missing: 50 minutes of Day 2."),
    ("late, nothing can be made up", rule(make_up_allowed=False), [day(1), day(2, PARTLY, 50)],
     False, Result.INCOMPLETE, 670, "0", "Not complete. Missing: 50 minutes of Day 2."),
    ("one minute", WHOLE, [day(1), day(2, PARTLY, 1)],
     False, Result.INCOMPLETE, 719, "0", "Not yet. Missing: 1 minute of Day 2."),
    ("both days late", WHOLE, [day(1, PARTLY, 10), day(2, PARTLY, 75)],
     False, Result.INCOMPLETE, 635, "0",
     "Not yet. Missing: 10 minutes of Day 1 and 1 hour 15 minutes of Day 2."),
    ("a missing session", WHOLE, [day(1), day(2, ABSENT)],
     False, Result.INCOMPLETE, 360, "0", "Not yet. Missing: 6 hours of Day 2."),
    ("never came", WHOLE, [day(1, ABSENT), day(2, ABSENT)],
     False, Result.INCOMPLETE, 0, "0", "Not yet. Missing: 6 hours of Day 1 and 6 hours of Day 2."),
    # Grace: each session for itself, the boundary included; beyond it every minute counts.
    ("within grace", rule(grace_minutes=10), [day(1, PARTLY, 9), day(2)],
     False, Result.COMPLETE, 720, "12", "Complete: 12 hours, 12 CE credits."),
    ("at the end of grace", rule(grace_minutes=10), [day(1, PARTLY, 10), day(2)],
     False, Result.COMPLETE, 720, "12", "Complete: 12 hours, 12 CE credits."),
    ("one minute beyond", rule(grace_minutes=10), [day(1, PARTLY, 11), day(2)],
     False, Result.INCOMPLETE, 709, "0", "Not yet. Missing: 11 minutes of Day 1."),
    ("grace on each day", rule(grace_minutes=10), [day(1, PARTLY, 10), day(2, PARTLY, 10)],
     False, Result.COMPLETE, 720, "12", "Complete: 12 hours, 12 CE credits."),
    ("grace is for who came", rule(grace_minutes=400), [day(1, ABSENT), day(2)],
     False, Result.INCOMPLETE, 360, "0", "Not yet. Missing: 6 hours of Day 1."),
    # A share of the class.
    ("80 percent, exactly", rule(percent=80), [day(1), day(2, PARTLY, 144)],
     False, Result.COMPLETE, 576, "12", "Complete: 9 hours 36 minutes, 12 CE credits."),
    ("80 percent, one minute short", rule(percent=80), [day(1), day(2, PARTLY, 145)],
     False, Result.INCOMPLETE, 575, "0",
     ("Not yet. 9 hours 35 minutes recorded, 9 hours 36 minutes needed. Missing: 2 hours 25 "
      "minutes of Day 2.")),
    ("50 percent: one of two days", rule(percent=50), [day(1), day(2, ABSENT)],
     False, Result.COMPLETE, 360, "12", "Complete: 6 hours, 12 CE credits."),
    ("50 percent, but a day is to come", rule(percent=50), [day(1), day(2, **TO_COME)],
     False, Result.NOT_YET, 360, "0", "Day 1: 6 hours recorded. Day 2 to come."),
    ("a share that is no whole minute", rule(percent=33),
     [day(1, minutes=100, missed=66, presence=PARTLY)],
     False, Result.COMPLETE, 34, "12", "Complete: 34 minutes, 12 CE credits."),
    ("needed minutes are rounded up", rule(percent=99), [day(1, PARTLY, 4)],
     False, Result.INCOMPLETE, 356, "0",
     ("Not yet. 5 hours 56 minutes recorded, 5 hours 57 minutes needed. Missing: 4 minutes of "
      "Day 1.")),
    # Credit minutes against clock minutes: what is taught is the ceiling.
    ("missed more than is taught", WHOLE, [day(1, PARTLY, 480), day(2)],
     False, Result.INCOMPLETE, 360, "0", "Not yet. Missing: 6 hours of Day 1."),
    ("8 hours by the clock, 6 taught", rule(grace_minutes=5), [day(1), day(2)],
     False, Result.COMPLETE, 720, "12", "Complete: 12 hours, 12 CE credits."),
    ("days of unlike length", WHOLE,
     [day(1, minutes=480), day(2, minutes=240, presence=PARTLY, missed=30)],
     False, Result.INCOMPLETE, 690, "0", "Not yet. Missing: 30 minutes of Day 2."),
    # A moved session: what is recorded stays, what the new day teaches counts.
    ("moved and shortened", WHOLE, [day(1), day(2, minutes=300)],
     False, Result.COMPLETE, 660, "12", "Complete: 11 hours, 12 CE credits."),
    ("moved, to come again", WHOLE, [day(1), day(2, None, is_over=False)],
     False, Result.NOT_YET, 360, "0", "Day 1: 6 hours recorded. Day 2 to come."),
    # Partial credit, in quarters, rounded down.
    ("half the class", rule(partial_credit=True), [day(1), day(2, ABSENT)],
     False, Result.PARTIAL, 360, "6", "In part: 6 hours of 12 hours, 6 CE credits."),
    ("the same without partial credit", rule(partial_credit=False), [day(1), day(2, ABSENT)],
     False, Result.INCOMPLETE, 360, "0", "Not yet. Missing: 6 hours of Day 2."),
    ("rounded down to a quarter", rule(partial_credit=True), [day(1), day(2, PARTLY, 50)],
     False, Result.PARTIAL, 670, "11", "In part: 11 hours 10 minutes of 12 hours, 11 CE credits."),
    ("a quarter", rule(partial_credit=True), [day(1), day(2, PARTLY, 45)],
     False, Result.PARTIAL, 675, "11.25",
     "In part: 11 hours 15 minutes of 12 hours, 11.25 CE credits."),
    ("a quarter missed by a minute", rule(partial_credit=True), [day(1), day(2, PARTLY, 46)],
     False, Result.PARTIAL, 674, "11", "In part: 11 hours 14 minutes of 12 hours, 11 CE credits."),
    ("in part, ten credits", rule(credits=Decimal(10), partial_credit=True),
     [day(1), day(2, ABSENT)],
     False, Result.PARTIAL, 360, "5", "In part: 6 hours of 12 hours, 5 CE credits."),
    ("too little for a quarter", rule(partial_credit=True), [day(1, PARTLY, 350), day(2, ABSENT)],
     False, Result.INCOMPLETE, 10, "0",
     "Not yet. Missing: 5 hours 50 minutes of Day 1 and 6 hours of Day 2."),
    ("partial credit, and the whole", rule(partial_credit=True), [day(1), day(2)],
     False, Result.COMPLETE, 720, "12", "Complete: 12 hours, 12 CE credits."),
    ("partial credit above the share", rule(partial_credit=True, percent=80),
     [day(1), day(2, PARTLY, 60)],
     False, Result.COMPLETE, 660, "12", "Complete: 11 hours, 12 CE credits."),
    # Excused.
    ("excused, to be made up", WHOLE, [day(1), day(2, EXCUSED)],
     False, Result.INCOMPLETE, 360, "0", "Not yet. Missing: 6 hours of Day 2."),
    ("excused, left out: credit follows the minutes", rule(excused_left_out=True),
     [day(1), day(2, EXCUSED)],
     False, Result.COMPLETE, 360, "6", "Complete: 6 hours, 6 CE credits."),
    ("excused, left out, late on the other", rule(excused_left_out=True),
     [day(1, PARTLY, 5), day(2, EXCUSED)],
     False, Result.INCOMPLETE, 355, "0", "Not yet. Missing: 5 minutes of Day 1."),
    ("all excused", rule(excused_left_out=True), [day(1, EXCUSED), day(2, EXCUSED)],
     False, Result.INCOMPLETE, 0, "0", "Not complete: every session is excused."),
    # Made up in a later class.
    ("made up", WHOLE, [day(1), day(2, ABSENT, made_up=True)],
     False, Result.COMPLETE, 720, "12", "Complete: 12 hours, 12 CE credits."),
    ("made up, nothing recorded before", WHOLE, [day(1), day(2, None, made_up=True)],
     False, Result.COMPLETE, 720, "12", "Complete: 12 hours, 12 CE credits."),
    ("made up, late there", WHOLE, [day(1), day(2, ABSENT, made_up=True, missed_there=20)],
     False, Result.INCOMPLETE, 700, "0", "Not yet. Missing: 20 minutes of Day 2."),
    ("made up, late there within grace", rule(grace_minutes=20),
     [day(1), day(2, ABSENT, made_up=True, missed_there=20)],
     False, Result.COMPLETE, 720, "12", "Complete: 12 hours, 12 CE credits."),
    ("the better of the two", WHOLE, [day(1), day(2, PARTLY, 10, made_up=True, missed_there=90)],
     False, Result.INCOMPLETE, 710, "0", "Not yet. Missing: 10 minutes of Day 2."),
    ("made up, but not allowed", rule(make_up_allowed=False),
     [day(1), day(2, ABSENT, made_up=True)],
     False, Result.INCOMPLETE, 360, "0", "Not complete. Missing: 6 hours of Day 2."),
    ("excused and made up", rule(excused_left_out=True), [day(1), day(2, EXCUSED, made_up=True)],
     False, Result.COMPLETE, 720, "12", "Complete: 12 hours, 12 CE credits."),
    # The evaluation.
    ("evaluation missing", rule(evaluation_required=True), [day(1), day(2)],
     False, Result.NOT_YET, 720, "0", "Not yet: the evaluation is missing."),
    ("evaluation answered", rule(evaluation_required=True), [day(1), day(2)],
     True, Result.COMPLETE, 720, "12", "Complete: 12 hours, 12 CE credits."),
    ("evaluation does not mend minutes", rule(evaluation_required=True), [day(1), day(2, ABSENT)],
     True, Result.INCOMPLETE, 360, "0", "Not yet. Missing: 6 hours of Day 2."),
    ("minutes are said before the evaluation", rule(evaluation_required=True),
     [day(1), day(2, ABSENT)],
     False, Result.INCOMPLETE, 360, "0", "Not yet. Missing: 6 hours of Day 2."),
    ("in part, evaluation missing", rule(evaluation_required=True, partial_credit=True),
     [day(1), day(2, ABSENT)],
     False, Result.NOT_YET, 360, "0", "Not yet: the evaluation is missing."),
]
# fmt: on


class Case(NamedTuple):
    about: str
    rule: Rule
    parts: list[Part]
    evaluated: bool
    result: Result
    minutes: int
    credits: str
    sentence: str


@pytest.mark.parametrize("case", [Case(*row) for row in CASES], ids=lambda case: case.about)
def test_the_rule(case: Case):
    taught = sum(part.minutes for part in case.parts)
    assert outcome(case.rule, case.parts, evaluated=case.evaluated) == Outcome(
        case.result, case.minutes, taught, Decimal(case.credits), case.sentence
    )


rules = st.builds(
    Rule,
    credits=st.decimals(min_value=1, max_value=40, places=2),
    percent=st.integers(1, 100),
    grace_minutes=st.integers(0, 30),
    partial_credit=st.booleans(),
    excused_left_out=st.booleans(),
    make_up_allowed=st.booleans(),
    evaluation_required=st.booleans(),
)
sessions = st.builds(
    Part,
    name=st.sampled_from(["Day 1", "Day 2"]),
    minutes=st.integers(1, 480),
    presence=st.sampled_from([None, *Presence]),
    missed=st.integers(0, 600),
    made_up=st.booleans(),
    missed_there=st.integers(0, 600),
    is_over=st.booleans(),
)


@given(rule=rules, parts=st.lists(sessions, max_size=4), evaluated=st.booleans())
def test_nobody_earns_more_than_is_taught(rule: Rule, parts: list[Part], *, evaluated: bool):
    found = outcome(rule, parts, evaluated=evaluated)
    assert 0 <= found.minutes <= found.taught
    assert 0 <= found.credits <= rule.credits
    assert (found.credits > 0) <= found.earns_certificate


@given(rules, st.lists(sessions, min_size=1, max_size=4), st.data())
def test_minutes_never_fall_when_attendance_grows(
    rule: Rule, parts: list[Part], data: st.DataObject
):
    which = data.draw(st.integers(0, len(parts) - 1))
    part = parts[which]
    better = [
        replace(part, presence=Presence.PRESENT),
        replace(part, missed=max(0, part.missed - 5)),
        replace(part, made_up=True, missed_there=part.missed_there if part.made_up else 0),
    ]
    grown = [*parts[:which], data.draw(st.sampled_from(better)), *parts[which + 1 :]]
    assert outcome(rule, grown).minutes >= outcome(rule, parts).minutes
