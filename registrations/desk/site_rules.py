"""What the site itself needs, and the words on it."""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.history.models import last_changed
from content.models import Page, Section, SiteSettings
from content.spanish.texts import count_missing
from courses import zones
from courses.models import Course, CourseApproval, Objective
from courses.zones import Zone
from registrations.desk import addresses
from registrations.desk.class_rules import days_between
from registrations.desk.facts import Facts
from registrations.desk.running import whom_to_call
from registrations.desk.things import ToDo
from registrations.models import Letter
from registrations.services.jobs import CHECKS_SEATS
from registrations.services.ledger import check_seats

#: One night may fail. Two are a thing to look at.
BACKUP_IS_OLD = dt.timedelta(days=2)

#: Renewing an approval takes a body some weeks.
TIME_TO_RENEW = dt.timedelta(days=60)

#: Without a class in sight the notice promises something; after this long it reads as forgotten.
NOTICE_IS_OLD = dt.timedelta(days=152)

#: What nobody is waiting for should be done within so long.
WITHIN_A_WEEK = dt.timedelta(days=7)
WITHIN_TWO_WEEKS = dt.timedelta(days=14)
WITHIN_A_MONTH = dt.timedelta(days=30)

MOUNTAIN = Zone.MOUNTAIN


def silent_worker(facts: Facts) -> Iterator[ToDo]:
    if facts.is_silent:
        last = max((beat for beat in facts.late_jobs.values() if beat), default=None)
        when = _("It has never run.")
        if last:
            when = _("Last heard of: %(moment)s.") % {"moment": zones.full_moment(last, MOUNTAIN)}
        words = _("No mail goes out, and no offer ends: the worker does not run.")
        owed = addresses.letters(state__exact=Letter.State.OWED)
        yield ToDo(last or facts.now, words, when, owed)


def late_letters(facts: Facts) -> Iterator[ToDo]:
    count, oldest = facts.late_letters
    if oldest and not facts.is_silent:
        words = ngettext(
            "%(count)s letter has not gone out.", "%(count)s letters have not gone out.", count
        )
        moment = zones.full_moment(oldest.created_at, MOUNTAIN)
        when = _("The oldest has waited since %(moment)s.") % {"moment": moment}
        owed = addresses.letters(state__exact=Letter.State.OWED)
        yield ToDo(oldest.created_at, words % {"count": count}, when, owed)


def failed_jobs(facts: Facts) -> Iterator[ToDo]:
    """A job that fails, or is late while the others are done: erasing is one of them."""
    late = {} if facts.is_silent else facts.late_jobs
    for job, moment in (late | facts.failed_jobs).items():
        if job == CHECKS_SEATS and job in facts.failed_jobs:
            continue
        words = _("The site could not do its work: %(job)s.") % {"job": job}
        when = _("It has never been done.")
        if moment:
            when = _("Since %(moment)s.") % {"moment": zones.full_moment(moment, MOUNTAIN)}
        url = addresses.letters()
        if job == "erasing":
            url = reverse("admin:registrations_registration_erasing")
        yield ToDo(moment or facts.now, words, when, url)


def no_backup(facts: Facts) -> Iterator[ToDo]:
    """A site that others use is copied every night. On a machine of one's own nobody asks."""
    if not settings.IS_HTTPS:
        return
    last = facts.last_backup
    if last and last > facts.now - BACKUP_IS_OLD:
        return
    words, when = _("There is no backup of the site."), _("One is made every night.")
    if last:
        words = _("The last backup of the site is %(days)s days old.")
        words = words % {"days": (facts.now - last).days}
        when = _("It is from %(moment)s.") % {"moment": zones.full_moment(last, MOUNTAIN)}
    whom = facts.site.caretaker
    whom = _("Call %(name)s.") % {"name": whom} if whom else ""
    yield ToDo(last or facts.now, words, f"{when} {whom}".strip(), words_of_the_site())


def wrong_seats(facts: Facts) -> Iterator[ToDo]:
    """What the nightly check found and is still so; nothing that staff do makes that."""
    found = facts.failed_jobs.get(CHECKS_SEATS)
    wrong = check_seats() if found else []
    if found and wrong:
        words = _("The seats of a class are counted wrongly.")
        url = reverse("admin:courses_scheduledclass_changelist")
        yield ToDo(found, words, " ".join([*wrong, whom_to_call(facts)]), url)


