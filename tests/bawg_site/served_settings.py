"""The tests' settings for a site in a process of its own, on the database of one test."""

import os

from tests.settings import *  # noqa: F403  # all of them, and then what differs
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["SITE_PROCESS_DATABASE"]
# A test that takes the database away does not wait for it as people would.
DATABASES["default"].get("OPTIONS", {}).pop("timeout", None)
WEB_CONCURRENCY = 1
# With an https address it is production, and its address, mail and key are the tests' all the same.
SILENCED_SYSTEM_CHECKS = ["bawg_site.E002", "bawg_site.E003", "bawg_site.E004"]
