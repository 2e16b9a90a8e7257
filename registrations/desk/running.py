"""Whether the site runs, in one line; when it does not, what is wrong and whom to call."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import zones
from courses.zones import Zone
from registrations.desk.facts import Facts

AN_HOUR = dt.timedelta(hours=1)


def is_it_running(facts: Facts) -> tuple[bool, str]:
    """(all is well, the line)."""
    trouble = what_is_wrong(facts)
    if trouble:
        return False, f"{trouble} {whom_to_call(facts)}"
    return True, when_mail_went_out(facts)


def what_is_wrong(facts: Facts) -> str:
    if facts.is_silent:
        return _("The worker does not run: no mail goes out.")
    count, oldest = facts.late_letters
    if oldest and oldest.last_error:
        words = _("Mail does not go out. The mail server says: %(words)s.")
        return words % {"words": oldest.last_error.rstrip(".")}
    if count:
        words = ngettext(
            "%(count)s letter has waited for more than 10 minutes.",
            "%(count)s letters have waited for more than 10 minutes.",
            count,
        )
        return words % {"count": count}
    jobs = facts.late_jobs | facts.failed_jobs
    if jobs:
        words = _("Mail goes out, but this does not get done: %(jobs)s.")
        return words % {"jobs": ", ".join(jobs)}
    return ""


def whom_to_call(facts: Facts) -> str:
    caretaker = facts.site.caretaker
    if caretaker:
        return _("Call %(name)s.") % {"name": caretaker}
    return _("Call who looks after the server, and write their name and number under More, Notice.")


def when_mail_went_out(facts: Facts) -> str:
    last = facts.last_mail
    if last is None:
        return _("Yes. No mail has gone out yet, and none waits.")
    ago = facts.now - last
    if ago >= AN_HOUR:
        moment = zones.full_moment(last, Zone.MOUNTAIN)
        return _("Yes. Mail last went out %(moment)s, and none waits.") % {"moment": moment}
    minutes = max(int(ago.total_seconds() // 60), 0)
    if not minutes:
        return _("Yes. Mail went out less than a minute ago.")
    words = ngettext(
        "Yes. Mail went out %(minutes)s minute ago.",
        "Yes. Mail went out %(minutes)s minutes ago.",
        minutes,
    )
    return words % {"minutes": minutes}
