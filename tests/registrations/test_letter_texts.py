"""Staff change the words of a letter, see how it will read, and can go back."""

import html
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import ScheduledClass
from registrations.letters.placeholders import problem_of, problem_of_subject
from registrations.letters.words import WORDS, words_of
from registrations.models import Letter, LetterText
from registrations.services import scheduling
from registrations.services.class_changes import Snapshot, tell_changes
from registrations.services.delivery import deliver_due
from registrations.services.seats import SITE
from tests.admin_forms import errors, filled_in
from tests.factories import NOW, make_class, make_meeting
from tests.registrations.people import join, register

LIST = "/admin/registrations/lettertext/"
KINDS = [kind for kind in Letter.Kind if kind in WORDS]

pytestmark = pytest.mark.django_db


def add(kind: str) -> str:
    return f"{LIST}add/?kind={kind}&language=en"


def preview(kind: str) -> str:
    return f"{LIST}preview/{kind}/en/"


def typed(kind: str = "confirmed", **words: str) -> dict[str, str]:
    words = {"subject": "Your class on {dates}", "body": "Hello.", "button": "Open"} | words
    return {"kind": kind, "language": "en"} | words


def change(client: Client, kind: str = "confirmed", **words: str) -> Any:
    return client.post(add(kind), typed(kind, **words), follow=True)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def text_of(mail_text: object) -> str:
    return str(mail_text).replace("\N{NO-BREAK SPACE}", " ")


# The list and the form.


def test_the_list_shows_every_letter_and_which_staff_have_changed(admin_client: Client):
    change(admin_client, "held", subject="Please answer")
    page = admin_client.get(LIST).text
    for kind in KINDS:
        assert html.escape(kind.label) in page
    assert page.count("Changed by staff") == 1
    assert page.count("As they came") == 2 * len(KINDS) - 1
    assert "Please answer" in page


def test_the_list_takes_the_same_queries_however_many_are_changed(admin_client: Client):
    counts = []
    for kinds in (["held"], ["line", "offered", "changed"]):
        for kind in kinds:
            LetterText.objects.create(kind=kind, subject="S", body="B", button="Go")
        admin_client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(LIST)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", KINDS)
def test_changing_a_letter_begins_with_its_present_words_which_can_be_saved(
    admin_client: Client, kind: str
):
    page = filled_in(admin_client, add(kind))
    words = WORDS[kind]
    assert page["subject"] == words.subject
    assert page["body"] == "\n\n".join(str(paragraph) for paragraph in words.paragraphs)
    assert page.get("button", "") == words.button
    assert errors(admin_client.post(add(kind), page)) == {}
    row = LetterText.objects.get()
    assert (row.kind, row.language) == (kind, "en")
    saved = words_of(kind)
    assert (saved.subject, saved.button) == (words.subject, words.button)
    assert saved.paragraphs == tuple(str(paragraph) for paragraph in words.paragraphs)


def test_the_placeholders_stand_beside_the_form_with_what_they_stand_for(admin_client: Client):
    page = admin_client.get(add("held")).text
    for shown in ["{dates}", "January 16 and 23, 2027", "{what_to_bring}", "{other_classes}"]:
        assert shown in page


def test_a_letter_with_changed_words_is_not_added_a_second_time(admin_client: Client):
    change(admin_client)
    row = LetterText.objects.get()
    response = admin_client.get(add("confirmed"))
    assert response.headers["Location"] == f"{LIST}{row.pk}/change/"
    sentence = "This letter has changed words already. Edit those."
    assert errors(admin_client.post(add("confirmed"), typed())) == {"__all__": [sentence]}


@pytest.mark.parametrize("query", ["", "?kind=nosuch&language=en", "?kind=held&language=xx"])
def test_a_letter_that_is_not_there_leads_back_to_the_list(admin_client: Client, query: str):
    assert admin_client.get(f"{LIST}add/{query}").headers["Location"] == LIST


