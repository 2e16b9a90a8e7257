"""A person's seat or place in line in one class, and its history."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.history import models as history
from courses.models import ScheduledClass
from registrations.finding import LONGEST_NAME_KEY, found_by, keys_of

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from registrations.models.attendance import Attendance
    from registrations.models.certificate import CertificateQuerySet
    from registrations.models.letter import Letter


class Status(models.TextChoices):
    OFFERED = "offered", _("Seat held, waiting for an answer")
    WAITLISTED = "waitlisted", _("In line")
    CONFIRMED = "confirmed", _("Has a seat")
    CANCELLED = "cancelled", _("Cancelled")
    DECLINED = "declined", _("Left")
    LAPSED = "lapsed", _("Did not answer in time")


#: The statuses of someone who has, or may still get, a seat.
LIVE = [Status.OFFERED, Status.WAITLISTED, Status.CONFIRMED]

#: The statuses that keep a seat from others: what `Seats.taken` counts.
SEATED = [Status.OFFERED, Status.CONFIRMED]


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def live(self) -> "RegistrationQuerySet":
        return self.filter(status__in=LIVE)

    def seated(self) -> "RegistrationQuerySet":
        return self.filter(status__in=SEATED)

    def in_line(self) -> "RegistrationQuerySet":
        """Those who wait, in the order in which they came to the class's lock."""
        return self.filter(status=Status.WAITLISTED).order_by("place")

    def found_by(self, typed: str) -> "RegistrationQuerySet":
        return self.filter(found_by(typed))

    def unanswered(self, now: dt.datetime) -> "RegistrationQuerySet":
        """Those whose moment to answer has passed."""
        return self.filter(
            status__in=[Status.OFFERED, Status.WAITLISTED], answer_by__lte=now
        ).order_by("answer_by", "pk")


class Registration(models.Model):
    """Never deleted: erasing a person empties the personal fields and leaves the count right."""

    Status = Status

    class Role(models.TextChoices):
        PEER = "peer", _("Peer specialist, or training to be one")
        COUNSELOR = "counselor", _("Counselor")
        CAREGIVER = "caregiver", _("Caregiver")
        PROVIDER = "provider", _("Provider")
        OTHER = "other", _("Something else")

    scheduled_class = models.ForeignKey(
        ScheduledClass, models.PROTECT, related_name="registrations", verbose_name=_("class")
    )
    full_name = models.CharField(_("full name"), max_length=100)
    email = models.EmailField(_("email address"))
    email_key = models.CharField(max_length=300, editable=False)
    role = models.CharField(_("what describes them best"), max_length=10, choices=Role)
    access_needs = models.TextField(_("what helps them take part"), max_length=500, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    name_key = models.CharField(max_length=LONGEST_NAME_KEY, blank=True, editable=False)
    phone_key = models.CharField(max_length=40, blank=True, editable=False)
    language = models.CharField(
        _("language of mail"),
        max_length=5,
        choices=ScheduledClass.Language,
        default=ScheduledClass.Language.ENGLISH,
    )
    state = models.CharField(_("state"), max_length=60, blank=True)
    credential = models.CharField(_("credential"), max_length=60, blank=True)
    credential_number = models.CharField(_("credential number"), max_length=60, blank=True)
    shares_address = models.BooleanField(
        _("shares the address"),
        default=False,
        help_text=_("A second person whom the owner of the address added."),
    )
    new_email = models.EmailField(
        _("new address"), blank=True, help_text=_("Not used until it has answered.")
    )
    mail_problem = models.CharField(_("mail came back"), max_length=300, blank=True)
    mail_problem_at = models.DateTimeField(_("mail came back on"), null=True, blank=True)
    evaluated = models.BooleanField(
        _("evaluation answered"), default=False, editable=False, help_text=_("That, and not what.")
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    status = models.CharField(_("status"), max_length=10, choices=Status)
    proved_at = models.DateTimeField(_("address answered"), null=True, blank=True)
    created_at = models.DateTimeField(_("registered"))
    answer_by = models.DateTimeField(
        _("answer by"), null=True, blank=True, help_text=_("Until then the seat or place is held.")
    )
    place = models.PositiveIntegerField(_("place"), null=True, blank=True)
    seat_number = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("The freed seat that is held for them.")
    )
    passed_seats = models.JSONField(default=list, help_text=_("Freed seats they passed on."))
    missed_offers = models.PositiveSmallIntegerField(_("missed offers"), default=0)
    turn = models.PositiveIntegerField(
        default=0, help_text=_("Rises with every turn of events; a letter belongs to one.")
    )
    link_version = models.PositiveIntegerField(
        default=1, help_text=_("Rises when older links must stop working.")
    )

    objects = RegistrationQuerySet.as_manager()

    if TYPE_CHECKING:
        attendances: RelatedManager["Attendance"]
        events: RelatedManager["RegistrationEvent"]
        letters: RelatedManager["Letter"]
        certificates: CertificateQuerySet

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("people")
        ordering = ["-pk"]
        permissions = [
            ("teach_class", _("Can see who comes to the classes that they teach")),
            ("export_registration", _("Can take the people of a class along as a file")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["scheduled_class", "email_key"],
                condition=models.Q(status__in=LIVE, shares_address=False),
                name="one_live_registration_per_class_and_address",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="registration_status_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.OFFERED) | models.Q(answer_by__isnull=False),
                name="an_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.WAITLISTED) | models.Q(place__isnull=False),
                name="who_waits_has_a_place",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.CONFIRMED) | models.Q(proved_at__isnull=False),
                name="who_has_a_seat_has_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["scheduled_class", "status", "place"], name="registration_line"),
            models.Index(
                fields=["answer_by"],
                condition=models.Q(answer_by__isnull=False),
                name="registration_answer_by",
            ),
            models.Index(
                fields=["mail_problem_at"],
                condition=models.Q(mail_problem_at__isnull=False),
                name="registration_mail_came_back",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or str(_("Erased"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new person can be found. Later changes of the details bring their own keys."""
        if self._state.adding:
            for key, value in keys_of(self.full_name, self.phone).items():
                setattr(self, key, value)
        super().save(*args, **kwargs)

    @property
    def is_live(self) -> bool:
        return self.status in LIVE


class RegistrationEvent(models.Model):
    """One turn of a registration: written with it, never changed."""

    By = history.By

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="events")
    at = models.DateTimeField(_("when"))
    from_status = models.CharField(_("from"), max_length=10, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=10, choices=Status)
    by = models.CharField(_("by"), max_length=10, choices=By)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    why = models.CharField(_("why"), max_length=300, blank=True)
    changes = models.JSONField(
        default=dict,
        help_text=_("Details that changed: old and new where that is kept, else only the name."),
    )

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("history")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_from_status_display() or '-'} → {self.get_to_status_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("History is append-only.")
        super().save(*args, **kwargs)
