"""One page of the evaluation as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registrations.evaluation import POINTS, Page, Question
from registrations.forms import plain_helper, refuse_control_characters

LONGEST = 2000


class EvaluationForm(forms.Form):
    """`all_needed` is False for somebody who stops here: what is chosen is kept."""

    def __init__(self, page: Page, *args: Any, all_needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in page.questions:
            self.fields[one.name] = (
                words_field(one) if one.in_words else points_field(one, needed=all_needed)
            )
        self.helper = plain_helper(self)


def points_field(question: Question, *, needed: bool) -> forms.TypedChoiceField:
    choose = question.choose or _("Choose how far: %(label)s") % {"label": question.label}
    return forms.TypedChoiceField(
        label=question.label,
        choices=POINTS,
        coerce=int,
        empty_value=None,
        required=needed,
        widget=forms.RadioSelect,
        error_messages={"required": choose, "invalid_choice": choose},
    )


def words_field(question: Question) -> forms.CharField:
    return forms.CharField(
        label=question.label,
        max_length=LONGEST,
        required=False,
        validators=[refuse_control_characters],
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": _("Shorten this to 2,000 characters")},
    )
