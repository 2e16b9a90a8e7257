"""All people of one class: adding one, the sheet to sign, and taking a file along."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.staff_pages import ACTS, staff_page
from courses.models import ScheduledClass
from registrations.admin.acts import Act, Refused, act_page, path_of, staff, typed
from registrations.admin.people_acts import CHANGES_PEOPLE, for_staff
from registrations.desk import addresses
from registrations.forms import AddressField, access_needs_field, full_name_field, phone_field
from registrations.models import Registration
from registrations.services import exporting, seats
from registrations.spreadsheets import lines

Status = Registration.Status


def class_for(class_pk: int) -> ScheduledClass:
    return get_object_or_404(ScheduledClass.objects.for_page(), pk=class_pk)


def roster_of(class_pk: int) -> str:
    return f"{reverse('admin:registrations_registration_changelist')}?class={class_pk}"


def crumbs_to(scheduled_class: ScheduledClass) -> list[tuple[str, str]]:
    people = reverse("admin:registrations_registration_changelist")
    return [(_now("People"), people), (str(scheduled_class), roster_of(scheduled_class.pk))]


# Somebody staff spoke with.


class AddForm(forms.Form):
    full_name = full_name_field()
    email = AddressField(label=_("Email address"), hint=_("Read it back to them letter by letter."))
    role = forms.ChoiceField(
        choices=[("", _("Choose")), *Registration.Role.choices],
        error_messages={"required": _("Choose what describes them best.")},
    )
    phone = phone_field()
    access_needs = access_needs_field()
    language = forms.ChoiceField(
        choices=Registration._meta.get_field("language").choices or [("en", _("English"))],
    )
    shares_address = forms.BooleanField(
        required=False,
        help_text=_("With somebody who is registered, when both say so. One more person can."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for_staff(self)

    def answers(self) -> seats.Answers:
        fields = {**self.cleaned_data}
        fields.pop("shares_address")
        return seats.Answers(**fields)


@staff_page(CHANGES_PEOPLE, ACTS)
def add_person(request: HttpRequest, class_pk: int) -> HttpResponse:
    scheduled_class = class_for(class_pk)
    form = AddForm(typed(request))
    added: list[Registration] = []
    # Whoever came without a seat: back to the grid in which they are recorded.
    walks_in = "walk-in" in request.GET

    def do(now: dt.datetime) -> None:
        try:
            person = seats.add_by_staff(
                scheduled_class_id=class_pk,
                answers=form.answers(),
                shares_address=form.cleaned_data["shares_address"],
                actor=staff(request),
                now=now,
            )
        except seats.NotTaken as problem:
            raise Refused(_now("The class is cancelled: it takes nobody.")) from problem
        except seats.NobodyToShareWith as problem:
            words = _now("Nobody registered for this class has this address. Take the tick out.")
            raise Refused(words, "shares_address") from problem
        except seats.AlreadyRegistered as problem:
            words = _now(
                "Somebody is registered for this class with this address. If they share it, say so "
                "below; one more person can."
            )
            raise Refused(words, "email") from problem
        added[:] = [person]

    act = Act(
        title=_now("Add someone you spoke with"),
        explanation=_now(
            "They get a seat when one is free, else a place at the end of the line. It is theirs "
            "at once: they need not answer the mail."
        ),
        button=_now("Add them"),
        done=_now("They are in the class."),
        do=do,
        then=lambda: addresses.attendance(scheduled_class) if walks_in else path_of(added[0]),
    )
    return act_page(
        request,
        act,
        form,
        back=addresses.attendance(scheduled_class) if walks_in else roster_of(class_pk),
        crumbs=crumbs_to(scheduled_class),
        who=str(scheduled_class),
    )


# The sheet to sign.


@staff_page("registrations.view_registration")
def sign_in_sheet(request: HttpRequest, class_pk: int) -> HttpResponse:
    """Names and empty boxes for one day or for all. No address: it lies on a table."""
    scheduled_class = class_for(class_pk)
    meetings = scheduled_class.meetings
    chosen = [m for m in meetings if str(m.pk) == request.GET.get("day")] or meetings
    people = Registration.objects.filter(scheduled_class=scheduled_class, status=Status.CONFIRMED)
    context = {
        **admin.site.each_context(request),
        "title": _now("Sheet to sign"),
        "crumbs": crumbs_to(scheduled_class),
        "scheduled_class": scheduled_class,
        "meetings": meetings,
        "chosen": chosen,
        "day": request.GET.get("day", ""),
        "with_needs": "needs" in request.GET,
        "people": people.only("full_name", "access_needs").order_by("full_name", "pk"),
    }
    return render(request, "admin/registrations/sheet.html", context)


# The file.


class ExportForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[(name, column.label) for name, column in exporting.COLUMNS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one column.")},
        help_text=_("Take only what you need. What is erased here is not erased in your file."),
    )
    who = forms.ChoiceField(
        label=_("Who"),
        choices=[
            ("seated", _("People who have a seat")),
            ("live", _("Also those in line, and those who have not answered yet")),
            ("all", _("Everyone who ever registered for it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who stands in the file.")},
    )


@staff_page("registrations.export_registration", ACTS)
def export(request: HttpRequest, class_pk: int) -> HttpResponse | StreamingHttpResponse:
    scheduled_class = class_for(class_pk)
    form = ExportForm(typed(request), initial={"columns": ["full_name", "status"], "who": "seated"})
    if request.method == "POST" and form.is_valid():
        table = exporting.export(
            scheduled_class=scheduled_class,
            columns=form.cleaned_data["columns"],
            who=form.cleaned_data["who"],
            actor=staff(request),
            now=timezone.now(),
        )
        response = StreamingHttpResponse(lines(table), content_type="text/csv; charset=utf-8")
        name = f"people-{scheduled_class.slug}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response
    context = {
        **admin.site.each_context(request),
        "title": _now("Take the people along as a file"),
        "explanation": _now(
            "A file for Excel. The history of the class keeps who took it, when, and which columns."
        ),
        "who": str(scheduled_class),
        "form": form,
        "button": _now("Download the file"),
        "back": roster_of(class_pk),
        "crumbs": crumbs_to(scheduled_class),
    }
    return render(request, "admin/registrations/act.html", context)
