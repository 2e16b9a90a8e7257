"""The site's settings for its tests. Nothing from `.env` or the shell reaches them."""

import os
from pathlib import Path

TEST_DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
RUN_DIR = Path(os.environ.get("TEST_RUN_DIR", "var/test"))

os.environ.update(
    DOTENV=os.devnull,
    SECRET_KEY="for-tests-only",
    SECRET_KEY_FALLBACKS="",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    SITE_URL=os.environ.get("TEST_SITE_URL", "http://testserver"),
    DEFAULT_FROM_EMAIL="Peer Support Training <training@peers.test>",
    DEBUG="",
    DATABASE_URL=f"sqlite:///{RUN_DIR / 'site.sqlite3'}",
    EMAIL_HOST="",
    EMAIL_PORT="587",
    EMAIL_HOST_USER="",
    EMAIL_HOST_PASSWORD="",
    EMAIL_USE_TLS="1",
    RETURNED_MAIL_DIR=str(RUN_DIR / "returned-mail"),
    RETURNED_MAIL_SECRET="",
)
if TEST_DATABASE == "postgres":
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
for name in [name for name in os.environ if name.endswith("_FILE")]:
    del os.environ[name]

from bawg_site.settings import *  # noqa: E402, F403  # the environment above comes first
from bawg_site.settings import DATABASES, LOGGING, STORAGES  # noqa: E402

if TEST_DATABASE == "postgres":
    # The test database cannot be dropped while a server's thread still holds a connection.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
else:
    # A file, so that threads have connections of their own and race as they do on the site.
    # The name above must be a file too, or the live server shares the connection of the test.
    DATABASES["default"]["TEST"] = {"NAME": str(RUN_DIR / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
EMAIL_FILE_PATH = RUN_DIR / "mail"
LAST_COPIES_DIR = RUN_DIR / "last-copies"
LOGGING["root"]["level"] = "WARNING"
# Python's development mode tells of every slow step of the browser's own loop.
LOGGING["loggers"]["asyncio"] = {"level": "ERROR"}
