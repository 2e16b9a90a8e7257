"""What is taught: timeless."""

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content.public import PublicModel
from content.translated import Translated, TranslatedWords


class Course(TranslatedWords, PublicModel):
    title = Translated(
        models.CharField(
            _("title"),
            max_length=200,
            help_text=_("As the class pages print it."),
        )
    )
    certificate_title = models.CharField(
        _("title on certificates"),
        max_length=200,
        blank=True,
        help_text=_(
            "The one exact title that boards know the course by. It stays English, and no "
            "certificate is issued without it."
        ),
    )
    contact_minutes = models.PositiveSmallIntegerField(
        _("minutes of training"),
        default=720,
        help_text=_("Time taught, without breaks. 12 hours are 720 minutes."),
    )
    credits = models.DecimalField(
        _("CE credits"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(12),
        help_text=_("Credits are not hours: a class of 12 hours once gave 10 credits."),
    )
    attendance_percent = models.PositiveSmallIntegerField(
        _("attendance needed, in percent"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("What a certificate needs. 100 means every minute of every day."),
    )
    grace_minutes = models.PositiveSmallIntegerField(
        _("minutes of grace"),
        default=0,
        help_text=_("So many minutes missed in one session count as none. 0: every minute counts."),
    )
    partial_credit = models.BooleanField(
        _("credit for a part"),
        default=False,
        help_text=_(
            "Whether someone who missed too much still gets credits for the time they were there."
        ),
    )
    excused_left_out = models.BooleanField(
        _("excused sessions do not count"),
        default=False,
        help_text=_(
            "Whether a certificate is possible without a session that staff have excused. It then "
            "has fewer credits."
        ),
    )
    make_up_allowed = models.BooleanField(
        _("can be made up"),
        default=False,
        help_text=_("Whether a session that was missed can be made up in a later class."),
    )
    evaluation_required = models.BooleanField(
        _("evaluation needed"),
        default=False,
        help_text=_("Whether a certificate also needs an answered evaluation."),
    )
    instructors: "models.ManyToManyField[Instructor, CourseInstructor]" = models.ManyToManyField(
        "Instructor", through="CourseInstructor"
    )

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title_en"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(attendance_percent__range=(1, 100)),
                name="course_attendance_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def hours(self) -> str:
        """Hours of training without a needless zero: `12` or `1.5`."""
        return plain(Decimal(self.contact_minutes) / 60)

    @property
    def plain_credits(self) -> str:
        return plain(self.credits)

    def is_in_spanish(self) -> bool:
        """With its objectives."""
        objectives = self.objectives.all()
        return super().is_in_spanish() and all(row.is_in_spanish() for row in objectives)

    def completion_rule(self) -> str:
        """What a certificate needs, as a sentence for people who think about registering."""
        return " ".join(self.sentences_of_the_rule())

    def sentences_of_the_rule(self) -> Iterator[str]:
        if self.attendance_percent == 100:
            yield _now("Be there for the whole class.")
        else:
            words = _now("Be there for at least %(percent)s%% of the class.")
            yield words % {"percent": self.attendance_percent}
        if self.grace_minutes:
            words = ngettext(
                "Up to %(count)s minute missed in a session counts as none.",
                "Up to %(count)s minutes missed in a session count as none.",
                self.grace_minutes,
            )
            yield words % {"count": self.grace_minutes}
        if self.partial_credit:
            yield _now("If you miss more, you get credits for the time you were there.")
        if self.make_up_allowed:
            yield _now("A session that you miss can be made up in a later class.")
        if self.excused_left_out:
            yield _now("If staff excuse you from a session, you get credits for the others.")
        if self.evaluation_required:
            yield _now("Then answer a short evaluation.")


class Objective(TranslatedWords, PublicModel):
    is_part_of = "course"

    course = models.ForeignKey(Course, models.CASCADE, related_name="objectives")
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Small numbers come first.")
    )
    text = Translated(models.CharField(_("objective"), max_length=300))

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class CourseDomain(PublicModel):
    """Hours by domain, as boards count them. 0 is printed too: "0 ethics hours" says something."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="domains")
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Small numbers come first.")
    )
    name = models.CharField(
        _("domain"), max_length=100, help_text=_("For example Ethical responsibility.")
    )
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2, default=Decimal(0))

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains covered, as certificates print them")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def plain_hours(self) -> str:
        return plain(self.hours)


class CourseApproval(PublicModel):
    """A body's approval of the course, with its own credits and dates."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="approvals")
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Small numbers come first.")
    )
    body = models.CharField(_("approved by"), max_length=100, help_text=_("For example COPA/CPFS."))
    number = models.CharField(_("approval number"), max_length=100, blank=True)
    credits = models.DecimalField(
        _("CE credits"), max_digits=5, decimal_places=2, default=Decimal(12)
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="approval_ends_after_it_begins",
                violation_error_message=_("An approval cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.body

    @property
    def plain_credits(self) -> str:
        return plain(self.credits)


class Instructor(PublicModel):
    name = models.CharField(_("name"), max_length=100)
    credentials = models.CharField(
        _("credentials"), max_length=100, blank=True, help_text=_("For example CPFS or LAC.")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "With the role “instructor” this account sees who comes to the classes that they teach."
        ),
    )

    class Meta:
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


class CourseInstructor(PublicModel):
    """Who teaches the course, in order."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="course_instructors")
    instructor = models.ForeignKey(
        Instructor, models.PROTECT, related_name="course_instructors", verbose_name=_("instructor")
    )
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Small numbers come first.")
    )

    class Meta:
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "instructor"],
                name="instructor_once_per_course",
                violation_error_message=_("This instructor is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.instructor)


def plain(number: Decimal) -> str:
    """A figure as people write it: `12`, `1.5`, never `12.00`."""
    return f"{number.normalize():f}"
