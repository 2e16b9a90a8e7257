"""The audit file of a class: asked for, watched while it is made, taken along."""

import uuid
from collections.abc import Iterator

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.staff_pages import ACTS, staff_page
from courses import zones
from courses.models import ScheduledClass
from registrations.admin.acts import staff, typed
from registrations.desk import addresses
from registrations.models import AuditFile
from registrations.retention.table import A_MONTH
from registrations.services import auditing


class AskForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)


@staff_page("registrations.view_auditfile", ACTS)
def of_a_class(request: HttpRequest, pk: int) -> HttpResponse:
    scheduled_class = get_object_or_404(ScheduledClass.objects.for_page(), pk=pk)
    form = AskForm(typed(request), initial={"key": uuid.uuid4()})
    may_ask = request.user.has_perm("registrations.add_auditfile")
    if request.method == "POST" and not may_ask:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        return ordered(request, scheduled_class, form.cleaned_data["key"])
    files = AuditFile.objects.filter(scheduled_class=scheduled_class).order_by("-pk")
    files = files.select_related("asked_by")
    for file in files:
        file.scheduled_class = scheduled_class
    context = {
        **admin.site.each_context(request),
        "title": _("Audit file"),
        "scheduled_class": scheduled_class,
        "crumbs": [
            (_("Classes"), reverse("admin:courses_scheduledclass_changelist")),
            (str(scheduled_class), addresses.class_page(scheduled_class)),
        ],
        "form": AskForm(initial={"key": uuid.uuid4()}),
        "making": [progress(file) for file in files if file.made_at is None],
        "files": [(file, list(facts_of(file))) for file in files if file.made_at],
        "may_ask": may_ask,
        "kept": A_MONTH,
    }
    return render(request, "admin/registrations/audit.html", context)


def ordered(request: HttpRequest, scheduled_class: ScheduledClass, key: uuid.UUID) -> HttpResponse:
    try:
        auditing.order(
            scheduled_class=scheduled_class, key=key, actor=staff(request), now=timezone.now()
        )
    except auditing.AlreadyOrdered:
        messages.info(request, _("It was asked for before. One is made at a time."))
    else:
        messages.success(request, _("It is being made. This takes a minute at most."))
    return redirect(addresses.audit(scheduled_class))


def progress(file: AuditFile) -> str:
    if file.taken_at is None:
        return _("It is being made: pages and tables come first. Open this page again.")
    figures = {"done": file.certificates - len(file.left), "all": file.certificates}
    words = _("It is being made: %(done)s of %(all)s certificates are in it. Open this page again.")
    return words % figures


def facts_of(file: AuditFile) -> Iterator[tuple[str, str]]:
    zone = file.scheduled_class.zone
    asked = [zones.full_moment(file.asked_at, zone), str(file.asked_by or "")]
    yield _("Asked for"), ", ".join(filter(None, asked))
    people = ngettext("%(count)s person", "%(count)s people", len(file.people))
    papers = ngettext("%(count)s certificate", "%(count)s certificates", file.certificates)
    tells = [people % {"count": len(file.people)}, papers % {"count": file.certificates}]
    yield _("Tells of"), ", ".join(tells)
    yield _("Rests here until"), zones.date(A_MONTH.after(file.asked_at), zone)


@staff_page("registrations.view_auditfile", ["POST"])
def take(request: HttpRequest, pk: int, file: int) -> StreamingHttpResponse:
    made = AuditFile.objects.filter(scheduled_class=pk, made_at__isnull=False)
    found = get_object_or_404(made.select_related("scheduled_class"), pk=file)
    archive = auditing.take(file=found, actor=staff(request), now=timezone.now())
    response = StreamingHttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{auditing.name_of(found)}"'
    response["Cache-Control"] = "no-store, private"
    return response
