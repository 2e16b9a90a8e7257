"""Telling the people who wait about a class: staff ask for it once, the worker writes the letters.

Letters are written in batches, each in one transaction with its count, so that a worker that dies
leaves a whole number of batches behind it. The row of a person who was told goes when the letter
was sent (`delivery.py`): it was the one mail they asked for.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from courses.models import ScheduledClass, State
from registrations.models import Announcement, InterestSignup, Letter
from registrations.models.interest import InterestSignupQuerySet
from registrations.services.letters import owe
from registrations.services.seats import Actor

Kind = Letter.Kind

#: How many letters are written in a minute: the job runs once in each.
BATCH = 50

#: Nobody can come to such a class any more, so it is no news.
OVER = {State.CANCELLED, State.PAST, State.CLOSED}


class CannotAnnounce(Exception):
    """Nobody is told, and why."""


class NoNews(CannotAnnounce):
    """The class is not on the site, or nobody can register for it any more."""


class NobodyWaits(CannotAnnounce):
    """There is nobody to tell: the one time is kept for later."""


class AlreadyAnnounced(CannotAnnounce):
    def __init__(self, announcement: Announcement) -> None:
        super().__init__(announcement.pk)
        self.announcement = announcement


def is_news(scheduled_class: ScheduledClass, now: dt.datetime) -> bool:
    is_published = scheduled_class.status == ScheduledClass.Status.PUBLISHED
    return is_published and scheduled_class.state(now) not in OVER


def announcement_of(scheduled_class: ScheduledClass) -> Announcement | None:
    return Announcement.objects.filter(scheduled_class=scheduled_class).first()


def to_tell(scheduled_class: ScheduledClass) -> InterestSignupQuerySet:
    """Who has confirmed, has no letter about this class, and is owed none about another."""
    news = Letter.objects.filter(interest=OuterRef("pk"), kind=Kind.INTEREST_NEWS)
    told = news.filter(Q(about=str(scheduled_class.pk)) | Q(state=Letter.State.OWED))
    return InterestSignup.objects.confirmed().filter(~Exists(told))


def can_announce(scheduled_class: ScheduledClass, now: dt.datetime) -> int:
    """How many people would be told. Raises NoNews, NobodyWaits or AlreadyAnnounced."""
    earlier = announcement_of(scheduled_class)
    if earlier:
        raise AlreadyAnnounced(earlier)
    if not is_news(scheduled_class, now):
        raise NoNews
    people = to_tell(scheduled_class).count()
    if not people:
        raise NobodyWaits
    return people


def announce(*, scheduled_class: ScheduledClass, actor: Actor, now: dt.datetime) -> int:
    """Have everybody who waits told about the class, once. Returns how many there are.

    Raises NoNews, NobodyWaits or AlreadyAnnounced.
    """
    people = can_announce(scheduled_class, now)
    # Of two who press the button at once, the database lets one through.
    announcement, is_first = Announcement.objects.get_or_create(
        scheduled_class=scheduled_class, defaults={"asked_at": now, "asked_by": actor.user}
    )
    if not is_first:
        raise AlreadyAnnounced(announcement)
    return people


@transaction.atomic
def write_news(now: dt.datetime) -> int:
    """The next batch of letters, to people in the order in which they came. Returns how many.

    Workers take turns by the lock of the oldest announcement that is not done. It is always the
    oldest: while two classes are announced, nobody is told of both.
    """
    # A class that is off the site for a while keeps its announcement, and holds up no other.
    drafts = ScheduledClass.objects.filter(status=ScheduledClass.Status.DRAFT)
    unfinished = Announcement.objects.filter(done_at__isnull=True)
    open_ones = unfinished.exclude(scheduled_class__in=drafts).order_by("pk")
    announcement = open_ones.select_for_update().first()
    if announcement is None:
        return 0
    people = people_of(announcement, now)
    batch = list(people.order_by("pk").select_for_update()[:BATCH])
    for signup in batch:
        owe(signup, Kind.INTEREST_NEWS, now, about=str(announcement.scheduled_class_id))
    announcement.written += len(batch)
    if not left_to_tell(announcement, now).exists():
        announcement.done_at = now
    announcement.save(update_fields=["written", "done_at"])
    return len(batch)


def people_of(announcement: Announcement, now: dt.datetime) -> InterestSignupQuerySet:
    """Who still has to be told: nobody any more when the class is no news now."""
    scheduled_class = ScheduledClass.objects.for_page().get(pk=announcement.scheduled_class_id)
    if not is_news(scheduled_class, now):
        return InterestSignup.objects.none()
    return to_tell(scheduled_class).filter(confirmed_at__lte=announcement.asked_at)


def left_to_tell(announcement: Announcement, now: dt.datetime) -> InterestSignupQuerySet:
    """Who waits for this news still.

    Also those who are owed news of another class: that letter may turn out not to be true any more.
    """
    scheduled_class = ScheduledClass.objects.for_page().get(pk=announcement.scheduled_class_id)
    if not is_news(scheduled_class, now):
        return InterestSignup.objects.none()
    about_it = Letter.objects.filter(
        interest=OuterRef("pk"), kind=Kind.INTEREST_NEWS, about=str(scheduled_class.pk)
    )
    people = InterestSignup.objects.confirmed().filter(confirmed_at__lte=announcement.asked_at)
    return people.filter(~Exists(about_it))


def is_off_the_site_for_now(letter: Letter) -> bool:
    """A letter about a class that was taken off the site after it was written."""
    of_a_draft = ScheduledClass.objects.filter(status=ScheduledClass.Status.DRAFT)
    is_news = letter.kind == Kind.INTEREST_NEWS
    return is_news and of_a_draft.filter(pk=int(letter.about)).exists()


@transaction.atomic
def take_back(letter: Letter) -> None:
    """As if it had not been written: whoever it was for waits again, for this class or the next.

    The announcement is locked first, as `write_news` does.
    """
    announcement = Announcement.objects.filter(scheduled_class=int(letter.about))
    announcement.update(done_at=None, written=F("written") - 1)
    Letter.objects.filter(pk=letter.pk, state=Letter.State.OWED).delete()
