"""Where staff write what visitors read."""

from collections.abc import Iterator, Sequence

from django.conf import settings as django_settings
from django.contrib import admin
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.history.admin_bringing_back import BringsBack
from content.models import Page, Section, SiteSettings
from content.one_row import OneRow
from content.pickers import PICKERS
from content.provider.admin import ProviderAdmin
from content.public_preview import (
    PublicPage,
    ShowsPublicPages,
    in_each_language,
    stranger,
    without_links,
)
from content.spanish.admin import WordsForm
from content.translated import both

__all__ = ["PageAdmin", "ProviderAdmin", "SiteSettingsAdmin"]

#: Pages that the site itself leads to: their words can change, but they stay.
LASTING_PAGES = {Page.COURSE, "privacy", "accessibility"}


@admin.register(SiteSettings)
class SiteSettingsAdmin(OneRow, ShowsPublicPages, BringsBack):
    form = WordsForm
    fieldsets = [
        (_("The notice"), {"fields": [*both("notice")]}),
        (
            _("Help"),
            {
                "fields": ["site_name", "help_email", *both("help_words")],
                "description": _("The last part of every page: whom people can ask."),
            },
        ),
        (_("When something does not run"), {"fields": ["caretaker"]}),
        (
            _("Safety words"),
            {
                "fields": [
                    "approval",
                    *both("safety_words"),
                    "safety_approved_by",
                    "safety_review_on",
                ],
                "description": _("People who take the drug today read this site."),
            },
        ),
    ]
    readonly_fields = ["approval"]
    formfield_overrides = PICKERS

    def public_pages(self, request: HttpRequest, obj: SiteSettings) -> Iterator[PublicPage]:
        """Every page has these words; the notice alone stands there only without classes."""
        for code, language in django_settings.LANGUAGES:
            with translation.override(code):
                page = render_to_string("content/notice.html", request=stranger(request, "/"))
                notice = without_links(page)
            yield PublicPage(_now("The notice, while no class is scheduled"), str(language), notice)
        yield from in_each_language(
            request, _now("The course page, as it is now"), Page(slug=Page.COURSE).get_absolute_url
        )

    @admin.display(description=_("approval"))
    def approval(self, settings: SiteSettings) -> str:
        if not settings.safety_approved_by:
            return _now("These words wait for approval.")
        words = _now("Approved by %(name)s.") % {"name": settings.safety_approved_by}
        if settings.safety_review_on:
            day = date_format(settings.safety_review_on, _now("l, F j, Y"))
            words = f"{words} {_now('To be read again on %(day)s.') % {'day': day}}"
        return words


class SectionFormSet(BaseInlineFormSet):
    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        return _now("This page has a section with this heading already.")


class SectionInline(admin.StackedInline):
    model = Section
    form = WordsForm
    formset = SectionFormSet
    extra = 0
    fields = ["position", *both("heading"), "kind", *both("body")]


@admin.register(Page)
class PageAdmin(ShowsPublicPages, BringsBack):
    form = WordsForm
    list_display = ["title", "slug"]
    search_fields = [*both("title", "sections__heading", "sections__body")]
    fields = [
        *both("title"),
        "slug",
        *both("announcement_heading", "announcement", "description"),
    ]
    inlines = [SectionInline]

    def public_pages(self, request: HttpRequest, obj: Page) -> Iterator[PublicPage]:
        return in_each_language(request, str(obj), obj.get_absolute_url)

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> list[str]:
        """An address that was given out keeps working."""
        return ["slug"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        lasting = obj is None or obj.slug in LASTING_PAGES
        return not lasting and super().has_delete_permission(request, obj)
