"""The words of each kind of letter, with {placeholders}: see `facts.py` for what they stand for.

Subjects name dates, never the subject of the course.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registrations.letters.placeholders import problem_of, problem_of_subject
from registrations.models import Letter, LetterText, Message

log = logging.getLogger(__name__)

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
IF_YOU_CANNOT_COME = _(
    "If you cannot come, give up your seat on your page. It is then free for someone else."
)
JOIN_AGAIN = _("You can join again on your page while the class takes people.")
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
            "{join}",
            "{what_to_bring}",
            IF_YOU_CANNOT_COME,
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
            _("The offer has ended. You keep your place in line: {standing}."),
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
            _("Your place is given up. You are not in line now."),
            JOIN_AGAIN,
        ),
        OPEN_MY_PAGE,
    ),
    Kind.CANCELLED: Words(
        YOUR_CLASS,
        (_("Your seat is cancelled. {cancelled}"), JOIN_AGAIN),
        OPEN_MY_PAGE,
    ),
    Kind.CLASS_CANCELLED: Words(
        _("The class on {dates} is cancelled"),
        (
            _("The class on {dates} will not take place. You need to do nothing."),
            "{other_classes}",
            _("All classes with dates: {classes_link}"),
        ),
        OPEN_MY_PAGE,
        shows_class=False,
    ),
    Kind.AGAIN: Words(
        YOUR_CLASS,
        (
            _("Someone filled in the form again with your address. {still} Nothing has changed."),
            _("If it was not you, do nothing."),
            _("Does a second person share this address? Add them on your page."),
        ),
        OPEN_MY_PAGE,
    ),
    Kind.ANSWER_SOON: Words(
        PLEASE_ANSWER,
        (
            _("What we hold for you ends on {answer_by}. After that it goes to the next person."),
            _("Take it or leave it with one press."),
        ),
        _("Answer now"),
    ),
    Kind.MOVED: Words(
        YOUR_CLASS,
        (
            _("You now have a seat in the class of {dates}. Your old seat is given up."),
            "{first_day}",
            "{join}",
            "{what_to_bring}",
        ),
        OPEN_MY_PAGE,
        shows_name=True,
    ),
    Kind.CHANGED: Words(
        _("Changed: your class on {dates}"),
        (
            "{changes}",
            _("If you cannot come now, give up your seat on your page. It costs you nothing."),
        ),
        OPEN_MY_PAGE,
    ),
    Kind.WEEK: Words(
        YOUR_CLASS,
        (
            _("Your class comes near. {first_day}"),
            "{join}",
            "{what_to_bring}",
            IF_YOU_CANNOT_COME,
        ),
        OPEN_MY_PAGE,
    ),
    Kind.DAY: Words(
        YOUR_CLASS,
        (_("{first_day} You have a seat."), "{join}", "{what_to_bring}"),
        OPEN_MY_PAGE,
    ),
    Kind.MORNING: Words(
        YOUR_CLASS,
        (_("{session} You have a seat."), "{join}", "{what_to_bring}"),
        OPEN_MY_PAGE,
    ),
    Kind.EVALUATE: Words(
        YOUR_CLASS,
        (
            _("Your class is over. Please tell us how it was. {evaluation}"),
            _("It takes about 5 minutes. You can stop at any page and go on later."),
            _("Your answers are kept apart from your name."),
        ),
        _("Answer the evaluation"),
        shows_class=False,
    ),
    Kind.LINK: Words(
        YOUR_CLASS,
        (
            _("You asked for your link. If it was not you, do nothing: nothing has changed."),
            KEEP_THIS_MAIL,
        ),
        OPEN_MY_PAGE,
    ),
    Kind.NEW_ADDRESS: Words(
        YOUR_CLASS,
        (
            _("Press the button if this is your new address for the class on {dates}."),
            _("Until then we write to the old one. If it was not you, do nothing."),
        ),
        _("Yes, write to this address"),
        shows_class=False,
    ),
    Kind.OLD_ADDRESS: Words(
        YOUR_CLASS,
        (
            _("You asked us to write to another address about the class on {dates}. We do so now."),
            _("Links in older mails have stopped working. If it was not you, answer this mail."),
        ),
        "",
        shows_class=False,
    ),
    Kind.CERTIFICATE: Words(
        _("Your certificate for {dates}"),
        (
            _("Your certificate is ready. Open your page to download it."),
            _("Keep the file. Your page ends a year after the class."),
        ),
        OPEN_MY_PAGE,
    ),
    Kind.INTEREST_CONFIRM: Words(
        _("Do you want mail about new dates?"),
        (
            _("Press the button if you want one mail when a class has dates."),
            _("If it was not you, do nothing. We then forget this address within 7 days."),
        ),
        _("Yes, write to me once"),
        shows_class=False,
    ),
    Kind.INTEREST_ALREADY: Words(
        _("You are on the list for new dates"),
        (
            _("You are on the list already. We write to you once, when a class has dates."),
            _("Someone, probably you, asked for it again. You need to do nothing."),
        ),
        "",
        shows_class=False,
    ),
    Kind.INTEREST_NEWS: Words(
        _("A class has dates: {dates}"),
        (
            _("A class has dates: {class}. This is the one mail you asked for."),
            _("We do not keep your address after it."),
        ),
        _("See the class"),
    ),
}


def words_for(letter: Letter, changed: Iterable[LetterText] | None = None) -> Words:
    """The words of this letter: staff's own in a message, else those of its kind.

    `changed` is all that staff have changed, for who has read it.
    """
    if letter.kind != Kind.MESSAGE:
        return words_of(letter.kind, changed)
    message = Message.objects.get(key=letter.about)
    return Words(message.subject, paragraphs_of(message.body), OPEN_MY_PAGE, shows_class=False)


def paragraphs_of(body: str) -> tuple[str, ...]:
    return tuple(re.split(r"\n\s*\n", body.replace("\r\n", "\n")))


def words_of(kind: str, rows: Iterable[LetterText] | None = None) -> Words:
    """The kind's words in the present language: as staff changed them, or as they are here."""
    rows = LetterText.objects.filter(kind=kind) if rows is None else rows
    which = kind, get_language() or "en"
    changed = next((row for row in rows if (row.kind, row.language) == which), None)
    if changed is None:
        return WORDS[kind]
    if problem_of(changed.body) or problem_of_subject(changed.subject):
        # Refused when it was saved, so it is older than the rule. A letter goes out all the same.
        log.warning("The changed words of the letter %r are not used: save them anew.", kind)
        return WORDS[kind]
    return changed_words(changed)


def changed_words(changed: LetterText) -> Words:
    """The words as they stand in the row, which need not be saved."""
    words = WORDS[changed.kind]
    return replace(
        words,
        subject=changed.subject,
        paragraphs=paragraphs_of(changed.body),
        button=changed.button if words.button else "",
    )
