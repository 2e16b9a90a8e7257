"""The registration form, and its answers on their way to the check page."""

import re
import unicodedata
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeAlias

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.translated import NAMES
from registrations.addresses import LONGEST_KEY, email_key, is_nobodys, is_plain
from registrations.certificates import numbers
from registrations.models import Registration
from registrations.services.seats import Answers

SALT = "registrations.answers"

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text: TypeAlias = "str | _StrPromise"

#: They turn the text that follows them around, in a list of names as well.
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def refuse_control_characters(value: str) -> None:
    """Line breaks and tabs are typing; other control characters never are."""
    typed = value.translate(dict.fromkeys(map(ord, "\r\n\t")))
    if any(unicodedata.category(sign) in {"Cc", "Cs"} or sign in TURNING for sign in typed):
        raise ValidationError(_now("Take out the characters that cannot be printed."))


NOT_A_NUMBER = _("This number has a typing error. Compare it with the paper, sign by sign.")


class OneLineField(forms.CharField):
    """Text on one line: what was pasted over several lines is joined."""

    def to_python(self, value: Any) -> str:
        return re.sub(r"[ \t\r\n]+", " ", super().to_python(value) or "")


def one_line(
    label: Text, *, hint: Text = "", longest: int, too_long: Text, **fields: Any
) -> OneLineField:
    """An offered line of text."""
    return OneLineField(
        label=label,
        help_text=hint,
        max_length=longest,
        required=False,
        validators=[refuse_control_characters],
        error_messages={"max_length": too_long},
        **fields,
    )


def full_name_field(hint: Text = "") -> OneLineField:
    return OneLineField(
        label=_("Full name"),
        help_text=hint or _("As it should stand on your certificate."),
        max_length=100,
        validators=[refuse_control_characters],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Enter your full name"),
            "max_length": _("Shorten your name to 100 characters"),
        },
    )


class AddressField(forms.EmailField):
    """A mail address that somebody can have."""

    def __init__(self, *, label: Text, hint: Text = "") -> None:
        super().__init__(
            label=label,
            help_text=hint,
            max_length=254,
            validators=[refuse_control_characters],
            widget=forms.EmailInput(
                attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
            ),
            error_messages={
                "required": _("Enter your email address"),
                "invalid": _("Enter a whole email address, like name@example.com"),
                "max_length": _("Enter an email address of at most 254 characters"),
            },
        )

    def clean(self, value: Any) -> str:
        address: str = super().clean(value)
        if is_nobodys(address) or not is_plain(address) or len(email_key(address)) > LONGEST_KEY:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address


def role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What describes you best?"),
        help_text=_("So that the teachers know who is in the room."),
        choices=Registration.Role.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what describes you best"),
            "invalid_choice": _("Choose what describes you best"),
        },
    )


def access_needs_field() -> forms.CharField:
    return forms.CharField(
        label=_("What would help you take part?"),
        help_text=_(
            "For example captions, larger print, more breaks. Please leave out health details. "
            "Only the staff of this class see it, and it is erased afterwards."
        ),
        max_length=500,
        required=False,
        validators=[refuse_control_characters],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Shorten this to 500 characters")},
    )


def phone_field() -> OneLineField:
    return one_line(
        _("Phone"),
        hint=_("Only for the days of the class, if the link or the door fails."),
        longest=40,
        too_long=_("Shorten the phone number to 40 characters"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


def plain_helper(form: forms.Form) -> FormHelper:
    """Fields alone: the page brings the form element, its token and its button."""
    helper = FormHelper(form)
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class RegistrationForm(forms.Form):
    """Three questions are asked, two are offered."""

    full_name = full_name_field()
    email = AddressField(
        label=_("Email address"),
        hint=_("We send your link here. Choose one that only you read."),
    )
    role = role_field()
    access_needs = access_needs_field()
    phone = phone_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(self)
        self.helper.layout = Layout(
            "full_name",
            "email",
            "role",
            HTML("{% include 'registrations/if_you_like.html' only %}"),
            "access_needs",
            "phone",
        )

    def answers(self, language: str) -> Answers:
        return Answers(language=language, **self.cleaned_data)


class DetailsForm(forms.Form):
    """What a person can change on their own page."""

    full_name = full_name_field()
    access_needs = access_needs_field()
    phone = phone_field()
    language = forms.ChoiceField(
        label=_("Language of our mail"),
        choices=[
            (code, format_html('<span lang="{}">{}</span>', code, name))
            for code, name in NAMES.items()
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the language of our mail"),
            "invalid_choice": _("Choose the language of our mail"),
        },
    )
    state = one_line(
        _("State"),
        hint=_("Rules for credits differ by state."),
        longest=60,
        too_long=_("Shorten the state to 60 characters"),
        widget=forms.TextInput(attrs={"autocomplete": "address-level1"}),
    )
    credential = one_line(
        _("Credential"),
        hint=_("For example CPFS. It is printed on your certificate."),
        longest=60,
        too_long=_("Shorten the credential to 60 characters"),
    )
    credential_number = one_line(
        _("Credential number"),
        hint=_("If your board asks for it on certificates."),
        longest=60,
        too_long=_("Shorten the number to 60 characters"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(self)


class AddressForm(forms.Form):
    """One address: a new one, or the one to send a link to."""

    email = AddressField(label=_("Email address"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(self)


class CertificateNumberForm(forms.Form):
    """A number as somebody reads it off a paper; cleaned, it is as we print it."""

    number = OneLineField(
        label=_("Number of the certificate"),
        help_text=_("For example K7QD-2M9X-T4R8. Small letters and spaces are fine."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Type the number that stands on the certificate"),
            "max_length": NOT_A_NUMBER,
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(self)

    def clean_number(self) -> str:
        try:
            return numbers.read(self.cleaned_data["number"])
        except numbers.TypingError as problem:
            raise ValidationError(NOT_A_NUMBER) from problem


class InterestForm(forms.Form):
    """The address that wants one mail when a class has dates."""

    email = AddressField(
        label=_("Your email address"),
        hint=_("We write when a class has dates. Nothing else. You can leave with one press."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(self)


class SharingForm(forms.Form):
    """A second person at the same address."""

    full_name = full_name_field(_("Of the second person, as it should stand on the certificate."))
    role = role_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(self)


class TamperedAnswers(Exception):
    """What came back from the check page is not what was shown there."""


def sign(answers: Answers) -> str:
    """The answers as one string that can go to the browser and come back unchanged."""
    return signing.dumps(asdict(answers), salt=SALT, compress=True)


def unsign(text: str, *, max_age: int | None = None) -> Answers:
    """Raises TamperedAnswers when changed, or older than `max_age` seconds."""
    try:
        return Answers(**signing.loads(text, salt=SALT, max_age=max_age))
    except (signing.BadSignature, TypeError, ValueError) as problem:
        raise TamperedAnswers from problem
