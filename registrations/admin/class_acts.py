"""Publish, take off the site, cancel: each a page of its own that shows first what it does."""

import datetime as dt
from collections.abc import Callable
from copy import copy
from typing import Any, TypeAlias, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.staff_pages import ACTS, staff_page
from courses.models import ScheduledClass
from registrations.admin import class_words
from registrations.admin.class_form import was_public
from registrations.admin.class_saving import warnings_of
from registrations.admin.previewing import (
    NotAsShown,
    Told,
    perform,
    preview_page,
    shown_to,
    wants_back,
)
from registrations.desk import addresses
from registrations.services import scheduling
from registrations.services.seats import Actor

Status: TypeAlias = ScheduledClass.Status
Service: TypeAlias = Callable[..., Any]


class ActsOnClass(admin.ModelAdmin):
    """What the admin of classes has for it."""

    def get_urls(self) -> list[URLPattern]:
        guarded = staff_page("courses.change_scheduledclass", ACTS)
        name = "courses_scheduledclass_"
        return [
            path("<int:key>/publish/", guarded(self.publish), name=f"{name}publish"),
            path("<int:key>/take-off/", guarded(self.take_off), name=f"{name}take_off"),
            path("<int:key>/cancel/", guarded(self.cancel), name=f"{name}cancel"),
            *super().get_urls(),
        ]

    def publish(self, request: HttpRequest, key: int) -> HttpResponse:
        scheduled_class = class_of(key)
        if scheduled_class.status != Status.DRAFT:
            return back(request, scheduled_class, _("Only a draft can be published."))

        def words(told: Told) -> class_words.Words:
            asks = warnings_of(scheduled_class, timezone.now())
            return class_words.publishing_it(told, [problem.sentence for problem in asks])

        try:
            response = self.shown_first(request, scheduled_class, scheduling.publish, words)
        except scheduling.CannotPublish as refusal:
            for problem in refusal.problems:
                messages.error(request, problem.sentence)
            return redirect(addresses.class_form(scheduled_class))
        if response is None:
            self.offer(request, scheduled_class)  # type: ignore[attr-defined]  # of `Announces`
            return back(request, scheduled_class, _("The class is on the site."))
        return response

    def take_off(self, request: HttpRequest, key: int) -> HttpResponse:
        scheduled_class = class_of(key)
        if scheduled_class.status != Status.PUBLISHED:
            return back(request, scheduled_class, _("The class is not on the site."))
        response = self.shown_first(
            request,
            scheduled_class,
            scheduling.take_off_the_site,
            lambda told: class_words.off(scheduled_class, told),
        )
        return response or back(request, scheduled_class, _("The class is off the site."))

    def cancel(self, request: HttpRequest, key: int) -> HttpResponse:
        scheduled_class = class_of(key)
        if scheduled_class.status == Status.CANCELLED:
            return back(request, scheduled_class, _("The class is cancelled already."))
        if not was_public(scheduled_class):
            return back(request, scheduled_class, _("Nobody has seen this draft. Delete it."))
        count = class_words.people_in(scheduled_class)
        response = self.shown_first(
            request,
            scheduled_class,
            scheduling.cancel_class,
            lambda told: class_words.cancelling(scheduled_class, told),
        )
        words = ngettext(
            "The class is cancelled. %(count)s person is told.",
            "The class is cancelled. %(count)s people are told.",
            count,
        )
        return response or back(request, scheduled_class, words % {"count": count})

    def shown_first(
        self,
        request: HttpRequest,
        scheduled_class: ScheduledClass,
        service: Service,
        words: Callable[[Told], class_words.Words],
    ) -> HttpResponse | None:
        """The page that shows what the service does, or None when it is done.

        It is done to a copy, which may be wrong afterwards when it is taken back; and the services
        look again once nobody else can change it.
        """
        if wants_back(request):
            return redirect(addresses.class_page(scheduled_class))

        def act(now: dt.datetime) -> None:
            actor = Actor.staff(cast("User", request.user))
            service(scheduled_class=copy(scheduled_class), actor=actor, now=now)

        found: list[class_words.Words] = []

        def also(told: Told) -> list[str]:
            said = words(told)
            found[:] = [said]
            return [said.title, said.button, *said.sentences, *said.warnings]

        try:
            perform(act, timezone.now(), shown_to(request), also)
        except NotAsShown as anew:
            [said] = found
            return preview_page(
                request,
                anew.told,
                title=said.title,
                button=said.button,
                sentences=said.sentences,
                warnings=said.warnings,
                crumbs=crumbs(scheduled_class),
                back=_("Back to the class"),
            )
        return None


def class_of(key: int) -> ScheduledClass:
    return get_object_or_404(ScheduledClass.objects.for_page(), pk=key)


def crumbs(scheduled_class: ScheduledClass) -> list[tuple[str, str]]:
    classes = reverse("admin:courses_scheduledclass_changelist")
    return [(_("Classes"), classes), (str(scheduled_class), addresses.class_page(scheduled_class))]


def back(request: HttpRequest, scheduled_class: ScheduledClass, words: str) -> HttpResponse:
    messages.info(request, words)
    return redirect(addresses.class_page(scheduled_class))
