from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer


def test_chromium_reaches_the_site(any_page: Page):
    any_page.goto("/healthz")
    assert any_page.locator("body").inner_text().strip() == "ok"


def test_a_page_runs_no_scripts_unless_asked(page: Page):
    page.set_content("<p>before</p><script>document.body.innerText = 'after'</script>")
    assert page.locator("body").inner_text().strip() == "before"


def test_the_site_has_connections_of_its_own(live_server: LiveServer):
    assert not live_server.thread.connections_override
