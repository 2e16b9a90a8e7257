"""A mail that is owed to someone: the outbox."""

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from registrations.addresses import NOBODYS
from registrations.models.interest import InterestSignup
from registrations.models.registration import Registration

if TYPE_CHECKING:
    from registrations.models.calendar import CalendarEntry


#: A letter goes out within seconds. One that is owed for this long is late.
LATE_AFTER = dt.timedelta(minutes=10)


#: Typed at the model; as a keyword it would be typed once more.
REPLACED = "is_replaced"


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self, now: dt.datetime) -> "LetterQuerySet":
        """Owed, its next try reached, and in no worker's hands. The oldest first."""
        return self.filter(
            models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lte=now),
            state=Letter.State.OWED,
            next_try_at__lte=now,
        ).order_by("next_try_at", "pk")

    def with_replaced(self) -> "LetterQuerySet":
        """With `is_replaced`: a later letter says the same to the same person."""
        same = Letter.objects.filter(
            registration=models.OuterRef("registration"),
            kind=models.OuterRef("kind"),
            about=models.OuterRef("about"),
        )
        later = same.filter(turn__gt=models.OuterRef("turn"))
        return self.annotate(**{REPLACED: models.Exists(later)})

    def late(self, now: dt.datetime) -> "LetterQuerySet":
        """Owed to real people for longer than it takes, the oldest first: tried or not."""
        nobodys = (
            models.Q(address__iendswith=NOBODYS)
            | models.Q(address="", registration__email_key__endswith=NOBODYS)
            | models.Q(address="", interest__email_key__endswith=NOBODYS)
        )
        owed = self.filter(state=Letter.State.OWED, created_at__lte=now - LATE_AFTER)
        return owed.exclude(nobodys).order_by("created_at", "pk")

    def failed_to_ask(self) -> "LetterQuerySet":
        """Those that ask for an answer, and that the mail server has not taken yet."""
        kinds = [Letter.Kind.HELD, Letter.Kind.LINE, Letter.Kind.OFFERED]
        return self.filter(kind__in=kinds, state=Letter.State.OWED, attempts__gt=0)


class Letter(models.Model):
    """One mail for one turn of a registration.

    Written in the transaction of the turn. Its words, its link and its calendar are made when it
    is delivered: nothing that is stored holds a link that works.
    """

    class Kind(models.TextChoices):
        HELD = "held", _("A seat is held: press the button")
        LINE = "line", _("A place in line is held: press the button")
        OFFERED = "offered", _("A seat is free for you")
        CONFIRMED = "confirmed", _("The seat is yours")
        WAITING = "waiting", _("You are in line")
        MISSED = "missed", _("The offer ended, the place is kept")
        LAPSED = "lapsed", _("The offer ended")
        DECLINED = "declined", _("You left")
        CANCELLED = "cancelled", _("The seat is cancelled")
        CLASS_CANCELLED = "class_cancelled", _("The class is cancelled")
        AGAIN = "again", _("Someone filled in the form again")
        ANSWER_SOON = "answer_soon", _("An offer or a place ends soon")
        MOVED = "moved", _("Moved to another class")
        CHANGED = "changed", _("The class has changed")
        WEEK = "week", _("Reminder: 7 days")
        DAY = "day", _("Reminder: 1 day")
        MORNING = "morning", _("Reminder: the morning of a session")
        EVALUATE = "evaluate", _("The evaluation, after the class")
        LINK = "link", _("Your link again")
        NEW_ADDRESS = "new_address", _("Is this new address yours?")
        OLD_ADDRESS = "old_address", _("Your address was changed")
        CERTIFICATE = "certificate", _("Your certificate is ready")
        MESSAGE = "message", _("A message from staff")
        INTEREST_CONFIRM = "interest_confirm", _("Do you want news of classes?")
        INTEREST_ALREADY = "interest_already", _("You are on the list for news already")
        INTEREST_NEWS = "interest_news", _("A class has dates")

    class State(models.TextChoices):
        OWED = "owed", _("Owed")
        SENT = "sent", _("Sent")
        SUPERSEDED = "superseded", _("Not sent: things had moved on")
        NOT_MAILED = "not_mailed", _("Not sent: an invented address")
        GIVEN_UP = "given_up", _("Given up after many tries")

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="letters", null=True, blank=True
    )
    interest = models.ForeignKey(
        InterestSignup, models.CASCADE, related_name="letters", null=True, blank=True
    )
    address = models.EmailField(
        _("address"), blank=True, help_text=_("Where it goes when not to the person's own.")
    )
    about = models.CharField(
        max_length=60, blank=True, help_text=_("Which session or class it is about.")
    )
    detail = models.JSONField(
        default=dict, blank=True, help_text=_("What was so at that moment: old and new.")
    )
    kind = models.CharField(_("letter"), max_length=20, choices=Kind)
    turn = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OWED)
    created_at = models.DateTimeField(_("owed since"))
    next_try_at = models.DateTimeField(_("next try"))
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    #: Read by `with_replaced()` alone.
    is_replaced: bool

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "turn", "kind", "about"],
                name="one_letter_per_turn_and_kind",
            ),
            models.UniqueConstraint(
                fields=["interest", "turn", "kind", "about"],
                name="one_letter_per_interest_and_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(registration__isnull=True) ^ models.Q(interest__isnull=True)
                # The one mail that was asked for outlives the sign-up: that it went, not to whom.
                | models.Q(
                    registration__isnull=True,
                    kind="interest_news",
                    address="",
                    state__in=["sent", "not_mailed"],
                ),
                name="a_letter_is_owed_to_one_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
                name="a_sent_letter_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(state="owed"), name="letter_owed"
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(state="given_up"),
                name="letter_given_up",
            ),
        ]

    def __str__(self) -> str:
        person = self.registration or self.interest
        return f"{self.get_kind_display()} ({person or '-'})"

    @property
    def to(self) -> str:
        """The address it goes to."""
        if self.address:
            return self.address
        person = self.registration or self.interest
        return person.email if person else ""

    @cached_property
    def calendar_entries(self) -> "list[CalendarEntry]":
        """What it carries for the person's calendar. Read once: what was sent is what is noted."""
        carries = CARRIES_ALL_DATES | CARRIES_CHANGES
        if self.registration is None or self.kind not in carries:
            return []
        return list(self.registration.calendar_entries.of_letter(self.kind, self.created_at))


Kind = Letter.Kind

#: These carry every date of the class, so that the mail is whole by itself.
CARRIES_ALL_DATES = {Kind.CONFIRMED, Kind.MOVED}

#: These carry what has changed and what was withdrawn.
CARRIES_CHANGES = {Kind.MOVED, Kind.CHANGED, Kind.CANCELLED, Kind.CLASS_CANCELLED}
