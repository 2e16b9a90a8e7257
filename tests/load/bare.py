"""The ceiling for a page: a Django view that returns the same bytes, and nothing around it.

Its own settings, its own addresses and its own application.
"""

import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bawg_site import settings as site

PAGE = Path(os.environ["BARE_PAGE"]).read_bytes()

ROOT_URLCONF = "tests.load.bare"
ALLOWED_HOSTS = ["127.0.0.1"]
SECRET_KEY = "bare"
BASE_DIR, LOGGING, IS_HTTPS = site.BASE_DIR, site.LOGGING, False
WEB_CONCURRENCY, DEFAULT_FROM_EMAIL = site.WEB_CONCURRENCY, site.DEFAULT_FROM_EMAIL
INSTALLED_APPS = ["bawg_site"]
MIDDLEWARE: list[str] = []


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE, headers={"Content-Length": str(len(PAGE))})


urlpatterns = [path("", page)]
