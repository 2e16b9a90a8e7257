"""Make every picture of the documents anew: `make pictures`."""

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.tools import CHROMIUM
from tests.pictures import desk, public
from tests.pictures.site import site

with site() as address, sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    public.make(chromium, address)
    desk.make(chromium, address)
    chromium.close()
