"""All people of a class: found, listed, added, printed, taken along."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import ScheduledClass, Seats
from registrations import spreadsheets
from registrations.models import Letter, Registration
from registrations.services import exporting, seats
from tests.admin_forms import acted, rows
from tests.factories import NOW, make_answers, make_class
from tests.registrations.people import join, letters_to, numbers, person_in, register, statuses
from tests.registrations.test_own_page import tables

PEOPLE = "/admin/registrations/registration/"

pytestmark = pytest.mark.django_db


def page_of(scheduled_class: ScheduledClass, step: str) -> str:
    return f"{PEOPLE}of/{scheduled_class.pk}/{step}/"


def problems(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


# Finding.


def test_a_found_person_is_told_of_with_class_status_and_link(admin_client: Client):
    scheduled_class = make_class()
    answers = make_answers(1, full_name="María López", phone="+1 (303) 555-0123")
    seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=NOW)
    join(scheduled_class, 2)
    maria = person_in(scheduled_class, 1)
    response = admin_client.get(f"{PEOPLE}find/", {"q": "303 555 0123"})
    [found] = response.context["people"]
    assert found["person"] == maria
    for shown in [
        "María López",
        str(scheduled_class),
        "Seat held, waiting for an answer",
        "Does their link work? Not yet: the letter goes out within a few minutes.",
        f"{PEOPLE}{maria.pk}/change/",
        f"{PEOPLE}{maria.pk}/link/",
        f"{PEOPLE}{maria.pk}/address/",
    ]:
        assert shown in response.text
    for private in [answers.email, answers.phone]:
        assert private not in response.text


@pytest.mark.parametrize(
    ("letter", "person", "words"),
    [
        (
            {"state": "sent"},
            {},
            "Yes: last sent on November 24, 2026, and the address has answered.",
        ),
        ({"state": "given_up"}, {}, "No: the mail server did not take the letter. Send a new one."),
        ({"state": "not_mailed"}, {}, "No: an invented address is never mailed."),
        (
            {"state": "owed", "attempts": 2, "last_error": "refused"},
            {},
            "Not yet: the letter could not go out, and is tried again (refused).",
        ),
        ({"state": "sent"}, {"mail_problem_at": NOW}, "No: mail came back on November 24, 2026."),
    ],
)
def test_whether_a_link_works_is_told_by_the_last_letter_with_it(
    admin_client: Client, letter: dict[str, Any], person: dict[str, Any], words: str
):
    join(make_class(), 1)
    sent = {"sent_at": NOW} if letter["state"] == "sent" else {}
    Letter.objects.update(**letter | sent)
    Registration.objects.update(**person)
    assert words in admin_client.get(f"{PEOPLE}find/", {"q": "Person"}).text.replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("nobody at all", "Nobody fits."),
        ("  ", "Enter a part of a name, a phone number or an address."),
        ("a\0b", "Null characters are not allowed."),
    ],
)
def test_what_finds_nobody_gets_a_sentence(admin_client: Client, typed: str, words: str):
    join(make_class(), 1)
    response = admin_client.get(f"{PEOPLE}find/", {"q": typed})
    assert words in response.text
    assert "Person 1" not in response.text


def test_three_found_people_take_as_many_queries_as_one(admin_client: Client):
    counts = []
    for people in (("a",), ("b", "c")):
        for person in people:
            join(make_class(), person)
        path = f"{PEOPLE}find/?q=person"
        admin_client.get(path)
        with CaptureQueriesContext(connection) as captured:
            found = len(admin_client.get(path).context["people"])
        counts.append((found, len(captured)))
    assert [found for found, _ in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]


# The list.


def test_the_list_of_one_class_leads_to_what_is_done_with_all_its_people(admin_client: Client):
    scheduled_class = make_class(taken=1)
    page = admin_client.get(PEOPLE, {"class": scheduled_class.pk})
    assert f"<h1>{scheduled_class}</h1>" in page.text
    for path in [
        page_of(scheduled_class, "add"),
        page_of(scheduled_class, "file"),
        page_of(scheduled_class, "sheet"),
        f"/admin/registrations/message/write/{scheduled_class.pk}/",
    ]:
        assert f'href="{path}"' in page.text
    assert [len(row) for row in rows(page)] == [5]


def test_the_list_is_filtered_by_role_and_by_what_helps(admin_client: Client):
    scheduled_class = make_class()
    for name, fields in {"a": {"access_needs": "Captions"}, "b": {"role": "provider"}}.items():
        answers = make_answers(name, **fields)
        seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=NOW)
    for asked, name in [
        ({"needs": "yes"}, "Person a"),
        ({"needs": "no"}, "Person b"),
        ({"role__exact": "provider"}, "Person b"),
    ]:
        response = admin_client.get(PEOPLE, asked)
        assert [row.full_name for row in response.context["cl"].result_list] == [name]
        assert "Captions" not in response.text


def test_people_of_one_class_are_ticked_on_the_page_to_write_to_them(admin_client: Client):
    scheduled_class = make_class()
    ana = join(scheduled_class, "ana")
    join(scheduled_class, "ben")
    elsewhere = join(make_class(), "cleo")
    data = {"action": "write_to_them", "_selected_action": [ana.pk]}
    page = admin_client.post(PEOPLE, data, follow=True)
    assert f'value="{ana.pk}" id="id_people_0" checked' in page.text
    assert page.text.count(" checked") == 1
    refused = admin_client.post(
        PEOPLE, data | {"_selected_action": [ana.pk, elsewhere.pk]}, follow=True
    )
    assert [str(said) for said in refused.context["messages"]] == [
        "These are people of several classes. Show one class, then choose."
    ]


def test_a_thousand_people_are_ticked_and_written_to(admin_client: Client):
    """Their keys would fill an address ten times over."""
    scheduled_class = make_class()
    people = Registration.objects.bulk_create(
        Registration(
            scheduled_class=scheduled_class,
            full_name=f"Person {number}",
            email=f"{number}@peers.test",
            email_key=f"{number}@peers.test",
            status=Registration.Status.CONFIRMED,
            proved_at=NOW,
            created_at=NOW,
        )
        for number in range(1000)
    )
    Seats.objects.filter(pk=scheduled_class.pk).update(capacity=1000, taken=1000, open=0)
    keys = [str(person.pk) for person in people]
    data = {"action": "write_to_them", "_selected_action": keys[:1], "select_across": "1"}
    leads = admin_client.post(f"{PEOPLE}?class={scheduled_class.pk}", data)
    path = f"/admin/registrations/message/write/{scheduled_class.pk}/?ticked"
    assert leads.headers["Location"] == path
    form = admin_client.get(path).context["form"]
    assert sorted(form["people"].value()) == sorted(keys)
    assert form["to"].value() == []
    typed = {"key": str(form["key"].value()), "subject": "{dates}", "body": "Bring a pen."}
    acted(admin_client, path, typed | {"people": keys[:-1]})
    assert Letter.objects.filter(kind=Letter.Kind.MESSAGE).count() == 999
    assert not people[-1].letters.exists()


# Adding.


def added(**fields: Any) -> dict[str, Any]:
    return {
        "full_name": "Maria Lopez",
        "email": "maria@home.test",
        "role": "peer",
        "language": "en",
        **fields,
    }


def test_somebody_staff_spoke_with_has_a_seat_at_once(admin_client: Client):
    scheduled_class = make_class()
    preview = admin_client.post(page_of(scheduled_class, "add"), added())
    assert "Add them and tell 1 person" in preview.text
    assert not Registration.objects.exists()
    response = acted(admin_client, page_of(scheduled_class, "add"), added())
    maria = Registration.objects.get()
    assert response.redirect_chain == [(f"{PEOPLE}{maria.pk}/change/", 302)]
    assert (maria.status, maria.name_key) == ("confirmed", "maria lopez")
    assert (letters_to(maria), maria.events.get().by_user) == (["confirmed"], User.objects.get())
    assert numbers(scheduled_class) == (1, 23, 0)


def test_somebody_is_added_to_the_line_of_a_full_class(admin_client: Client):
    scheduled_class = make_class(capacity=1, taken=1)
    acted(admin_client, page_of(scheduled_class, "add"), added())
    assert Registration.objects.get(full_name="Maria Lopez").status == "waitlisted"


def test_a_second_person_shares_an_address_when_staff_say_so(admin_client: Client):
    scheduled_class = make_class()
    path = page_of(scheduled_class, "add")
    nobody = acted(admin_client, path, added(shares_address="on"))
    assert problems(nobody) == {
        "shares_address": ["Nobody registered for this class has this address. Take the tick out."]
    }
    acted(admin_client, path, added())
    again = added(full_name="Jo Lopez")
    before = tables()
    refused = acted(admin_client, path, again)
    assert list(problems(refused)) == ["email"]
    assert 'value="Jo Lopez"' in refused.text
    assert tables() == before
    acted(admin_client, path, again | {"shares_address": "on"})
    assert Registration.objects.get(full_name="Jo Lopez").shares_address
    third = acted(admin_client, path, added(full_name="Al Lopez", shares_address="on"))
    assert list(problems(third)) == ["email"]
    assert len(statuses(scheduled_class)) == 1
    assert numbers(scheduled_class)[0] == 2


def test_nobody_is_added_to_a_cancelled_class(admin_client: Client):
    scheduled_class = make_class(status="cancelled")
    response = acted(admin_client, page_of(scheduled_class, "add"), added())
    assert problems(response) == {"__all__": ["The class is cancelled: it takes nobody."]}
    assert not Registration.objects.exists()


# The sheet.


def test_the_sheet_has_a_name_and_a_box_for_each_day(admin_client: Client):
    scheduled_class = make_class()
    answers = make_answers(1, access_needs="Captions", phone="303 555 0123")
    seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=NOW)
    seats.answer(registration=person_in(scheduled_class, 1), now=NOW)
    register(scheduled_class, "silent")
    page = admin_client.get(page_of(scheduled_class, "sheet"))
    assert rows(page) == [["Person 1", "", ""]]
    for private in [answers.email, answers.phone, "Captions"]:
        assert private not in page.text
    day = scheduled_class.meetings[0]
    one = admin_client.get(page_of(scheduled_class, "sheet"), {"day": day.pk, "needs": "1"})
    assert rows(one) == [["Person 1", "Captions", ""]]
    nowhere = admin_client.get(page_of(scheduled_class, "sheet"), {"day": "x"})
    assert rows(nowhere) == [["Person 1", "", ""]]


# The file.


def taken(
    client: Client, scheduled_class: ScheduledClass, *columns: str, who: str = "all"
) -> bytes:
    data = {"columns": list(columns), "who": who}
    response: Any = client.post(page_of(scheduled_class, "file"), data)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in response.headers["Cache-Control"]
    return b"".join(response.streaming_content)


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_file_is_what_excel_opens_rightly(admin_client: Client):
    scheduled_class = make_class()
    answers = make_answers(1, full_name='Nguyễn "Hoa", Thị', access_needs="Captions\nand breaks")
    seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=NOW)
    content = taken(admin_client, scheduled_class, "full_name", "access_needs", "email")
    assert content.startswith(b'\xef\xbb\xbf"Name"')
    assert content.endswith(b'"\r\n')
    assert cells(content) == [
        ["Name", "What helps them take part", "Email address"],
        ['Nguyễn "Hoa", Thị', "Captions\nand breaks", "person-1@peers.test"],
    ]


@pytest.mark.parametrize(
    "typed",
    ["=1+1", "+1 303 555 0123", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＠x"],
)
def test_a_cell_that_would_be_a_formula_is_text(typed: str):
    assert spreadsheets.harmless(typed) == f"'{typed}"


@pytest.mark.parametrize("typed", ["Maria Lopez", "303 555 0123", "a=1", "'=1", "", "12"])
def test_a_cell_that_is_none_stays_as_it_is(typed: str):
    assert spreadsheets.harmless(typed) == typed


def test_a_name_that_begins_like_a_formula_is_text_in_the_file(admin_client: Client):
    scheduled_class = make_class()
    answers = make_answers(1, full_name='=HYPERLINK("https://evil.test")')
    seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=NOW)
    [_head, [name]] = cells(taken(admin_client, scheduled_class, "full_name"))
    assert name == '\'=HYPERLINK("https://evil.test")'


def test_the_history_of_the_class_keeps_who_took_what(admin_client: Client):
    scheduled_class = make_class(taken=2)
    register(scheduled_class, "silent")
    assert len(cells(taken(admin_client, scheduled_class, "full_name", "phone", who="seated"))) == 3
    page = admin_client.get(f"/admin/courses/scheduledclass/{scheduled_class.pk}/history/").text
    assert "admin added the file “2 people: Name, Phone”" in page


def test_looking_at_the_page_takes_nothing_and_a_choice_of_nothing_is_refused(
    admin_client: Client,
):
    scheduled_class = make_class(taken=1)
    before = tables()
    page = admin_client.get(page_of(scheduled_class, "file"))
    assert "seated-1@peers.test" not in page.text
    response = admin_client.post(page_of(scheduled_class, "file"), {"who": "all"})
    assert problems(response) == {"columns": ["Choose at least one column."]}
    assert tables() == before


def test_a_file_of_three_takes_as_many_queries_as_a_file_of_one(admin_client: Client):
    scheduled_class = make_class(taken=1)
    taken(admin_client, scheduled_class, *exporting.COLUMNS)
    counts = []
    for more in ((), (1, 2)):
        for person in more:
            join(scheduled_class, person)
        with CaptureQueriesContext(connection) as captured:
            content = taken(admin_client, scheduled_class, *exporting.COLUMNS)
        counts.append((len(cells(content)) - 1, len(captured)))
    assert [people for people, _ in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]


def test_who_may_look_and_not_take_gets_no_file(client: Client, django_user_model: type[User]):
    scheduled_class = make_class(taken=1)
    user = django_user_model.objects.create_user("looks", is_staff=True)
    client.force_login(user)
    before = tables()
    response = client.post(page_of(scheduled_class, "file"), {"columns": ["email"], "who": "all"})
    assert response.status_code == 403
    assert tables() == before