def no_class_planned(facts: Facts) -> Iterator[ToDo]:
    count, first = facts.wait_for_news
    if count and first and not facts.upcoming:
        words = ngettext(
            "No class is planned, and %(count)s person waits for news.",
            "No class is planned, and %(count)s people wait for news.",
            count,
        )
        when = _("The first has waited since %(day)s.") % {"day": day(first)}
        url = addresses.scheduling()
        yield ToDo(facts.now + WITHIN_TWO_WEEKS, words % {"count": count}, when, url)


def approval_ends(facts: Facts) -> Iterator[ToDo]:
    """An approval that ends soon or has ended, when none of the same body follows it."""
    horizon = (facts.now + TIME_TO_RENEW).astimezone(MOUNTAIN.info).date()
    for approval in facts.approvals:
        until = approval.valid_until
        if until is None or until > horizon or is_followed(approval, facts.approvals):
            continue
        end = dt.datetime.combine(until, dt.time(), MOUNTAIN.info)
        days = days_between(facts.now, end, MOUNTAIN)
        words = ngettext(
            "The approval of %(body)s ends in %(days)s day.",
            "The approval of %(body)s ends in %(days)s days.",
            days,
        )
        if days <= 0:
            words = _("The approval of %(body)s ends today.")
        if days < 0:
            words = _("The approval of %(body)s has ended.")
        url = reverse("admin:courses_course_change", args=[approval.course_id])
        when = _("Its last day is %(day)s.") % {"day": plain_day(until)}
        yield ToDo(end, words % {"body": approval.body, "days": days}, when, url)


def is_followed(approval: CourseApproval, approvals: list[CourseApproval]) -> bool:
    """Whether another approval of the course by the same body ends later, or never."""
    return any(
        other.course_id == approval.course_id
        and other.body == approval.body
        and (other.valid_until is None or other.valid_until > (approval.valid_until or dt.date.max))
        for other in approvals
    )


def safety_words(facts: Facts) -> Iterator[ToDo]:
    site, url = facts.site, words_of_the_site()
    today = facts.now.astimezone(MOUNTAIN.info).date()
    if not site.safety_approved_by:
        words = _("The safety words wait for approval.")
        written = words_changed_at(site, "safety_words")
        when = _("They have stood on every page since %(day)s.")
        when = when % {"day": day(written)} if written else ""
        yield ToDo(facts.now + WITHIN_A_WEEK, words, when, url)
    elif site.safety_review_on and site.safety_review_on <= today:
        words = _("The safety words are to be read again.")
        when = _("Their day was %(day)s.") % {"day": plain_day(site.safety_review_on)}
        yield ToDo(facts.now + WITHIN_A_WEEK, words, when, url)


def old_notice(facts: Facts) -> Iterator[ToDo]:
    """The words in place of the classes, while they are shown."""
    if facts.published:
        return
    changed = words_changed_at(facts.site, "notice")
    if changed and changed <= facts.now - NOTICE_IS_OLD:
        months = (facts.now - changed).days // 30
        words = _("The notice on the course page is %(months)s months old.") % {"months": months}
        when = _("It was changed on %(day)s.") % {"day": day(changed)}
        yield ToDo(facts.now + WITHIN_A_MONTH, words, when, words_of_the_site())


def no_spanish(facts: Facts) -> Iterator[ToDo]:
    """Words of the site that readers of Spanish meet in English. Of classes it is no duty."""
    count = count_missing([SiteSettings, Page, Section, Course, Objective])
    if count:
        words = ngettext(
            "Spanish words are missing in %(count)s place.",
            "Spanish words are missing in %(count)s places.",
            count,
        )
        when = _("Readers of Spanish see the English there.")
        url = reverse("admin:courses_course_spanish")
        yield ToDo(facts.now + WITHIN_A_MONTH, words % {"count": count}, when, url)


def words_changed_at(site: SiteSettings, name: str) -> dt.datetime | None:
    """When the words were last changed, in whichever language."""
    fields = [field.name for field in site._meta.concrete_fields]
    return last_changed(site, *(one for one in fields if one.startswith(name)))


def words_of_the_site() -> str:
    return reverse("admin:content_sitesettings_change", args=[1])


def day(moment: dt.datetime) -> str:
    return zones.weekday_date(moment, MOUNTAIN)


def plain_day(date: dt.date) -> str:
    return date_format(date, str(_("l, F j, Y")))
