"""Staff tell the people who wait about a class, and see who waits."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from courses.models import Course, ScheduledClass
from registrations.models import Announcement, InterestSignup, Letter
from registrations.services import announcing
from registrations.services.seats import Actor
from tests.admin_forms import ADD, pressed
from tests.factories import NOW, make_class
from tests.registrations.test_announcing import DAY, announce, people_wait, write_all
from tests.registrations.test_interest import delivered, on_the_list, sign_up
from tests.registrations.test_own_page import tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("sam"))
    return client


def announce_page(scheduled_class: ScheduledClass) -> str:
    return f"/admin/courses/scheduledclass/{scheduled_class.pk}/announce/"


def publish(staff: Client) -> str:
    """The page that comes after adding a class that is published at once."""
    typed = {
        "course": Course.objects.create(title="Peer support").pk,
        "slug": "february-2027-online",
        "status": "published",
        "delivery": "online",
        "time_zone": "America/Denver",
        "language": "en",
        "capacity": 24,
        "line_size": 20,
        "cost_en": "Free",
        "cancellation_en": "Cancel on your own page, at any time.",
        "class_sessions-TOTAL_FORMS": 1,
        "class_sessions-INITIAL_FORMS": 0,
        "class_sessions-0-starts_at_0": "2027-02-12",
        "class_sessions-0-starts_at_1": "09:00",
        "class_sessions-0-ends_at_0": "2027-02-12",
        "class_sessions-0-ends_at_1": "17:00",
        "class_sessions-0-credit_minutes": 360,
    }
    response = pressed(staff, ADD, staff.post(ADD, typed), follow=True)
    assert response.redirect_chain, response.context["errors"]
    return str(response.content.decode())


def test_publishing_offers_staff_to_tell_the_people_who_wait(staff: Client):
    people_wait(41)
    page = publish(staff)
    scheduled_class = ScheduledClass.objects.get()
    assert "41 people wait for news of a class." in page
    link = f'<a href="{announce_page(scheduled_class)}">Tell them about this one</a>'
    assert link in page


def test_publishing_offers_nothing_when_nobody_waits(staff: Client):
    assert "for news of a class" not in publish(staff)


def test_staff_see_the_number_and_the_letter_before_they_press_and_get_changes_nothing(
    staff: Client,
):
    people_wait(41)
    scheduled_class = make_class()
    before = tables()
    for _ in range(2):
        page = staff.get(announce_page(scheduled_class)).content.decode()
    assert tables() == before
    assert 'value="Tell 41 people"' in page
    assert "A class has dates: January 16 and 23, 2027, online." in page
    assert "/interest/" not in page, "a preview holds no link that works"
    response = staff.post(announce_page(scheduled_class), follow=True)
    assert "41 people are told." in response.content.decode()
    announcement = Announcement.objects.get()
    assert announcement.asked_by is not None
    assert announcement.asked_by.username == "sam"


def test_a_second_time_says_when_it_was_announced(staff: Client):
    people_wait(2)
    scheduled_class = make_class()
    announcing.announce(
        scheduled_class=scheduled_class, actor=Actor.staff(User.objects.get()), now=NOW
    )
    moment = "Tuesday, November 24, 2026, 12:00\u00a0pm Mountain Time"
    sentence = f"This class was already announced on {moment}."
    shown = staff.get(announce_page(scheduled_class)).content.decode()
    assert f"{sentence} 0 letters are written. More follow each minute." in shown
    assert "<form" not in shown.partition('id="content-main"')[2]
    refused = staff.post(announce_page(scheduled_class), follow=True).content.decode()
    assert sentence in refused
    assert Announcement.objects.count() == 1


def test_only_who_may_change_classes_may_announce(client: Client):
    people_wait(1)
    scheduled_class = make_class()
    assert client.post(announce_page(scheduled_class)).status_code == 302
    client.force_login(User.objects.create_user("visitor", is_staff=True))
    assert client.post(announce_page(scheduled_class)).status_code == 403
    assert not Announcement.objects.exists()


def test_a_class_that_does_not_exist_is_not_found(staff: Client):
    assert staff.get("/admin/courses/scheduledclass/99/announce/").status_code == 404


LIST = "/admin/registrations/interestsignup/"


def test_the_list_of_people_who_wait_hides_addresses_until_one_is_opened(staff: Client):
    signup = on_the_list("maria.lopez@peers.test", NOW - DAY)
    page = staff.get(LIST).content.decode()
    assert "m…@peers.test" in page
    assert "maria.lopez" not in page
    assert "m…@peers.test" in staff.get(f"{LIST}?q=lopez").content.decode()
    assert "0 people" in staff.get(f"{LIST}?q=ortega").content.decode()
    assert "maria.lopez@peers.test" in staff.get(f"{LIST}{signup.pk}/change/").content.decode()
    assert staff.get(f"{LIST}add/").status_code == 403


@pytest.mark.parametrize(
    ("query", "shown"), [("", {"a", "n"}), ("?answered=yes", {"a"}), ("?answered=no", {"n"})]
)
def test_staff_see_who_has_answered_and_who_has_not(staff: Client, query: str, shown: set[str]):
    on_the_list("answered@peers.test", NOW - DAY)
    sign_up("not-yet@peers.test")
    page = staff.get(f"{LIST}{query}").content.decode()
    assert {name for name in "an" if f"{name}…@peers.test" in page} == shown
    assert ("November 23, 2026" in page) == ("a" in shown)


def test_staff_take_somebody_off_who_asks_by_phone(staff: Client):
    signup = on_the_list(now=NOW - DAY)
    staff.post(LIST, {"action": "take_off", "_selected_action": [signup.pk]})
    assert not InterestSignup.objects.exists()


def test_letters_about_news_stand_among_the_letters_and_name_nobody(staff: Client):
    on_the_list("maria.lopez@peers.test", NOW - DAY)
    announce(make_class())
    write_all()
    for _ in range(2):
        page = staff.get("/admin/registrations/letter/").content.decode()
        assert "A class has dates" in page
        assert "maria" not in page
        letter = Letter.objects.get(kind="interest_news")
        page = staff.get(f"/admin/registrations/letter/{letter.pk}/change/").content.decode()
        assert "maria" not in page
        delivered()
