"""Who did what lately: one list of every place that remembers it.

A source is a function of the user, who sees of it only what they may see, and of how many are
wanted. Each costs a fixed number of queries.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from content.history import words
from content.history.models import By
from content.history.words import Entry
from registrations import history
from registrations.desk import addresses
from registrations.models import Announcement, Registration

Source = Callable[[User, int], Iterable[Entry]]


def announcements(user: User, wanted: int) -> Iterator[Entry]:
    if not user.has_perm("courses.view_scheduledclass"):
        return
    asked = Announcement.objects.select_related("scheduled_class", "asked_by").order_by("-pk")
    for one in asked[:wanted]:
        said = _("%(who)s told the people who wait for news about a class")
        url = addresses.class_page(one.scheduled_class)
        yield entry(one.asked_at, said % {"who": who(one.asked_by)}, url)


def returned_mail(user: User, wanted: int) -> Iterator[Entry]:
    if not user.has_perm("registrations.view_registration"):
        return
    people = Registration.objects.filter(mail_problem_at__isnull=False).order_by("-mail_problem_at")
    for person in people.only("full_name", "mail_problem_at")[:wanted]:
        if person.mail_problem_at:
            said = _("Mail to %(name)s came back") % {"name": person}
            yield entry(person.mail_problem_at, said, addresses.person(person))


def accounts(user: User, wanted: int) -> Iterator[Entry]:
    """Django's own log, which goes on for accounts and roles alone."""
    if not user.has_perm("auth.view_user"):
        return
    log = LogEntry.objects.filter(content_type__app_label="auth").order_by("-pk")
    for one in log.select_related("user", "content_type")[:wanted]:
        said = _("%(who)s changed the account or role “%(name)s”")
        if one.action_flag == ADDITION:
            said = _("%(who)s added the account or role “%(name)s”")
        if one.action_flag == DELETION:
            said = _("%(who)s deleted the account or role “%(name)s”")
        url = "" if one.action_flag == DELETION else one.get_admin_url() or ""
        yield entry(one.action_time, said % {"who": who(one.user), "name": one.object_repr}, url)


SOURCES: list[Source] = [history.lately, announcements, returned_mail, accounts]


def lately(user: User, wanted: int = 10) -> list[Entry]:
    """The newest of all sources, the newest first."""
    found = [entry for source in SOURCES for entry in source(user, wanted)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:wanted]


def entry(at: dt.datetime, what: str, url: str) -> Entry:
    return Entry(at=at, what=what, when=words.mountain_time(at), url=url)


def who(user: User | None) -> str:
    return words.who(By.STAFF, user)