@pytest.mark.parametrize("other", [{"kind": "nosuch"}, {"language": "xx"}, {"kind": ""}])
def test_a_letter_that_is_not_there_is_not_saved(admin_client: Client, other: dict[str, str]):
    assert errors(admin_client.post(add("confirmed"), typed() | other)) != {}
    assert not LetterText.objects.exists()


# What is refused.

NO_SUCH = "There is no placeholder {%s}. The list shows all there are."
BROKEN = "A placeholder begins with { and ends with }. Look at: %s"
REFUSED = [
    ("body", "On {nosuch}.", NO_SUCH % "nosuch"),
    ("body", "On {x.y}.", NO_SUCH % "x.y"),
    ("body", "On {dates.__class__}.", NO_SUCH % "dates.__class__"),
    ("body", "On {Dates}.", NO_SUCH % "Dates"),
    ("body", "On { dates }.", NO_SUCH % " dates "),
    ("body", "On {}.", NO_SUCH % ""),
    ("body", "On {dates", BROKEN % "{dates"),
    ("body", "On dates}", BROKEN % "}"),
    ("body", "On {{dates}}.", BROKEN % "{}."),
    ("subject", "On {dates", BROKEN % "{dates"),
    ("subject", "On {nosuch}", NO_SUCH % "nosuch"),
    ("button", "Open {dates}", "The button holds words alone, no placeholder."),
    ("button", "Open {", "The button holds words alone, no placeholder."),
]


@pytest.mark.parametrize(("field", "text", "sentence"), REFUSED)
def test_a_broken_placeholder_is_refused_at_its_field_by_name(
    admin_client: Client, field: str, text: str, sentence: str
):
    response = change(admin_client, **{field: text})
    assert errors(response) == {field: [sentence]}
    assert html.escape(text) in response.text
    assert not LetterText.objects.exists()


@pytest.mark.parametrize(
    "subject",
    [
        "Benzodiazepine class",
        "Your BIND class",
        "Recovering together",
        "Your taper",
        "About your medication",
        "Your recovery class on {dates}",
    ],
)
def test_a_subject_that_names_the_topic_is_refused(admin_client: Client, subject: str):
    [sentence] = errors(change(admin_client, subject=subject))["subject"]
    assert "tells others what the course is about. Name the dates instead." in sentence
    assert not LetterText.objects.exists()


def test_words_that_only_hold_such_a_word_are_fine():
    assert problem_of_subject("A binding answer by {answer_by_short}") == ""


@pytest.mark.parametrize("name", ["changes", "cancelled", "join", "standing", "what_to_bring"])
def test_a_subject_holds_dates_and_nothing_longer_or_private(admin_client: Client, name: str):
    response = change(admin_client, subject=f"News: {{{name}}}")
    allowed = "{dates}, {class}, {answer_by}, {answer_by_short}"
    sentence = f"A subject can hold these placeholders alone: {allowed}"
    assert errors(response) == {"subject": [sentence]}


def test_a_subject_is_one_line(admin_client: Client):
    change(admin_client, subject="Your class\r\nBcc: everyone@peers.test")
    assert LetterText.objects.get().subject == "Your class Bcc: everyone@peers.test"


def test_no_built_in_letter_would_be_refused():
    for words in WORDS.values():
        assert problem_of_subject(str(words.subject)) == ""
        assert [problem_of(str(text)) for text in words.paragraphs if problem_of(str(text))] == []


def test_staff_read_which_placeholders_their_words_no_longer_have(admin_client: Client):
    response = change(admin_client, "morning", body="{session} See you there.")
    assert said(response)[0] == (
        "These words no longer say: {join}, {what_to_bring}. Leave it so if that is meant."
    )


# What goes out.


def deliver() -> str:
    """The words of the newest mail."""
    mail.outbox.clear()
    deliver_due(clock=lambda: NOW)
    return text_of(mail.outbox[-1].body)


