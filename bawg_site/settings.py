"""Settings. Everything that differs between two installations comes from the environment.

There is one set of settings, and it is the production one: it refuses to start without what it
needs. `make run` writes a `.env` for a machine that has nothing yet.
"""

import logging
import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from bawg_site.environment import check_address, env, needed, number, switch, text

BASE_DIR = Path(__file__).resolve().parent.parent

env.read_env(os.environ.get("DOTENV", BASE_DIR / ".env"))

# What the site writes while it runs. The collected static files are not of it: they belong to the
# code, and a new version brings its own.
VAR_DIR = Path(text("VAR_DIR") or BASE_DIR / "var")

# What production refuses to start without.
SECRET_KEY = needed("SECRET_KEY")
SECRET_KEY_FALLBACKS = [
    key.strip() for key in text("SECRET_KEY_FALLBACKS").split(",") if key.strip()
]
ALLOWED_HOSTS = [host.strip() for host in needed("ALLOWED_HOSTS").split(",")]
SITE_URL = needed("SITE_URL").rstrip("/")
DEFAULT_FROM_EMAIL = needed("DEFAULT_FROM_EMAIL")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
DEBUG = switch("DEBUG", default=False)

if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the site's hosts: * would take every name.")
check_address(SITE_URL, ALLOWED_HOSTS)
# Whether the site is reached by https is said once, by its address.
IS_HTTPS = SITE_URL.startswith("https://")
if DEBUG and IS_HTTPS:
    raise ImproperlyConfigured(
        "DEBUG shows everybody what failed: it is for an http address alone."
    )

INSTALLED_APPS = [
    # Before the site's own, which takes their lists out of the desk again.
    "allauth.account",
    "allauth.mfa",
    "bawg_site",
    "registrations",
    "courses",
    "content",
    "bawg_site.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "django_prose_editor",
]

MIDDLEWARE = [
    "bawg_site.middleware.healthz",
    "bawg_site.kept_pages.kept_pages",
    "bawg_site.middleware.policies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bawg_site.requests.numbered",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bawg_site.middleware.language",
    "bawg_site.middleware.small_requests",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "bawg_site.urls"
WSGI_APPLICATION = "bawg_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bawg_site.context_processors.site",
                "bawg_site.context_processors.interest",
            ],
        },
    },
]

# Database. SQLite is what a newcomer meets, PostgreSQL what the site grows onto.
DATABASE_URL = text("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'site.sqlite3'}"
if not DATABASE_URL.startswith(("sqlite:///", "postgres://", "postgresql://")):
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://.")
try:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
except ValueError as error:
    raise ImproperlyConfigured(f"DATABASE_URL is no address of a database: {error}") from error
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock when a transaction begins, so that a reader who goes on to
    # write cannot be told "database is locked"; writers wait up to 20 s for each other.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Words and times.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "bawg_site" / "locale"]
# Attendance of 500 people on several days is one form with two fields for each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8000

TIME_ZONE = "America/Denver"
USE_TZ = True

# Files.
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "bawg_site.static_files.Storage"},
}
# What browsers and telephones ask for by name at the root, whatever the page says.
WHITENOISE_ROOT = BASE_DIR / "static" / "root"
# No other site has a use for them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Source maps are large and only developers load them: compressing them took most of a first start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

# Copies of public pages that all processes here share, for when the database cannot be reached.
LAST_COPIES_DIR = VAR_DIR / "last-copies"

# Forms: a small template pack of our own, in templates/forms/.
CRISPY_ALLOWED_TEMPLATE_PACKS = ["forms"]
CRISPY_TEMPLATE_PACK = "forms"
CRISPY_FAIL_SILENTLY = False
# An address typed without its scheme is taken for https: what Django 6 does by itself.
FORMS_URLFIELD_ASSUME_HTTPS = True

# Mail. Without a mail server, what is delivered lies in var/mail/ as files to open.
EMAIL_HOST = text("EMAIL_HOST")
EMAIL_PORT = number("EMAIL_PORT", 587, lowest=1, highest=65535)
EMAIL_HOST_USER = text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = text("EMAIL_HOST_PASSWORD")
# Port 465 begins with TLS, every other port asks for it first.
EMAIL_USE_SSL = switch("EMAIL_USE_TLS", default=True) and EMAIL_PORT == 465
EMAIL_USE_TLS = switch("EMAIL_USE_TLS", default=True) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "bawg_site.mail_files.EmailBackend"
)

# Mail that comes back: where reports lie, and the secret of a provider that tells of them.
RETURNED_MAIL_DIR = Path(text("RETURNED_MAIL_DIR") or VAR_DIR / "returned-mail")
RETURNED_MAIL_SECRET = text("RETURNED_MAIL_SECRET")

# Safety.
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
# How many proxies of ours stand in front. Each adds whom it was asked by to X-Forwarded-For. TLS
# ends at a proxy, so with https there is one unless this says otherwise.
PROXIES = number("PROXIES", 1 if IS_HTTPS else 0)
# How many processes answer.
WEB_CONCURRENCY = number("WEB_CONCURRENCY", 2, lowest=1)
SESSION_ENGINE = "bawg_site.sessions"
# A working day; shorter when the browser is closed, for machines that several people use.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
# Browsers take a cookie of this name from this very host over https, and from nobody else.
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "bawg_site.signing_in.passwords.TellTheAccount"},
]

# Signing in (docs/decisions/staff-sign-in.md). Where the site is reached by https, no page of the
# desk opens without a second factor. Tries are counted by `bawg_site/signing_in/tries.py`, over all
# processes; the library's own counts, which each process keeps for itself, are off.
SECOND_FACTOR_FORCED = IS_HTTPS
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_ADAPTER = "bawg_site.signing_in.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "bawg_site.signing_in.forms.SignInForm"}
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "bawg_site.signing_in.adapters.MFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "activate_totp": "bawg_site.signing_in.forms.AppForm",
    "add_webauthn": "bawg_site.signing_in.forms.PasskeyForm",
    "authenticate": "bawg_site.signing_in.forms.CodeForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Peer Support Training"
# The code before and after the one of this half minute: not everybody types fast.
MFA_TOTP_TOLERANCE = 1

# One object a line where the site is open to others; on a machine of one's own, lines to read.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "bawg_site.logs.JsonFormatter"},
        "line": {"()": "bawg_site.logs.LineFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if IS_HTTPS else "line",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own loggers print through the root as well, so that one formatter sees every line.
    # That a page is not found, or refused, stands in the line of the request already.
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.request": {"level": "ERROR"},
    },
}
# Python's own warnings are lines of the log as well.
logging.captureWarnings(IS_HTTPS)
