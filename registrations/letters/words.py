"""The words of each kind of letter, with {placeholders}: see `facts.py` for what they stand for.

Subjects name dates, never the subject of the course.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registrations.models import Letter

Kind = Letter.Kind
Text = str | Promise


@dataclass(frozen=True)
class Words:
    subject: Text
    paragraphs: tuple[Text, ...]
    button: Text
    shows_class: bool = True
    shows_name: bool = False


YOUR_CLASS = _("Your class on {dates}")
YOUR_PLACE = _("Your place for {dates}")
PLEASE_ANSWER = _("Please answer by {answer_by_short}")
OPEN_MY_PAGE = _("Open my page")
KEEP_THIS_MAIL = _(
    "Keep this mail: its button opens your own page, where you can see or give up your place."
)
NOT_YOU = _("If it was not you who registered, do nothing. We then give it to someone else.")

WORDS: dict[str, Words] = {
    Kind.HELD: Words(
        PLEASE_ANSWER,
        (
            _("We hold a seat for you until {answer_by}. Press the button to take it."),
            _("The seat is yours only after you press it."),
            NOT_YOU,
        ),
        _("Take the seat"),
    ),
    Kind.LINE: Words(
        PLEASE_ANSWER,
        (
            _(
                "Press the button to keep your place in line. When a seat is free we write to you "
                "and hold it for up to 3 days."
            ),
            _("All seats are taken now. Please press it by {answer_by}."),
            NOT_YOU,
        ),
        _("Keep my place in line"),
    ),
    Kind.OFFERED: Words(
        PLEASE_ANSWER,
        (
            _("A seat is free for you. We hold it until {answer_by}."),
            _("Take it or leave it with one press."),
        ),
        _("See the seat"),
    ),
    Kind.CONFIRMED: Words(
        YOUR_CLASS,
        (
            _("You have a seat. {first_day}"),
            _("You need to do nothing until then."),
            _("{join_words}"),
            _("If you cannot come, give up your seat on your page. Someone in line then gets it."),
            KEEP_THIS_MAIL,
            _("This mail shows that you have a seat. It is not a certificate."),
        ),
        OPEN_MY_PAGE,
        # Only here: a mail to an address that has not answered carries nothing a stranger typed.
        shows_name=True,
    ),
    Kind.WAITING: Words(
        YOUR_PLACE,
        (
            _("You are in line: {standing}. We write to you when a seat is free."),
            _("You need to do nothing."),
            KEEP_THIS_MAIL,
        ),
        OPEN_MY_PAGE,
    ),
    Kind.MISSED: Words(
        YOUR_PLACE,
        (
            _("The seat went to the next person. You keep your place in line: {standing}."),
            _(
                "We write to you when another seat is free. If that offer ends without an answer "
                "too, your place ends with it."
            ),
        ),
        OPEN_MY_PAGE,
    ),
    Kind.LAPSED: Words(
        YOUR_PLACE,
        (
            _("The time to answer is over. You did not lose your registration."),
            _("One press on your page puts you back, as long as the class takes people."),
        ),
        OPEN_MY_PAGE,
    ),
    Kind.DECLINED: Words(
        YOUR_PLACE,
        (
            _("You are not in line any more. You gave up your place."),
            _("You can join again on your page while the class takes people."),
        ),
        OPEN_MY_PAGE,
    ),
    Kind.CANCELLED: Words(
        YOUR_CLASS,
        (_("Your seat is cancelled. {cancelled_words}"),),
        OPEN_MY_PAGE,
    ),
    Kind.CLASS_CANCELLED: Words(
        _("The class on {dates} is cancelled"),
        (
            _("The class on {dates} will not take place. You need to do nothing."),
            _("These are all classes with dates: {classes_link}"),
        ),
        OPEN_MY_PAGE,
        shows_class=False,
    ),
    Kind.AGAIN: Words(
        YOUR_CLASS,
        (
            _("Someone filled in the form again with your address. {still} Nothing has changed."),
            _("If it was not you, do nothing."),
        ),
        OPEN_MY_PAGE,
    ),
}
