"""A letter's words as staff changed them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registrations.models.letter import Letter


class LetterText(models.Model):
    """Instead of the words in `registrations/letters/words.py`, for one kind and language."""

    kind = models.CharField(_("letter"), max_length=20, choices=Letter.Kind)
    language = models.CharField(_("language"), max_length=5, default="en")
    subject = models.CharField(
        _("subject"),
        max_length=120,
        help_text=_("Names dates. Never what the course is about: others may see it."),
    )
    body = models.TextField(
        _("words"), max_length=3000, help_text=_("An empty line begins a new paragraph.")
    )
    button = models.CharField(_("words on the button"), max_length=60)

    class Meta:
        verbose_name = _("words of the letter")
        verbose_name_plural = _("words of the letters")
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language"],
                name="one_changed_text_per_letter_and_language",
                violation_error_message=_("This letter has changed words already. Edit those."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
