"""A person who reads Spanish: from the form to the last mail, and back to English when they ask."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from courses.models import ScheduledClass
from registrations.links import token_for
from registrations.models import InterestSignup, Letter, LetterText, Registration
from registrations.services.delivery import deliver_due
from tests.factories import make_class
from tests.registrations.people import join
from tests.registrations.test_registering import TYPED, signed_in

pytestmark = pytest.mark.django_db


def deliver() -> EmailMultiAlternatives:
    """The worker's round; returns the newest mail."""
    now = timezone.now()
    deliver_due(clock=lambda: now)
    newest = mail.outbox[-1]
    assert isinstance(newest, EmailMultiAlternatives)
    return newest


def parts(message: EmailMultiAlternatives) -> dict[str, str]:
    return {str(kind): str(content) for content, kind in message.alternatives}


def link_in(message: EmailMultiAlternatives) -> str:
    found = re.search(r"http://testserver(/\S+)", str(message.body))
    assert found
    return found[1]


def register_in_spanish(client: Client, scheduled_class: ScheduledClass) -> Any:
    form = f"/es/classes/{scheduled_class.slug}/register/"
    checked = client.post(f"{form}check/", TYPED)
    assert f'action="{form}sent/"' in checked.text
    return client.post(f"{form}sent/", {"answers": signed_in(checked)}, follow=True)


def test_the_whole_way_is_spanish_and_so_is_all_mail(client: Client) -> None:
    scheduled_class = make_class(what_to_bring_es="Un cuaderno.", what_to_bring_en="A notebook.")
    sent = register_in_spanish(client, scheduled_class)
    assert sent.redirect_chain == [(f"/es/classes/{scheduled_class.slug}/register/sent/", 302)]
    assert '<html lang="es"' in sent.text

    offered = deliver()
    assert offered.subject == "Responda a más tardar el viernes, 6:00 p. m., hora de la Montaña"
    link = link_in(offered)
    assert link.startswith("/es/registrations/")
    assert '<html lang="es">' in parts(offered)["text/html"]

    taken = client.post(f"{link}take/")
    assert taken["location"] == link
    seat = deliver()
    assert "Sábado 16 de enero de 2027" in str(seat.body).replace("sábado", "Sábado")
    assert "Un cuaderno." in str(seat.body)
    assert "A notebook." not in str(seat.body)
    [first, *_] = [words for kind, words in parts(seat).items() if kind.startswith("text/calendar")]
    assert "Tiene un lugar" in first.replace("\r\n ", "")


def test_words_that_have_no_spanish_yet_reach_the_mail_in_english(client: Client) -> None:
    scheduled_class = make_class(what_to_bring_en="A notebook & a pen.")
    register_in_spanish(client, scheduled_class)
    client.post(f"{link_in(deliver())}take/")
    assert "A notebook & a pen." in str(deliver().body)


def test_a_person_changes_the_language_of_their_mail(client: Client) -> None:
    person = join(make_class(), 1)
    deliver()
    page = f"/es/registrations/{token_for(person)}/"
    assert "Idioma de nuestro correo" in html.unescape(client.get(page).text)
    assert '<span lang="en">English</span>' in client.get(f"{page}details/").text
    typed = {"full_name": person.full_name, "language": "es"}
    assert client.post(f"{page}details/", typed)["location"] == page
    client.post(f"{page}renew/")
    letter = deliver()
    assert link_in(letter).startswith("/es/registrations/")
    refused = client.post(f"{page}details/", typed | {"language": "fr"})
    assert "Elija el idioma" in html.unescape(refused.text)
    assert Registration.objects.get().language == "es"


def test_staff_s_own_words_of_a_letter_are_of_one_language(client: Client) -> None:
    LetterText.objects.create(
        kind=Letter.Kind.HELD, language="es", subject="Hola: {dates}", body="Hola.", button="Abrir"
    )
    scheduled_class = make_class()
    join(scheduled_class, 1)
    english = deliver()
    register_in_spanish(client, scheduled_class)
    spanish = deliver()
    assert "Hola" not in english.subject
    assert spanish.subject == "Hola: 16 y 23 de enero de 2027"


def sign_up(client: Client, address: str) -> Any:
    return client.post("/es/interest/", {"email": address})


def known(client: Client) -> None:
    client.post("/interest/", {"email": "maria@peers.test"})


@pytest.mark.parametrize("before", [lambda client: None, known], ids=["new", "known"])
def test_news_comes_in_the_language_of_the_page(
    client: Client, before: Callable[[Client], None]
) -> None:
    before(client)
    answer = sign_up(client, "maria@peers.test")
    assert (answer.status_code, answer["location"]) == (302, "/es/interest/sent/")
    assert InterestSignup.objects.get().language == "es"
    letter = deliver()
    assert link_in(letter).startswith("/es/interest/confirm/")
    confirmed = client.post(link_in(letter), follow=True)
    assert '<html lang="es"' in confirmed.text


def test_no_key_of_a_spanish_page_is_written_down() -> None:
    from registrations.redaction import without_links

    token = token_for(join(make_class(), 1))
    assert token not in without_links(f"GET /es/registrations/{token}/ 500")
