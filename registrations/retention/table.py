"""What is erased when: the one table of it. The worker applies it every night.

A person's name and what they earned stay long, because boards ask for it years later; everything
else has its own, much shorter, time.
"""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from registrations import limits
from registrations.retention import rows
from registrations.retention.rules import FilesRule, Rule, RuleOfPeople, Time
from registrations.services import erasing, interest, returned_mail

#: Attendance and certificate records are asked for 4 to 7 years later: boards ask for it.
KEPT_FOR_BOARDS = Time(years=7)

A_WEEK = Time(days=7)
A_MONTH = Time(days=30)
A_YEAR = Time(years=1)

RULES = [
    RuleOfPeople(
        _("Access needs and phone"),
        _("Everyone who registered"),
        A_MONTH,
        _("%(time)s after the class"),
        rows.for_the_days,
        erasing.erase_for_the_days,
    ),
    Rule(
        _("Name, address and all else they wrote, with their letters"),
        _("People who never answered a mail"),
        A_MONTH,
        _("%(time)s after their time to answer ended"),
        rows.never_answered,
        erasing.erase_wholly,
    ),
    RuleOfPeople(
        _("Name, address and all else they wrote, with their letters"),
        _("People who had no seat in the end: cancelled, left, not answered, still in line"),
        A_YEAR,
        _("%(time)s after the class"),
        rows.without_a_seat,
        erasing.erase_wholly,
    ),
    RuleOfPeople(
        _("Address, and reasons and old names in their history. The link to their page ends"),
        _("People who had a seat"),
        A_YEAR,
        _("%(time)s after the class"),
        rows.reachable_with_a_seat,
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
        rows.known_with_a_seat,
        erasing.erase_wholly,
    ),
    Rule(
        _("Answers to the evaluation that they have not sent"),
        _("People who had a seat"),
        A_MONTH,
        _("%(time)s after they saved them. Those that are sent lose their name at once"),
        rows.evaluation_drafts,
        rows.delete_rows,
    ),
    Rule(
        _("The evaluation of a class: sums and comments, without names"),
        _("People who answered it"),
        KEPT_FOR_BOARDS,
        _("%(time)s after the class"),
        rows.evaluations,
        rows.delete_rows,
    ),
    Rule(
        _("The list of letters: which went out when, never their words"),
        _("Everyone who was written to"),
        A_YEAR,
        _("%(time)s after the letter went out"),
        rows.closed_letters,
        rows.delete_rows,
    ),
    Rule(
        _("The words of messages that staff wrote to people of a class"),
        _("Everyone who was written to"),
        A_YEAR,
        _("%(time)s after they were written"),
        rows.messages,
        rows.delete_rows,
    ),
    Rule(
        _("Which certificates staff asked for with one press, by numbers that name nobody"),
        _("Staff"),
        A_YEAR,
        _("%(time)s after it was done"),
        rows.finished_batches,
        rows.delete_rows,
    ),
    Rule(
        _("Files for an audit, as they were made: they can be made anew at any time"),
        _("People of the class"),
        A_MONTH,
        _("%(time)s after staff asked for one, or when somebody in it is erased"),
        rows.audit_files,
        rows.delete_rows,
    ),
    Rule(
        _("How often one network used a public form: a hash that is another one each day"),
        _("Everyone who registers, asks for mail or checks a certificate"),
        Time(days=limits.KEPT.days),
        _("%(time)s after they were counted"),
        rows.counted_tries,
    ),
    Rule(
        _("Address on the list for news of classes"),
        _("People who did not press the button in our first mail"),
        Time(days=interest.UNCONFIRMED_KEPT.days),
        _("%(time)s after they signed up. Who did press it leaves the list with the one mail"),
        rows.silent_sign_ups,
    ),
    Rule(
        _("The history of words, course and classes: who changed what, old and new"),
        _("Staff"),
        KEPT_FOR_BOARDS,
        _("%(time)s after the change"),
        rows.changes,
        rows.delete_rows,
    ),
    Rule(
        _("The list of what was changed at accounts of staff"),
        _("Staff"),
        A_YEAR,
        _("%(time)s after the change"),
        rows.log_of_the_desk,
        rows.delete_rows,
    ),
    FilesRule(
        _("Mail to the address of returned mail that is no report, as files on the server"),
        _("Whoever wrote it. A report that marks somebody's row is deleted at once"),
        A_WEEK,
        _("%(time)s after it came"),
        returned_mail.odd_files,
        rows.delete_files,
    ),
    Rule(
        _("Sign-ins to this desk"),
        _("Staff"),
        Time(),
        _("12 hours after signing in"),
        rows.sign_ins,
    ),
]


def erase_what_is_due(now: dt.datetime) -> int:
    """Everything whose day has come. A second time finds nothing. Returns how many rows."""
    return sum(rule.erase(rule.due(now), now) for rule in RULES if rule.erase)
