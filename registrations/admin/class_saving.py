"""Saving a class: shown first when it tells somebody, touches somebody, or is worth a thought.

The save runs as it is in one transaction. When its outcome is not what staff were shown, the whole
of it is taken back and the preview is shown: so the preview cannot differ from the act.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import publishing
from courses.models import ScheduledClass
from registrations.admin.class_form import ClassForm
from registrations.admin.class_words import (
    Words,
    cancelling,
    off,
    people_in,
    publishing_it,
    saving,
    who_stays,
)
from registrations.admin.previewing import Told, Watch, preview_page, shown_to
from registrations.desk import addresses
from registrations.services import scheduling, seats
from registrations.services.class_changes import Snapshot, tell_changes
from registrations.services.seats import Actor

Status: TypeAlias = ScheduledClass.Status


@dataclass
class Attempt:
    """One save on its way: what it was about, and what it says when it counts."""

    now: dt.datetime
    watch: Watch
    form: ClassForm | None = None
    known: set[str] = field(default_factory=set)
    said: list[tuple[Any, ...]] = field(default_factory=list)


class SavesAsShown(admin.ModelAdmin):
    """What the admin of classes has for it."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra_context = {"show_save_and_add_another": False} | (extra_context or {})
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        now = timezone.now()
        with transaction.atomic():
            attempt = vars(request)["attempt"] = Attempt(now, Watch(now))
            response = super().changeform_view(request, object_id, form_url, extra_context)
            preview = self.what_was_not_shown(request, attempt) if attempt.form else None
            if preview:
                transaction.set_rollback(True)
        del vars(request)["attempt"]
        if preview:
            return preview
        for message in attempt.said:
            self.message_user(request, *message)
        return response

    def what_was_not_shown(self, request: HttpRequest, attempt: Attempt) -> HttpResponse | None:
        """The preview; None when there is nothing to show, or when it was shown."""
        form = attempt.form
        assert form is not None  # noqa: S101  # the caller has looked
        warnings = self.new_warnings(form.instance, attempt)
        told = attempt.watch.told()
        touches = form.takes_off_the_site and people_in(form.instance)
        if not (told or warnings or touches or form.cancels):
            return None
        words = words_for(form, told, warnings)
        told = told.shown_with(words.title, words.button, *words.sentences, *warnings)
        if told.fingerprint == shown_to(request):
            return None
        return preview_page(
            request,
            told,
            title=words.title,
            button=words.button,
            sentences=words.sentences,
            warnings=words.warnings,
            crumbs=crumbs(form),
        )

    def message_user(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """What a save says counts when the save does."""
        attempt: Attempt | None = vars(request).get("attempt")
        if attempt:
            attempt.said.append(args)
        else:
            super().message_user(request, *args, **kwargs)

    # Saving.

    def save_model(
        self, request: HttpRequest, obj: ScheduledClass, form: ClassForm, change: bool
    ) -> None:
        """All but a cancelling, which is done to the people as well, when all else is saved."""
        attempt: Attempt = vars(request)["attempt"]
        attempt.form = form
        form.before = Snapshot.of(obj) if change else None
        if form.was == Status.PUBLISHED:
            attempt.known = {problem.sentence for problem in warnings_of(obj, attempt.now)}
        if form.cancels:
            obj.status = form.was
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: ClassForm, formsets: Any, change: bool
    ) -> None:
        """The sessions, and then what the new facts do to the people: all of it or nothing."""
        super().save_related(request, form, formsets, change)
        actor, now = Actor.staff(cast("User", request.user)), vars(request)["attempt"].now
        scheduled_class = form.instance
        if form.cancels:
            told = scheduling.cancel_class(scheduled_class=scheduled_class, actor=actor, now=now)
            words = ngettext("%(count)s person is told.", "%(count)s people are told.", told)
            self.message_user(request, words % {"count": told}, messages.INFO)
        elif form.before:
            self.tell_changes(request, scheduled_class, form.before, now)
        if form.takes_off_the_site:
            self.warn_of_people(request, scheduled_class)
        if "capacity" in form.changed_data:
            seats.set_capacity(
                scheduled_class_id=scheduled_class.pk,
                capacity=form.cleaned_data["capacity"],
                actor=actor,
                now=now,
            )
        # What follows names the class by the days that it has now.
        for known in ("meetings", "_prefetched_objects_cache"):
            vars(scheduled_class).pop(known, None)

    def tell_changes(
        self,
        request: HttpRequest,
        scheduled_class: ScheduledClass,
        before: Snapshot,
        now: dt.datetime,
    ) -> None:
        told = tell_changes(scheduled_class=scheduled_class, before=before, now=now)
        if told:
            words = ngettext(
                "%(count)s person is told what has changed.",
                "%(count)s people are told what has changed.",
                told,
            )
            self.message_user(request, words % {"count": told}, messages.INFO)

    def warn_of_people(self, request: HttpRequest, scheduled_class: ScheduledClass) -> None:
        people = people_in(scheduled_class)
        if people:
            words = _("The class is off the site. %(stay)s")
            self.message_user(request, words % {"stay": who_stays(people)}, messages.WARNING)

    def new_warnings(self, scheduled_class: ScheduledClass, attempt: Attempt) -> list[str]:
        """What is worth a thought and was not so before; nothing while it is not on the site."""
        stored = ScheduledClass.objects.get(pk=scheduled_class.pk)
        if stored.status != Status.PUBLISHED:
            return []
        found = [problem.sentence for problem in warnings_of(stored, attempt.now)]
        return [sentence for sentence in found if sentence not in attempt.known]


def crumbs(form: ClassForm) -> list[tuple[str, str]]:
    """The way back to the class; a new one has none yet."""
    found = [(_("Classes"), reverse("admin:courses_scheduledclass_changelist"))]
    if form.before:
        found.append((str(form.instance), addresses.class_page(form.instance)))
    return found


def warnings_of(scheduled_class: ScheduledClass, now: dt.datetime) -> list[publishing.Problem]:
    """For the class as it is stored."""
    stored = publishing.for_publishing(ScheduledClass.objects.all()).get(pk=scheduled_class.pk)
    return publishing.warnings(stored, now, before=scheduling.last_class(but=stored))


def words_for(form: ClassForm, told: Told, warnings: list[str]) -> Words:
    if form.cancels:
        # Its days may have been changed by the same save.
        return cancelling(ScheduledClass.objects.get(pk=form.instance.pk), told)
    if form.takes_off_the_site:
        return off(form.instance, told)
    return publishing_it(told, warnings) if form.publishes else saving(told, warnings)
