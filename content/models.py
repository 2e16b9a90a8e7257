"""What staff write and visitors read. No dates, no seats, no people."""

from typing import Any, cast

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from content.fields import RichTextField
from content.history.models import Change
from content.provider.models import Provider
from content.public import PublicModel, PublicVersion
from content.spanish.models import Reading
from content.translated import Translated, TranslatedWords, first_page

__all__ = ["Change", "Page", "Provider", "PublicVersion", "Reading", "Section", "SiteSettings"]


#: The words that an approval is for.
APPROVED = ["safety_words_en", "safety_words_es"]


class SiteSettings(TranslatedWords, PublicModel):
    """The words that stand on every page. One row."""

    site_name = models.CharField(_("name of the work group"), max_length=100)
    notice = Translated(
        RichTextField(
            _("notice"),
            help_text=_("Shown in place of the classes while no class is scheduled."),
        )
    )
    help_email = models.EmailField(
        _("help address"),
        blank=True,
        help_text=_("Where people write to. It stands on every page and in every mail."),
    )
    help_words = Translated(
        RichTextField(
            _("help"),
            blank=True,
            help_text=_("Who answers, and within how long. Stands after the help address."),
        )
    )
    caretaker = models.CharField(
        _("who looks after the server"),
        max_length=200,
        blank=True,
        help_text=_(
            "Name and phone number. Staff read it on their first page when something does not run; "
            "visitors never see it."
        ),
    )
    safety_words = Translated(
        RichTextField(
            _("safety words"),
            help_text=_(
                "On every page: no medical advice is given here, do not stop suddenly, 911 and 988."
            ),
        )
    )
    safety_approved_by = models.CharField(
        _("safety words approved by"),
        max_length=100,
        blank=True,
        help_text=_("Name of the person who approved these words. Empty: they wait for approval."),
    )
    safety_review_on = models.DateField(
        _("safety words: review on"),
        null=True,
        blank=True,
        help_text=_("The day on which somebody reads them again."),
    )

    class Meta:
        verbose_name = _("notice, help and safety words")
        verbose_name_plural = _("notice, help and safety words")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="site_settings_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("Notice, help and safety words"))

    def save(self, **kwargs: Any) -> None:
        """Safety words that change wait for approval again: nobody has approved the new ones."""
        stored = type(self).objects.filter(pk=self.pk).first()
        if stored and stored.safety_approved_by == self.safety_approved_by:
            columns = [cast("RichTextField", self._meta.get_field(name)) for name in APPROVED]
            if any(
                column.get_prep_value(getattr(self, column.name)) != getattr(stored, column.name)
                for column in columns
            ):
                self.safety_approved_by = ""
                self.safety_review_on = None
        super().save(**kwargs)


class Page(TranslatedWords, PublicModel):
    """A page of ordered sections. The page named `course` is the site's first page."""

    COURSE = "course"

    slug = models.SlugField(
        _("address"), unique=True, help_text=_("Its address on the site, for example: privacy")
    )
    title = Translated(models.CharField(_("title"), max_length=200))
    announcement_heading = Translated(
        models.CharField(
            _("words above the title"),
            max_length=100,
            blank=True,
            help_text=_("For example: New training course!"),
        )
    )
    announcement = Translated(
        RichTextField(
            _("announcement"),
            blank=True,
            help_text=_("Stands first, right under the title. Its first paragraph is set larger."),
        )
    )
    description = Translated(
        models.CharField(
            _("description for search engines"),
            max_length=160,
            blank=True,
            help_text=_("One sentence. It is not shown on the page."),
        )
    )

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.slug == self.COURSE:
            return first_page()
        return reverse("content:page", args=[self.slug])

    def is_in_spanish(self) -> bool:
        """With its sections."""
        sections = self.sections.all()
        return super().is_in_spanish() and all(section.is_in_spanish() for section in sections)


class Section(TranslatedWords, PublicModel):
    """One headed part of a page. Two kinds are slots that the courses fill."""

    is_part_of = "page"

    class Kind(models.TextChoices):
        WORDS = "words", _("Words")
        CLASSES = "classes", _("The upcoming classes, or the notice")
        COURSE_DETAILS = "course_details", _("Approvals, credits and objectives of the course")

    page = models.ForeignKey(Page, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Small numbers come first.")
    )
    kind = models.CharField(_("what it shows"), max_length=20, choices=Kind, default=Kind.WORDS)
    heading = Translated(models.CharField(_("heading"), max_length=200))
    body = Translated(RichTextField(_("words"), blank=True))

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "heading_en"],
                name="section_heading_once_per_page",
                violation_error_message=_("This page has a section with this heading already."),
            ),
        ]

    def __str__(self) -> str:
        return self.heading
