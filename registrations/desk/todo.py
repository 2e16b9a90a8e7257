"""What needs a hand: one table of rules, each a small function.

A rule is given the facts and yields what there is to do. A new one is a function in the module of
its trade and a line in `RULES`, with the permission without which nobody could do it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from registrations.desk import class_rules, people_rules, site_rules
from registrations.desk.facts import Facts
from registrations.desk.things import ToDo

CLASSES = "courses.change_scheduledclass"
PEOPLE = "registrations.view_registration"
ATTENDANCE = "registrations.change_attendance"
LETTERS = "registrations.change_letter"
WORDS = "content.change_sitesettings"


@dataclass(frozen=True)
class Rule:
    finds: Callable[[Facts], Iterable[ToDo]]
    permission: str


#: What concerns one class: these stand on its own page as well.
OF_A_CLASS = [
    Rule(class_rules.no_way_in, CLASSES),
    Rule(class_rules.something_missing, CLASSES),
    Rule(class_rules.free_seats_after_the_cut_off, PEOPLE),
    Rule(class_rules.off_the_site, CLASSES),
    Rule(class_rules.not_published, CLASSES),
    Rule(class_rules.odd_window, CLASSES),
    Rule(class_rules.outside_an_approval, CLASSES),
    Rule(class_rules.not_announced, CLASSES),
]

#: What concerns one that has begun or is over.
OF_WHAT_WAS = [
    Rule(class_rules.attendance_not_taken, ATTENDANCE),
    Rule(class_rules.certificates_ready, "registrations.add_certificate"),
]

RULES = [
    *OF_A_CLASS,
    *OF_WHAT_WAS,
    Rule(people_rules.mail_came_back, PEOPLE),
    Rule(people_rules.never_answered, PEOPLE),
    Rule(people_rules.letters_given_up, LETTERS),
    Rule(site_rules.silent_worker, LETTERS),
    Rule(site_rules.late_letters, LETTERS),
    Rule(site_rules.failed_jobs, PEOPLE),
    Rule(site_rules.no_backup, WORDS),
    Rule(site_rules.wrong_seats, PEOPLE),
    Rule(site_rules.no_class_planned, "courses.add_scheduledclass"),
    Rule(site_rules.approval_ends, "courses.change_course"),
    Rule(site_rules.safety_words, WORDS),
    Rule(site_rules.old_notice, WORDS),
    Rule(site_rules.no_spanish, WORDS),
]


def to_do(facts: Facts, user: User, rules: Iterable[Rule] = RULES) -> list[ToDo]:
    """What this user can do something about, the most urgent first."""
    found = [todo for rule in rules if user.has_perm(rule.permission) for todo in rule.finds(facts)]
    return sorted(found, key=lambda todo: todo.by)