def test_changed_words_go_out_and_deleting_them_brings_the_old_ones_back(admin_client: Client):
    change(admin_client, body="Welcome.\r\n\r\nSee you on {dates}.", button="To my page")
    scheduled_class = make_class()
    join(scheduled_class, 1)
    words = deliver()
    assert words.startswith("Welcome.\n\nSee you on January 16 and 23, 2027.\n\nTo my page:\n")
    admin_client.post(f"{LIST}{LetterText.objects.get().pk}/delete/", {"post": "yes"})
    join(scheduled_class, 2)
    assert deliver().startswith("You have a seat. Day 1 is Saturday, January 16, 2027")


def test_changed_words_are_changed_once_more(admin_client: Client):
    change(admin_client)
    path = f"{LIST}{LetterText.objects.get().pk}/change/"
    assert errors(admin_client.post(path, filled_in(admin_client, path, body="New."))) == {}
    assert words_of("confirmed").paragraphs == ("New.",)


def test_a_letter_without_a_button_asks_for_no_words_on_it(admin_client: Client):
    assert "button" not in filled_in(admin_client, add("old_address"))
    assert errors(change(admin_client, "old_address", button="Press")) == {}
    assert words_of("old_address").button == ""
    row = LetterText.objects.get()
    assert "button" not in filled_in(admin_client, f"{LIST}{row.pk}/change/")


def test_several_changes_stay_paragraphs_in_changed_words(admin_client: Client):
    change(admin_client, "changed", body="Please read this.\n\n{changes}\n\nThank you.")
    scheduled_class = make_class()
    join(scheduled_class, 1)
    deliver()
    before = Snapshot.of(scheduled_class)
    make_meeting(scheduled_class, ScheduledClass.objects.get().meetings[1].starts_at.date())
    ScheduledClass.objects.update(join_link="https://meet.example.org/new")
    tell_changes(scheduled_class=scheduled_class, before=before, now=NOW)
    parts = deliver().split("\n\n")
    assert parts[0] == "Please read this."
    assert parts[1].startswith("There is one more day: Saturday, January 23, 2027")
    assert parts[2] == "The link to join has changed. The new one stands on your page."
    assert parts[3] == "Thank you."


def test_a_cancelled_class_says_what_else_is_open_in_changed_words(admin_client: Client):
    change(admin_client, "class_cancelled", body="No class on {dates}.\n\n{other_classes}")
    scheduled_class, other = make_class(), make_class(delivery="in_person", address="A hall")
    join(scheduled_class, 1)
    scheduling.cancel_class(scheduled_class=scheduled_class, actor=SITE, now=NOW)
    words = deliver()
    assert "No class on January 16 and 23, 2027." in words
    assert other.get_absolute_url() in words


def test_what_staff_write_is_shown_as_text(admin_client: Client):
    change(admin_client, body="<b>Bold</b> & {dates}")
    join(make_class(), 1)
    deliver()
    part, _ = vars(mail.outbox[-1])["alternatives"][0]
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; January" in str(part)


def test_words_that_break_a_rule_that_came_later_do_not_stop_the_letter(
    caplog: pytest.LogCaptureFixture,
):
    LetterText.objects.create(
        kind="confirmed", subject="S", body="On {an_old_placeholder}.", button="Go"
    )
    join(make_class(), 1)
    assert deliver().startswith("You have a seat.")
    assert "The changed words of the letter 'confirmed' are not used" in caplog.text


# Who may.


def test_who_may_only_look_sees_the_words_and_changes_none(
    client: Client, django_user_model: type[User]
):
    make_class()
    user = django_user_model.objects.create_user("looks", is_staff=True)
    client.force_login(user)
    for path in (LIST, preview("held")):
        assert client.get(path).status_code == 403
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(django_user_model.objects.get(pk=user.pk))
    page = client.get(LIST)
    assert page.status_code == 200
    assert "?kind=" not in page.text
    assert client.get(preview("held")).status_code == 200
    assert client.post(add("held"), typed("held")).status_code == 403
    assert not LetterText.objects.exists()


def test_the_words_are_no_stranger_s_business(client: Client):
    for path in (LIST, add("held"), preview("held")):
        assert "/admin/login/" in client.get(path).headers["Location"]
    register(make_class(), 1)
    assert "/admin/login/" in client.post(preview("held"), typed("held")).headers["Location"]
