"""What a script or a stranger sends: nonsense to every address, and harm in every field."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from registrations.links import interest_leave_link, new_address_link, token_for
from registrations.models import InterestSignup, Registration
from registrations.services import interest
from registrations.services.delivery import deliver_due
from registrations.services.details import answer_link_requests
from tests.bawg_site import addresses
from tests.factories import NOW
from tests.registrations import test_roles
from tests.registrations.people import join
from tests.registrations.test_own_page import page_of, tables
from tests.registrations.test_registering import check, signed_in
from tests.registrations.test_registering import path as path_to
from tests.registrations.test_roles import CHIEF, client_of

pytestmark = pytest.mark.django_db

world = test_roles.world

#: A sign that PostgreSQL refuses, one that is none, one that turns text around, and markup.
NONSENSE = "\x00<script>\u202e\uffff\r\nBcc: x@evil.test'\"%s{{7*7}}" + "ä" * 300
QUERY = (
    "?q=%00&p=-1&o=9.x.-1&e=1&all=&next=//evil.test&number=%00%ff&list_filter=%ff&stage=%00"
    "&from=99999999999999999999&kind=%00&language=%00&_popup=%00&pk__exact=%00&status=%00"
)
MULTIPART = "multipart/form-data; boundary=x"

Ask = Callable[[Client, str], Any]

#: Django's own field with a search breaks on a key of one that is no number. Staff alone see it.
DJANGOS_OWN = re.compile(r"-instructor$")


def fields(page: str) -> set[str]:
    names = re.findall(r'<(?:input|textarea|select|button)[^>]*? name="([^"]+)"', page)
    return {name for name in names if not DJANGOS_OWN.search(name)}


def filled_with_nonsense(client: Client, path: str) -> Any:
    page = client.get(path)
    names = fields(page.text) if "html" in page.headers.get("Content-Type", "") else set()
    return client.post(path, dict.fromkeys(names | {"next", "to", "action"}, NONSENSE))


ASKS: dict[str, Ask] = {
    "query": lambda client, path: client.get(path + QUERY),
    "fields": filled_with_nonsense,
    "no form": lambda client, path: client.post(path, b"\xff\x00{", "application/json"),
    "half a form": lambda client, path: client.post(path, b"--x\r\nnothing", MULTIPART),
    "verb": lambda client, path: client.generic("PROPFIND", path, b"\x00"),
}


def faults(client: Client, paths: Iterable[str], kinds: Iterable[str]) -> list[str]:
    found = []
    for path, kind in itertools.product(paths, kinds):
        with transaction.atomic():
            try:
                status = ASKS[kind](client, path).status_code
            except Exception as problem:
                status = f"{type(problem).__name__}: {problem}"[:200]
            transaction.set_rollback(True)
        if path != "/readyz" and (not isinstance(status, int) or status >= 500):
            found.append(f"{kind}: {path}: {status}")
    return found


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "django")


@pytest.mark.once
def test_nonsense_for_any_public_address_is_no_fault_of_ours(world: SimpleNamespace) -> None:
    assert faults(Client(), addresses.public(world), ASKS) == []


def test_nonsense_in_the_address_of_a_list_of_the_desk_is_no_fault_of_ours(
    world: SimpleNamespace,
) -> None:
    lists = [path for path in addresses.staff(world) if path.count("/") == 4 or "find" in path]
    assert faults(client_of(CHIEF, world), lists, ["query"]) == []


def test_nonsense_for_the_pages_of_signing_in_is_no_fault_of_ours() -> None:
    assert faults(Client(), addresses.signing_in(), ASKS) == []


@pytest.mark.prove
def test_nonsense_from_staff_is_no_fault_of_ours(world: SimpleNamespace) -> None:
    found = faults(client_of(CHIEF, world), addresses.staff(world), ["query", "fields", "no form"])
    assert found == []


def test_a_form_of_too_many_fields_or_that_breaks_off_is_answered_by_a_page() -> None:
    client = Client()
    many = "&".join(f"a{n}=" for n in range(8_001))
    broken = [
        client.post("/interest/", many, "application/x-www-form-urlencoded"),
        client.post("/interest/", b"", "multipart/form-data"),
        client.post("/interest/", b"--x\r\nnothing", MULTIPART),
    ]
    for answer in broken:
        assert answer.status_code in {200, 400}
        assert "<h1>" in answer.text
    assert broken[0].status_code == 400
    assert "We could not read this." in broken[0].text


@pytest.mark.parametrize(
    "path", ["/static/../manage.py", "/static/%2e%2e/manage.py", "/static//etc/passwd", "/%ff%00/"]
)
def test_no_path_leads_out_of_the_static_files(path: str) -> None:
    assert Client().get(path).status_code == 404


def test_a_host_that_is_not_ours_is_refused_and_gets_into_no_mail(
    settings: Any, make_class: Any
) -> None:
    elsewhere = {"host": "evil.test"}
    assert Client().get("/registrations/link/", headers=elsewhere).status_code == 400
    forwarded = {"x-forwarded-host": "evil.test", "forwarded": "host=evil.test"}
    scheduled_class = make_class()
    for path in ("/", "/sitemap.xml", "/robots.txt", scheduled_class.get_absolute_url()):
        assert "evil.test" not in Client().get(path, headers=forwarded).text
    person = join(scheduled_class, 1)
    Client().post("/registrations/link/", {"email": person.email}, headers=forwarded)
    answer_link_requests(NOW)
    deliver_due()
    assert len(mail.outbox) >= 1
    assert "evil.test" not in str([message.message() for message in mail.outbox])


@pytest.mark.parametrize(
    "way_back",
    ["//evil.test", "https://evil.test/", "/\\evil.test", "javascript:alert(1)", "\x00//evil.test"],
)
def test_no_way_back_leads_to_another_site(way_back: str) -> None:
    answer = Client().post("/display/", {"light": "dim", "next": way_back})
    assert answer["Location"] in {"/", ""}
    User.objects.create_superuser("chief", password="long enough for this")
    typed = {"username": "chief", "password": "long enough for this", "next": way_back}
    assert Client().post("/admin/login/", typed).headers["Location"] == "/admin/"


HARM = "<script>alert(1)</script>\r\nBcc: victim@peers.test {{site}} %s"


def test_harm_in_every_field_of_the_public_forms_reaches_no_page_and_no_mail_unescaped(
    client: Client, make_class: Any
) -> None:
    scheduled_class = make_class()
    typed = {"full_name": HARM, "role": "peer", "access_needs": HARM, "phone": HARM[:25]}
    checked = check(client, scheduled_class, email='"<b>"@peers.test', **typed)
    pages = [checked, check(client, scheduled_class, **typed)]
    signed = {"answers": signed_in(pages[-1])}
    pages.append(client.post(path_to(scheduled_class, "sent/"), signed, follow=True))
    person = Registration.objects.get()
    details = dict.fromkeys(["state", "credential", "credential_number"], HARM[:50])
    client.post(page_of(person, "details/"), typed | details | {"language": "en"})
    deliver_due()
    client.post(page_of(person, "take/"))
    client.post(page_of(person, "share/"), {"full_name": HARM, "role": "peer"})
    pages += [client.get(page_of(person, step)) for step in ("", "details/", "data/")]
    client.force_login(User.objects.create_superuser("chief"))
    pages += [
        client.get("/admin/registrations/registration/"),
        client.get(f"/admin/registrations/registration/{person.pk}/change/"),
        client.get("/admin/registrations/registration/find/", {"q": "<script>alert(1)</script>"}),
    ]
    assert all(page.status_code == 200 for page in pages)
    assert not any("<script>alert" in page.text for page in pages)
    assert "&lt;script&gt;alert" in pages[3].text
    deliver_due()
    for message in mail.outbox:
        whole = message.message()
        assert whole["Bcc"] is None
        assert message.to == [person.email]
        html = [part for part in whole.walk() if part.get_content_type() == "text/html"]
        assert not any("<script" in str(part.get_payload(decode=True)) for part in html)
        calendars = [part for part in whole.walk() if part.get_content_type() == "text/calendar"]
        for part in calendars:
            assert b"\nBcc:" not in bytes(part.get_payload(decode=True)).replace(b"\r", b"")
    assert len(mail.outbox) == 3


def test_a_key_opens_nothing_but_what_it_was_made_for(client: Client, make_class: Any) -> None:
    one, other = (join(make_class(), name) for name in ("one", "other"))
    interest.sign_up(email="news@peers.test", language="en", now=NOW)
    key = token_for(one)
    number, _, signature = key.partition(".")
    forged = [
        token_for(other).split(".")[0] + "." + signature,  # another's number
        f"{number}.{signature[:-2]}",  # cut
        interest_leave_link(InterestSignup.objects.get()).rstrip("/").rpartition("/")[2],
        new_address_link(one, "new@peers.test").rstrip("/").rpartition("/")[2],
        "1-1.", ".", "a" * 3000,
    ]  # fmt: skip
    before = tables()
    keyed = [path for path in (str(p) for p in own_paths()) if "<token>" in path]
    assert len(keyed) > 15
    for path, wrong in itertools.product(keyed, forged):
        answer = client.post(path.replace("<token>", wrong))
        assert answer.status_code in {404, 405, 410}, path
        assert str(one.email) not in answer.text
    assert tables() == before


def own_paths() -> Iterator[str]:
    for route, _ in test_roles.patterns(get_resolver().url_patterns):
        if route.startswith("registrations/<"):
            yield "/" + route.replace("<str:token>", "<token>")
