"""The two parts of a letter, as mail programs show them."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from content.models import SiteSettings
from registrations.services import seats
from registrations.services.delivery import deliver_due
from tests.factories import NOW, make_answers, make_class
from tests.registrations.people import join

pytestmark = pytest.mark.django_db


def letter() -> EmailMultiAlternatives:
    deliver_due(clock=lambda: NOW)
    sent = mail.outbox[-1]
    assert isinstance(sent, EmailMultiAlternatives)
    return sent


def test_what_staff_wrote_on_two_lines_stays_on_two_lines() -> None:
    join(make_class(what_to_bring="A pen.\nA quiet & dark room."), 1)
    sent = letter()
    assert "A pen.\nA quiet & dark room." in str(sent.body)
    assert "A pen.<br>A quiet &amp; dark room." in str(sent.alternatives[0][0])


def test_the_help_words_are_plain_text_in_the_text_part() -> None:
    words = "<p>Ask Robin &amp; Jo.</p><p>We answer in <b>3</b> days.</p>"
    SiteSettings.objects.create(pk=1, help_words=words)
    join(make_class(), 1)
    assert "\nAsk Robin & Jo.\nWe answer in 3 days.\n" in str(letter().body)


def test_every_link_has_a_calm_colour() -> None:
    join(make_class(), 1)
    assert "\na { color: #1c483e;" in str(letter().alternatives[0][0])


def test_a_subject_with_an_hour_travels_in_plain_letters() -> None:
    seats.register(scheduled_class_id=make_class().pk, answers=make_answers(1), now=NOW)
    said = letter().message()["Subject"]
    assert said == "Please answer by Friday, 6:00 pm Mountain Time"
