"""What staff read before an act on a class: the question, what else is so, and the button."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import ScheduledClass
from registrations.admin.previewing import Told
from registrations.models import Registration


@dataclass(frozen=True)
class Words:
    title: str
    button: str
    sentences: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def cancelling(scheduled_class: ScheduledClass, told: Told) -> Words:
    sentence = _("The class on %(dates)s will not take place. This cannot be taken back.")
    dates = scheduled_class.dates or scheduled_class.slug
    button = and_tell(told, _("Cancel the class"), cancel_and_tell)
    return Words(_("Cancel this class?"), button, [sentence % {"dates": dates}])


def off(scheduled_class: ScheduledClass, told: Told) -> Words:
    button = and_tell(told, _("Take it off the site"), off_and_tell)
    people = people_in(scheduled_class)
    sentences = [_("Only staff will see it. You can publish it again at any time.")]
    if people:
        sentences.append(who_stays(people))
    return Words(_("Take the class off the site?"), button, sentences)


def publishing_it(told: Told, warnings: list[str]) -> Words:
    plain = _("Publish all the same") if warnings else _("Publish the class")
    button = and_tell(told, plain, publish_and_tell)
    sentences = [_("Everybody can then see it on the site, and register.")]
    return Words(_("Publish this class?"), button, sentences, warnings)


def saving(told: Told, warnings: list[str]) -> Words:
    button = and_tell(told, _("Save all the same"), save_and_tell)
    return Words(_("Save these changes?"), button, [], warnings)


def people_in(scheduled_class: ScheduledClass) -> int:
    return Registration.objects.filter(scheduled_class=scheduled_class).live().count()


def who_stays(people: int) -> str:
    words = ngettext(
        "%(count)s person stays registered; their own page still works. No reminder goes out "
        "until you publish it again.",
        "%(count)s people stay registered; their own pages still work. No reminders go out "
        "until you publish it again.",
        people,
    )
    return words % {"count": people}


# The button.


def and_tell(told: Told, nobody: str, words: Any) -> str:
    """The button names the number of people; of seats, when it is only about those."""
    if not told.count:
        return nobody
    if told.only_offers:
        return save_and_offer(told.seats_offered)
    return str(words(told.count))


def cancel_and_tell(count: int) -> str:
    words = ngettext(
        "Cancel the class and tell %(count)s person",
        "Cancel the class and tell %(count)s people",
        count,
    )
    return words % {"count": count}


def off_and_tell(count: int) -> str:
    words = ngettext(
        "Take it off the site and tell %(count)s person",
        "Take it off the site and tell %(count)s people",
        count,
    )
    return words % {"count": count}


def publish_and_tell(count: int) -> str:
    words = ngettext(
        "Publish and tell %(count)s person", "Publish and tell %(count)s people", count
    )
    return words % {"count": count}


def save_and_tell(count: int) -> str:
    words = ngettext("Save and tell %(count)s person", "Save and tell %(count)s people", count)
    return words % {"count": count}


def save_and_offer(count: int) -> str:
    words = ngettext("Save and offer %(count)s seat", "Save and offer %(count)s seats", count)
    return words % {"count": count}
