"""The first page of the desk: what each user needs of it, in its order."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from content.models import Page
from courses import zones
from courses.zones import Zone
from registrations.desk import addresses, teaching, upcoming
from registrations.desk.facts import Facts
from registrations.desk.lately import lately
from registrations.desk.running import is_it_running
from registrations.desk.todo import to_do


@dataclass(frozen=True)
class Button:
    words: str
    url: str


def first_page(user: User, now: dt.datetime) -> dict[str, Any]:
    """Asks nothing of the database that the user may not see."""
    facts = Facts(now)
    todo = to_do(facts, user) if not teaches_only(user) else teaching.to_do_of(user, now)
    sees_classes = user.has_perm("courses.view_scheduledclass")
    runs, running = is_it_running(facts) if may_call(user) else (True, "")
    return {
        "today": zones.weekday_date(now, Zone.MOUNTAIN),
        "todo": todo,
        "runs": runs,
        "running": running,
        "upcoming": upcoming.rows(facts, todo) if sees_classes else None,
        "more_classes": sees_classes and len(facts.upcoming) > upcoming.SHOWN,
        "buttons": buttons(user),
        "lately": lately(user),
    }


def teaches_only(user: User) -> bool:
    """An instructor, who sees no list of people."""
    sees_people = user.has_perm("registrations.view_registration")
    return user.has_perm("registrations.teach_class") and not sees_people


def may_call(user: User) -> bool:
    """Whether it is this user's to see that the site runs."""
    return user.has_perm("registrations.view_letter") or user.has_perm("content.view_sitesettings")


def buttons(user: User) -> list[Button]:
    """The whole job, for whoever may do it."""
    found = []
    if user.has_perm("courses.add_scheduledclass"):
        found.append(Button(_("Schedule a class"), addresses.scheduling()))
    page = course_page() if user.has_perm("content.change_page") else None
    if page:
        change = reverse("admin:content_page_change", args=[page])
        found.append(Button(_("Change the course page"), change))
    if user.has_perm("registrations.view_registration"):
        found.append(Button(_("Find a person"), addresses.finding()))
    elif teaches_only(user):
        own = reverse("admin:registrations_registration_own_classes")
        found.append(Button(_("The classes that you teach"), own))
    return found


def course_page() -> int | None:
    return Page.objects.filter(slug=Page.COURSE).values_list("pk", flat=True).first()
