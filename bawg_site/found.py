"""What search engines ask for: which pages there are, and where that is written."""

import datetime as dt
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.db.models import Max, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from content.history.models import Change
from content.models import Page
from content.public import public_page
from content.services import site_settings
from content.translated import ENGLISH, NAMES, TranslatedWords
from courses.models import ScheduledClass

#: So long what security.txt says may be kept by who has read it. It is made anew each day.
SECURITY_HOLDS = dt.timedelta(days=180)


class PublicSitemap(Sitemap):  # type: ignore[type-arg]  # cannot be said when it runs
    """Addresses as the site has them, whatever host was asked; each in the languages it is in."""

    i18n = True
    alternates = True
    x_default = True

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> Any:
        ours = urlsplit(settings.SITE_URL)
        site = SimpleNamespace(domain=ours.netloc)
        return super().get_urls(page, site, ours.scheme)

    def get_languages_for_item(self, item: Any) -> list[str]:
        is_whole = not isinstance(item, TranslatedWords) or item.is_in_spanish()
        return list(NAMES) if is_whole else [ENGLISH]


class Lists(PublicSitemap):
    def items(self) -> list[str]:
        return ["courses:classes"]

    def location(self, item: str) -> str:
        return reverse(item)


class Rows(PublicSitemap):
    """Rows with a page each. When staff last changed one is known from its history."""

    model: type[Model]

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def items(self) -> list[Any]:
        changes = Change.objects.filter(owner=self.model._meta.label_lower)
        self.changed = dict(changes.values_list("owner_key").annotate(Max("at")))
        return list(self.rows())

    def lastmod(self, item: Any) -> dt.datetime | None:
        return self.changed.get(item.pk)


class Words(Rows):
    model = Page

    def rows(self) -> QuerySet[Page]:
        return Page.objects.prefetch_related("sections")


class Classes(Rows):
    model = ScheduledClass

    def rows(self) -> QuerySet[ScheduledClass]:
        return ScheduledClass.objects.published().order_by("pk")


SITEMAPS: dict[str, Any] = {"words": Words, "lists": Lists, "classes": Classes}


def public_paths() -> set[str]:
    """Of all public pages there are now, in both languages, also where one falls back."""
    found = {reverse("sitemap")}
    words, classes = Page.objects.only("slug"), Classes().rows().only("slug")
    for language in NAMES:
        with translation.override(language):
            found |= {reverse("courses:classes")}
            found |= {row.get_absolute_url() for row in words}
            found |= {row.get_absolute_url() for row in classes}
    return found


@public_page
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All public pages. Made whole before it goes: its bytes are kept as theirs are."""
    return views.sitemap(request, SITEMAPS).render()


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing is forbidden: what nobody should find says so itself, and has to be read for that."""
    lines = ["User-agent: *", "Allow: /", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116): the address under Help, while there is one."""
    address = site_settings().help_email
    if not address:
        raise Http404
    ends = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_HOLDS
    lines = [
        f"Contact: mailto:{address}",
        f"Expires: {ends:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(NAMES)}",
        f"Canonical: {settings.SITE_URL}{request.path}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
