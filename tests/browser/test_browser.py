import json

from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.factories import make_class


def test_chromium_reaches_the_site(any_page: Page):
    any_page.goto("/healthz")
    assert any_page.locator("body").inner_text().strip() == "ok"


def test_a_page_runs_no_scripts_unless_asked(page: Page):
    page.set_content("<p>before</p><script>document.body.innerText = 'after'</script>")
    assert page.locator("body").inner_text().strip() == "before"


def test_the_site_has_connections_of_its_own(live_server: LiveServer):
    assert not live_server.thread.connections_override


def test_data_for_search_engines_meets_no_refusal(scripted_page: Page):
    """The strict policy forbids every script; what no browser runs is none."""
    call_command("load_content", verbosity=0)
    path = make_class().get_absolute_url()
    said: list[str] = []
    scripted_page.on("console", lambda message: said.append(message.text))
    scripted_page.on("pageerror", lambda error: said.append(str(error)))
    for address in ["/", path]:
        answer = scripted_page.goto(address)
        assert answer is not None
        assert answer.headers["content-security-policy"].startswith("default-src 'none';")
        data = scripted_page.locator('script[type="application/ld+json"]')
        assert json.loads(data.text_content() or "")["hasCourseInstance"]
    assert said == []


def test_enter_in_the_form_checks_the_answers_and_chooses_no_light(page: Page):
    """The buttons of the display choice stand before it and send the same form."""
    call_command("load_content", verbosity=0)
    page.goto(f"{make_class().get_absolute_url()}register/")
    page.get_by_label("Full name").fill("Maria de la Cruz")
    page.get_by_label("Email address").fill("maria@peers.test")
    page.get_by_label("Peer specialist", exact=False).first.check()
    page.get_by_label("Full name").press("Enter")
    assert page.locator("h1").inner_text() == "Check your answers"
    assert "display" not in {cookie["name"] for cookie in page.context.cookies()}
