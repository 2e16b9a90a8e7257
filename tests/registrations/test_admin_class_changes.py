"""What the class's page in the admin does to the people in it."""

from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from courses.models import ScheduledClass
from registrations.links import link_to
from registrations.models import Letter
from registrations.services.delivery import deliver_due
from registrations.services.ledger import check_seats
from tests.admin_forms import change, edit, errors, filled_in, pressed, session, stored
from tests.registrations.people import join, person_in, register, statuses
from tests.registrations.test_admin_classes import MakeClass

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def content() -> None:
    call_command("load_content", verbosity=0)


def messages_after(client: Client, scheduled_class: ScheduledClass, **typed: str) -> list[str]:
    """Save the class with `typed`; what the page after it says."""
    path = change(scheduled_class.pk)
    response = client.post(path, filled_in(client, path, **typed), follow=True)
    response = pressed(client, path, response, follow=True)
    return [str(message) for message in response.context["messages"]]


# Off the site again.


@pytest.mark.parametrize("answers", [True, False])
def test_a_class_with_people_can_be_a_draft_again_and_staff_read_who_stays(
    admin_client: Client, make_class: MakeClass, *, answers: bool
) -> None:
    scheduled_class = make_class(taken=1)
    (join if answers else register)(scheduled_class, 1)
    assert messages_after(admin_client, scheduled_class, status="draft")[0] == (
        "The class is off the site. 2 people stay registered; their own pages still work. "
        "No reminders go out until you publish it again."
    )
    assert Client().get(scheduled_class.get_absolute_url()).status_code == 404
    page = Client().get(urlsplit(link_to(person_in(scheduled_class, 1))).path)
    assert page.status_code == 200
    status = "confirmed" if answers else "offered"
    assert statuses(scheduled_class) == {"person-seated-1": "confirmed", "person-1": status}
    assert check_seats() == []


def test_a_class_without_people_becomes_a_draft_without_a_word_about_people(
    admin_client: Client, make_class: MakeClass
) -> None:
    assert len(messages_after(admin_client, make_class(), status="draft")) == 1


def test_an_address_that_was_public_stays_when_the_class_is_a_draft_again(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class()
    edit(admin_client, scheduled_class, status="draft")
    edit(admin_client, scheduled_class, slug="elsewhere")
    assert stored(scheduled_class).slug == scheduled_class.slug


def test_an_address_stays_when_somebody_is_registered_for_a_draft(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(status="draft", taken=1)
    assert 'name="slug"' not in admin_client.get(change(scheduled_class.pk)).text


def test_a_draft_with_people_keeps_a_session(admin_client: Client, make_class: MakeClass) -> None:
    scheduled_class = make_class(taken=1)
    gone = {"class_sessions-0-DELETE": "on", "class_sessions-1-DELETE": "on"}
    response = edit(admin_client, scheduled_class, status="draft", **gone)
    sentence = "People are registered, so the class keeps at least one session."
    assert errors(response) == {"sessions": [sentence]}
    assert stored(scheduled_class).status == "published"


# What people are told.

LATER = session(1, "2027-01-30", "09:00", "17:00")


def changed_letters() -> list[str]:
    """The addresses of those who are owed a letter about a change."""
    letters = Letter.objects.filter(kind=Letter.Kind.CHANGED, state=Letter.State.OWED)
    return sorted(letters.values_list("registration__email", flat=True))


def test_a_session_moved_by_the_form_owes_each_person_one_letter(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(capacity=2, taken=1)
    register(scheduled_class, "offered")
    join(scheduled_class, "waits")
    said = messages_after(admin_client, scheduled_class, **LATER)
    assert said[0] == "3 people are told what has changed."
    assert changed_letters() == [
        "person-offered@peers.test",
        "person-seated-1@peers.test",
        "person-waits@peers.test",
    ]
    assert stored(scheduled_class).dates == "January 16 and 30, 2027"


def test_the_letter_about_a_moved_session_says_old_and_new(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(taken=1)
    edit(admin_client, scheduled_class, **LATER)
    deliver_due()
    words = str(mail.outbox[0].body).replace("\N{NO-BREAK SPACE}", " ")
    assert "Old: Saturday, January 23, 2027, 9:00 am to 5:00 pm Mountain Time." in words
    assert "New: Saturday, January 30, 2027, 9:00 am to 5:00 pm Mountain Time." in words


@pytest.mark.parametrize("typed", [{}, {"cost_en": "10 dollars"}, {"capacity": "30"}])
def test_saving_without_a_change_of_time_or_place_owes_nobody_a_letter(
    admin_client: Client, make_class: MakeClass, typed: dict[str, str]
) -> None:
    scheduled_class = make_class(taken=2)
    assert len(messages_after(admin_client, scheduled_class, **typed)) == 1
    assert changed_letters() == []


def test_a_class_that_is_cancelled_with_other_dates_is_told_as_cancelled_alone(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(taken=1)
    edit(admin_client, scheduled_class, status="cancelled", **LATER)
    assert changed_letters() == []
    assert Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED).count() == 1


def test_a_session_moved_while_the_class_is_off_the_site_is_told_as_well(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(taken=1)
    edit(admin_client, scheduled_class, status="draft")
    edit(admin_client, scheduled_class, **LATER)
    edit(admin_client, scheduled_class, status="published")
    assert changed_letters() == ["person-seated-1@peers.test"]


def test_a_page_that_is_refused_tells_nobody(admin_client: Client, make_class: MakeClass) -> None:
    scheduled_class = make_class(taken=1)
    edit(admin_client, scheduled_class, cost_en="", **LATER)
    assert changed_letters() == []
    assert stored(scheduled_class).dates == "January 16 and 23, 2027"


def test_what_to_bring_is_typed_with_the_class(admin_client: Client, make_class: MakeClass) -> None:
    scheduled_class = make_class()
    edit(admin_client, scheduled_class, what_to_bring_en="A pen and a quiet room.")
    assert stored(scheduled_class).what_to_bring == "A pen and a quiet room."
