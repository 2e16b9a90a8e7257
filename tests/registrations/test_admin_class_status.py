from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from courses.models import ClassSession, ScheduledClass, Seats
from registrations.models import Letter, Registration
from registrations.services.ledger import check_seats
from tests.admin_forms import change, edit, errors, filled_in, pressed, stored
from tests.registrations.people import join, register, statuses

MakeClass = Callable[..., ScheduledClass]

pytestmark = pytest.mark.django_db


# From draft to cancelled.


def test_the_address_is_typed_only_while_the_class_is_a_draft(
    admin_client: Client, make_class: MakeClass
) -> None:
    draft, published = make_class(status="draft"), make_class()
    assert 'name="slug"' in admin_client.get(change(draft.pk)).text
    assert 'name="slug"' not in admin_client.get(change(published.pk)).text
    edit(admin_client, published, slug="elsewhere")
    assert stored(published).slug == published.slug


def test_a_class_taken_off_the_site_leaves_its_people_their_seats(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(capacity=1)
    join(scheduled_class, "sits")
    join(scheduled_class, "waits")
    assert errors(edit(admin_client, scheduled_class, status="draft")) == {}
    assert Client().get(scheduled_class.get_absolute_url()).status_code == 404
    assert statuses(scheduled_class) == {"person-sits": "confirmed", "person-waits": "waitlisted"}
    assert not Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED).exists()
    assert check_seats() == []


def test_a_class_taken_off_the_site_comes_back_at_the_same_address(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(taken=1)
    edit(admin_client, scheduled_class, status="draft")
    assert 'name="slug"' not in admin_client.get(change(scheduled_class.pk)).text
    edit(admin_client, scheduled_class, status="published")
    assert Client().get(scheduled_class.get_absolute_url()).status_code == 200


def test_a_class_taken_off_the_site_can_be_cancelled_for_its_people(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(taken=1)
    edit(admin_client, scheduled_class, status="draft")
    edit(admin_client, scheduled_class, status="cancelled")
    assert stored(scheduled_class).status == "cancelled"
    assert statuses(scheduled_class) == {"person-seated-1": "cancelled"}


def test_cancelling_a_class_cancels_everyone_and_owes_each_a_letter(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(capacity=2, taken=1)
    register(scheduled_class, "holds")
    join(scheduled_class, "waits")
    response = edit(admin_client, scheduled_class, status="cancelled")
    assert errors(response) == {}
    cancelled = stored(scheduled_class)
    assert cancelled.status == "cancelled"
    assert cancelled.cancelled_at is not None
    assert set(statuses(scheduled_class).values()) == {"cancelled"}
    told = Letter.objects.filter(kind=Letter.Kind.CLASS_CANCELLED)
    assert sorted(told.values_list("registration__email", flat=True)) == [
        "person-holds@peers.test",
        "person-seated-1@peers.test",
        "person-waits@peers.test",
    ]
    assert (cancelled.seats.taken, cancelled.seats.waiting) == (0, 0)
    assert check_seats() == []


def test_the_history_says_which_of_the_staff_cancelled_the_class(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(taken=1)
    edit(admin_client, scheduled_class, status="cancelled")
    event = Registration.objects.get().events.latest("pk")
    assert (event.by, str(event.by_user)) == ("staff", "admin")


def test_staff_read_how_many_people_are_told(admin_client: Client, make_class: MakeClass) -> None:
    scheduled_class = make_class(taken=2)
    path = change(scheduled_class.pk)
    data = filled_in(admin_client, path, status="cancelled")
    response = pressed(admin_client, path, admin_client.post(path, data), follow=True)
    assert "2 people are told." in [str(message) for message in response.context["messages"]]


def test_a_class_cancelled_with_a_new_number_of_seats_offers_none(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(capacity=1, taken=1)
    join(scheduled_class, 1)
    edit(admin_client, scheduled_class, status="cancelled", capacity="2")
    assert not Letter.objects.filter(kind=Letter.Kind.OFFERED).exists()
    assert set(statuses(scheduled_class).values()) == {"cancelled"}
    assert stored(scheduled_class).seats.capacity == 2


def test_a_cancelled_class_cannot_come_back(admin_client: Client, make_class: MakeClass) -> None:
    scheduled_class = make_class()
    edit(admin_client, scheduled_class, status="cancelled")
    edit(admin_client, scheduled_class, status="published", cost_en="20 dollars")
    after = stored(scheduled_class)
    assert (after.status, after.cost) == ("cancelled", "20 dollars")


def test_a_draft_that_nobody_saw_is_never_cancelled(
    admin_client: Client, make_class: MakeClass
) -> None:
    draft = make_class(status="draft")
    assert list(errors(edit(admin_client, draft, status="cancelled"))) == ["status"]
    assert stored(draft).status == "draft"


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_a_new_status_is_kept_on_the_page_while_something_else_is_put_right(
    admin_client: Client, make_class: MakeClass, status: str
) -> None:
    scheduled_class = make_class()
    response = edit(admin_client, scheduled_class, status=status, line_size="many")
    assert list(errors(response)) == ["line_size"]
    assert response.context["adminform"].form["status"].value() == status
    assert '<select name="status"' in response.text
    assert stored(scheduled_class).status == "published"


# Deleting.


def test_a_class_without_people_can_be_deleted(admin_client: Client, make_class: MakeClass) -> None:
    scheduled_class = make_class()
    admin_client.post(
        f"/admin/courses/scheduledclass/{scheduled_class.pk}/delete/", {"post": "yes"}
    )
    assert not ScheduledClass.objects.exists()
    assert not ClassSession.objects.exists()
    assert not Seats.objects.exists()


def test_a_class_that_people_registered_for_cannot_be_deleted(
    admin_client: Client, make_class: MakeClass
) -> None:
    scheduled_class = make_class(taken=1)
    path = f"/admin/courses/scheduledclass/{scheduled_class.pk}/delete/"
    assert admin_client.post(path, {"post": "yes"}).status_code == 403
    assert "deletelink" not in admin_client.get(change(scheduled_class.pk)).text
    assert stored(scheduled_class)


# Who may.


def test_a_class_is_no_stranger_s_business(client: Client, make_class: MakeClass) -> None:
    path = change(make_class().pk)
    assert client.get(path).headers["Location"].startswith("/admin/login/")
    assert client.post(path, {}).headers["Location"].startswith("/admin/login/")


def test_staff_who_may_only_look_see_the_class(
    client: Client, make_class: MakeClass, django_user_model: Any
) -> None:
    from django.contrib.auth.models import Permission

    scheduled_class = make_class(capacity=7)
    user = django_user_model.objects.create_user("looks", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    page = client.get(change(scheduled_class.pk)).text
    assert "0 of 7 seats taken, 0 in line" in page
    assert 'name="_save"' not in page


@pytest.mark.parametrize("path", ["/admin/courses/scheduledclass/9/change/", change(0)])
def test_a_class_that_is_not_there_leads_back_to_the_first_page(
    admin_client: Client, path: str
) -> None:
    assert admin_client.get(path).headers["Location"] == "/admin/"
