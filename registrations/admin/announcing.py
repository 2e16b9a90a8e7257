"""Telling the people who wait about a class: offered on publishing, done on a page of its own."""

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import ngettext

from content.history.admin import WithHistory
from content.staff_pages import ACTS, staff_page
from courses import zones
from courses.models import ScheduledClass
from registrations.admin.class_form import ClassForm
from registrations.letters import compose
from registrations.letters.words import words_of
from registrations.models import Announcement, Letter
from registrations.services import announcing
from registrations.services.seats import Actor


class Announces(WithHistory):
    """What the admin of classes has for it."""

    def get_urls(self) -> list[URLPattern]:
        page = staff_page("courses.change_scheduledclass", ACTS)(self.announce)
        own = path("<int:key>/announce/", page, name="courses_scheduledclass_announce")
        return [own, *super().get_urls()]

    def history_moment(self, obj: ScheduledClass, at: dt.datetime) -> str:
        return zones.full_moment(at, obj.zone)

    def save_related(
        self, request: HttpRequest, form: ClassForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if form.instance.status == ScheduledClass.Status.PUBLISHED != form.was:
            self.offer(request, form.instance)

    def offer(self, request: HttpRequest, scheduled_class: ScheduledClass) -> None:
        """After publishing: how many people wait, and the way to tell them."""
        count = announcing.to_tell(scheduled_class).count()
        if not count or announcing.announcement_of(scheduled_class):
            return
        words = ngettext(
            "%(count)s person waits for news of a class.",
            "%(count)s people wait for news of a class.",
            count,
        )
        link = format_html(
            '{} <a href="{}">{}</a>',
            words % {"count": count},
            announce_path(scheduled_class),
            _now("Tell them about this one"),
        )
        self.message_user(request, link, messages.INFO)

    def announce(self, request: HttpRequest, key: int) -> HttpResponse:
        """GET shows how many people wait and what they will read; POST has them told."""
        classes = ScheduledClass.objects.for_page()
        scheduled_class = get_object_or_404(classes, pk=key)
        if request.method == "POST":
            return self.tell(request, scheduled_class)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _now("Tell people about this class"),
            "subtitle": str(scheduled_class),
            "scheduled_class": scheduled_class,
            **what_can_be_told(scheduled_class),
        }
        return TemplateResponse(request, "admin/courses/scheduledclass/announce.html", context)

    def tell(self, request: HttpRequest, scheduled_class: ScheduledClass) -> HttpResponse:
        try:
            count = announcing.announce(
                scheduled_class=scheduled_class,
                actor=Actor.staff(cast("User", request.user)),
                now=timezone.now(),
            )
        except announcing.CannotAnnounce as refusal:
            self.message_user(request, sentence_for(refusal), messages.ERROR)
            return HttpResponseRedirect(announce_path(scheduled_class))
        words = ngettext(
            "%(count)s person is told. Letters are written %(batch)s a minute.",
            "%(count)s people are told. Letters are written %(batch)s a minute.",
            count,
        )
        told = words % {"count": count, "batch": announcing.BATCH}
        self.message_user(request, told, messages.SUCCESS)
        change = reverse("admin:courses_scheduledclass_change", args=[scheduled_class.pk])
        return HttpResponseRedirect(change)


def announce_path(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:courses_scheduledclass_announce", args=[scheduled_class.pk])


def what_can_be_told(scheduled_class: ScheduledClass) -> dict[str, Any]:
    """How many people and the letter as they will read it; or the sentence why not."""
    try:
        count = announcing.can_announce(scheduled_class, timezone.now())
    except announcing.CannotAnnounce as refusal:
        return {"refusal": sentence_for(refusal)}
    letter = Letter(kind=Letter.Kind.INTEREST_NEWS, about=str(scheduled_class.pk), turn=0)
    content = compose.content_of(letter, words_of(letter.kind), compose.NO_LINK)
    body = render_to_string("letters/letter.txt", content | {"leave_link": compose.NO_LINK})
    return {"count": count, "subject": content["subject"], "body": body}


def sentence_for(refusal: announcing.CannotAnnounce) -> str:
    match refusal:
        case announcing.AlreadyAnnounced(announcement=announcement):
            return announced_words(announcement)
        case announcing.NobodyWaits():
            return _now("Nobody waits for news of a class now.")
        case _:
            return _now("People are told only about a class that is published and takes people.")


def announced_words(announcement: Announcement) -> str:
    """When it was announced, and how far the letters are."""
    day = zones.full_moment(announcement.asked_at, announcement.scheduled_class.zone)
    words = ngettext(
        "This class was already announced on %(day)s. %(count)s letter is written.",
        "This class was already announced on %(day)s. %(count)s letters are written.",
        announcement.written,
    )
    sentence = words % {"day": day, "count": announcement.written}
    return sentence if announcement.done_at else f"{sentence} {_now('More follow each minute.')}"
