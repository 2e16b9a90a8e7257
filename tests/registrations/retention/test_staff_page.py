"""What staff read about erasing."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from registrations.models import (
    InterestSignup,
)
from registrations.retention import RULES, erase_what_is_due
from registrations.services import interest
from tests.factories import NOW, make_class
from tests.registrations.people import join
from tests.registrations.retention.ways import (
    MONTH_AFTER,
    with_details,
)
from tests.registrations.test_own_page import tables

pytestmark = pytest.mark.django_db


PAGE = "/admin/registrations/registration/erasing/"


def test_staff_read_each_rule_in_words(admin_client: Client) -> None:
    page = admin_client.get(PAGE).text
    for rule in RULES:
        assert str(rule.what) in page
        assert rule.when in page
    assert "30 days after the class" in page
    assert "7 years after the class" in page


def test_staff_read_how_many_are_next_and_on_which_day(admin_client: Client) -> None:
    scheduled_class = make_class()
    for person in (1, 2):
        with_details(join(scheduled_class, person))
    page = admin_client.get(PAGE)
    cells = {str(row["rule"].what): row["next"] for row in page.context["rows"]}
    assert cells["Access needs and phone"] == "2 on Monday, February 22, 2027"
    assert cells["Sign-ins to this desk"] == "1 on Wednesday, November 25, 2026"
    erase_what_is_due(MONTH_AFTER)
    page = admin_client.get(PAGE)
    cells = {str(row["rule"].what): row["next"] for row in page.context["rows"]}
    assert cells["Access needs and phone"] == ""


def test_staff_read_how_long_an_address_waits_on_the_list_for_news(admin_client: Client):
    interest.sign_up(email="maria@peers.test", language="en", now=NOW)
    interest.sign_up(email="other@peers.test", language="en", now=NOW)
    interest.confirm(signup=InterestSignup.objects.first(), now=NOW)
    page = admin_client.get(PAGE)
    cells = {str(row["rule"].what): row["next"] for row in page.context["rows"]}
    assert cells["Address on the list for news of classes"] == "1 on Tuesday, December 1, 2026"
    assert "7 days after they signed up." in page.text


def test_the_page_changes_nothing(admin_client: Client) -> None:
    with_details(join(make_class(), 1))
    Session.objects.update(expire_date=NOW + dt.timedelta(days=900))
    before = tables()
    admin_client.get(PAGE)
    assert tables() == before
    assert admin_client.post(PAGE).status_code == 405


def test_the_page_is_linked_from_the_first_page_and_closed_to_strangers(
    admin_client: Client, client: Client
) -> None:
    assert f'href="{PAGE}"' in admin_client.get("/admin/").text
    client.logout()
    assert "/admin/login/" in client.get(PAGE).headers["Location"]
