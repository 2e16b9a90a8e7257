"""The people of all classes, their history and their mail: to look at, not to type into."""

import datetime as dt
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import Case, F, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content.history.admin import WithHistory
from content.history.words import Entry
from courses import zones
from courses.models import ScheduledClass
from courses.zones import Zone
from registrations import history, standing
from registrations.admin.acts import Refused, button_for, refusing, staff
from registrations.admin.erasing import what_will_be_erased_when
from registrations.admin.find import find
from registrations.admin.long_lists import LongList
from registrations.admin.look_only import LookOnly, PageToRead
from registrations.admin.made_up import record_made_up
from registrations.admin.messages import remember_ticked
from registrations.admin.numbers import over_all
from registrations.admin.of_class import add_person, export, sign_in_sheet
from registrations.admin.own_classes import own_attendance, own_class, own_classes
from registrations.admin.people_acts import (
    cancel,
    change_details,
    correct_address,
    give_seat,
    move,
)
from registrations.admin.person import person_page
from registrations.admin.previewing import (
    NotAsShown,
    perform,
    preview_page,
    shown_to,
    wants_back,
)
from registrations.admin.reach import MailFilter, mail_in_words, send_link_again
from registrations.desk import addresses
from registrations.desk.acts import acts_on
from registrations.finding import found_by
from registrations.models import Letter, Registration, RegistrationEvent
from registrations.services import delivery, seats


def chosen_class(request: HttpRequest) -> ScheduledClass | None:
    """The class whose people the list shows, if it is one alone."""
    chosen = request.GET.get(ClassFilter.parameter_name, "")
    if not chosen.isdecimal():
        return None
    return ScheduledClass.objects.for_page().filter(pk=int(chosen[:18])).first()


class NeedsFilter(admin.SimpleListFilter):
    title = _("what helps them take part")
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", str(_("Given"))), ("no", str(_("Not given")))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Registration]
    ) -> QuerySet[Registration]:
        match self.value():
            case "yes":
                return queryset.exclude(access_needs="")
            case "no":
                return queryset.filter(access_needs="")
        return queryset


class ClassFilter(admin.SimpleListFilter):
    """The latest classes, and the one that is chosen. Older ones lead here from their own page."""

    title = _("class")
    parameter_name = "class"
    shown = 12

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        classes = ScheduledClass.objects.with_dates().for_page()
        by_date = classes.order_by(F("first_start").desc(nulls_last=True), "-pk")
        latest = list(by_date.first_of_all(self.shown))
        chosen = self.value()
        if chosen and chosen.isdecimal() and int(chosen) not in {one.pk for one in latest}:
            latest += classes.filter(pk=int(chosen[:18]))
        return [(str(scheduled_class.pk), str(scheduled_class)) for scheduled_class in latest]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Registration]
    ) -> QuerySet[Registration]:
        chosen = self.value()
        if chosen is None or not chosen.isdecimal():
            return queryset
        return queryset.filter(scheduled_class=int(chosen[:18]))


@admin.register(Registration)
class RegistrationAdmin(PageToRead, WithHistory):
    list_display = [
        "full_name",
        "class_title",
        "status_word",
        "why_no_offer",
        "mail",
    ]
    list_filter = ["status", MailFilter, NeedsFilter, "role", ClassFilter]
    list_per_page = 25
    show_full_result_count = False
    paginator = LongList
    search_fields = ["full_name", "phone", "email"]
    search_help_text = _("A part of a name, a phone number or an email address")
    actions = ["give_a_free_seat", "write_to_them"]
    empty_value_display = ""
    change_list_template = "admin/registrations/roster.html"

    def get_urls(self) -> list[URLPattern]:
        name = "registrations_registration_"
        return [
            path("erasing/", what_will_be_erased_when, name=f"{name}erasing"),
            path("numbers/", over_all, name=f"{name}numbers"),
            path("mine/", own_classes, name=f"{name}own_classes"),
            path("mine/<int:pk>/", own_class, name=f"{name}own_class"),
            path("mine/<int:pk>/attendance/", own_attendance, name=f"{name}own_attendance"),
            path("find/", find, name=f"{name}find"),
            path("of/<int:class_pk>/add/", add_person, name=f"{name}add_person"),
            path("of/<int:class_pk>/file/", export, name=f"{name}export"),
            path("of/<int:class_pk>/sheet/", sign_in_sheet, name=f"{name}sheet"),
            path("<int:pk>/address/", correct_address, name=f"{name}address"),
            path("<int:pk>/cancel/", cancel, name=f"{name}cancel"),
            path("<int:pk>/details/", change_details, name=f"{name}details"),
            path("<int:pk>/link/", send_link_again, name=f"{name}link"),
            path("<int:pk>/made-up/", record_made_up, name=f"{name}made_up"),
            path("<int:pk>/move/", move, name=f"{name}move"),
            path("<int:pk>/seat/", give_seat, name=f"{name}seat"),
            *super().get_urls(),
        ]

    def page_of(self, request: HttpRequest, person: Registration) -> HttpResponse:
        """To read: what is done to a person is done on the pages that it leads to."""
        return person_page(request, person)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        people = super().get_queryset(request).select_related("scheduled_class")
        return people.prefetch_related("scheduled_class__class_sessions")

    def get_ordering(self, request: HttpRequest) -> Any:
        """Of one class as it is read out: who has a seat by name, then the line in its order."""
        if not request.GET.get(ClassFilter.parameter_name, "").isdecimal():
            return super().get_ordering(request)
        first = [Registration.Status.CONFIRMED, Registration.Status.OFFERED]
        whens = [When(status=status, then=Value(place)) for place, status in enumerate(first)]
        last = Value(len(first) + 1)
        waits = When(status=Registration.Status.WAITLISTED, then=Value(len(first)))
        return [Case(*whens, waits, default=last), "place", "full_name", "pk"]

    def get_list_display(self, request: HttpRequest) -> Any:
        """The class stands above the list of one class, not in each row."""
        columns = [*self.list_display]
        if chosen_class(request):
            columns.remove("class_title")
        return columns

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        scheduled_class = chosen_class(request)
        context: dict[str, Any] = {"title": _now("People")}
        if scheduled_class:
            context["title"] = str(scheduled_class)
            acts = acts_on(scheduled_class, cast("User", request.user))
            context["class_acts"] = [act for act in acts if is_about_people(act.url)]
            context["class_page"] = addresses.class_page(scheduled_class)
        return super().changelist_view(request, context | (extra_context or {}))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Registration], search_term: str
    ) -> tuple[QuerySet[Registration], bool]:
        """As people are remembered: databases know no accents, and no two spellings of a phone."""
        return queryset.filter(found_by(search_term)), False

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With the line of each class on the page, so that each row can say its reason."""
        changelist = super().get_changelist_instance(request)
        lines = standing.lines_of({row.scheduled_class_id for row in changelist.result_list})
        for row in changelist.result_list:
            vars(row)["line"] = lines[row.scheduled_class_id]
        return changelist

    def history_of(self, obj: Registration) -> QuerySet[RegistrationEvent]:
        events = obj.events.order_by("-pk").select_related("by_user")
        return events.select_related("registration__scheduled_class")

    def history_entry(self, obj: Registration, row: RegistrationEvent) -> Entry:
        return history.entry(row)

    @admin.display(description=_("class"))
    def class_title(self, registration: Registration) -> str:
        return str(registration.scheduled_class)

    @admin.display(description=_("status"), ordering="status")
    def status_word(self, registration: Registration) -> str:
        """With the place of those in line: `In line: 3rd`."""
        words = registration.get_status_display()
        if registration.status == Registration.Status.WAITLISTED and registration.place:
            return f"{words}: {standing.ordinal(registration.place)}"
        return words

    @admin.display(description=_("why no offer"))
    def why_no_offer(self, registration: Registration) -> str | None:
        key = registration.scheduled_class_id
        line = vars(registration).get("line") or standing.lines_of([key])[key]
        return standing.why_no_offer(registration, line, timezone.now()) or None

    @admin.display(description=_("mail"), ordering="proved_at")
    def mail(self, registration: Registration) -> str:
        return mail_in_words(registration)

    @admin.action(description=_("Give a free seat"), permissions=["act"])
    def give_a_free_seat(
        self, request: HttpRequest, people: QuerySet[Registration]
    ) -> HttpResponse | None:
        """In the order of the line. Each person alone: what one cannot have, the next may."""
        refusals: list[str] = []

        def do(now: dt.datetime) -> None:
            refusals.clear()
            line = people.order_by("scheduled_class", F("place").asc(nulls_last=True), "pk")
            for person in line.all():
                try:
                    with refusing(person):
                        seats.give_seat(registration=person, actor=staff(request), now=now)
                except Refused as refusal:
                    refusals.append(refusal.sentence)

        if wants_back(request):
            return None
        try:
            told = perform(do, timezone.now(), shown_to(request))
        except NotAsShown as anew:
            if anew.told:
                return preview_page(
                    request,
                    anew.told,
                    title=_now("Give free seats"),
                    button=button_for(_now("Give the seats"), anew.told),
                    warnings=refusals,
                    crumbs=[(_now("People"), request.path)],
                )
            told = anew.told
        for sentence in refusals:
            self.message_user(request, sentence, messages.WARNING)
        if told.count:
            words = ngettext(
                "%(count)s person now has a seat and is told.",
                "%(count)s people now have a seat and are told.",
                told.count,
            )
            self.message_user(request, words % {"count": told.count}, messages.SUCCESS)
        return None

    @admin.action(description=_("Write to them"), permissions=["write"])
    def write_to_them(
        self, request: HttpRequest, people: QuerySet[Registration]
    ) -> HttpResponse | None:
        """Leads to the page where they are ticked. A message is about one class."""
        keys = dict(people.values_list("pk", "scheduled_class"))
        classes = {*keys.values()}
        if len(classes) > 1:
            words = _now("These are people of several classes. Show one class, then choose.")
            self.message_user(request, words, messages.WARNING)
            return None
        return redirect(remember_ticked(request, classes.pop(), keys))

    def has_write_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registrations.add_message")

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registrations.change_registration")


def is_about_people(url: str) -> bool:
    """Also stands above their list, and is not the list itself."""
    here = reverse("admin:app_list", args=["registrations"])
    return url.startswith(here) and url.partition("?")[0] != addresses.people()


@admin.register(Letter)
class LetterAdmin(LookOnly, admin.ModelAdmin):
    list_display = ["kind", "registration", "state", "tries", "next_try", "last_error"]
    list_filter = ["state", "kind"]
    list_select_related = ["registration__scheduled_class"]
    empty_value_display = ""
    list_per_page = 25
    show_full_result_count = False
    paginator = LongList
    search_fields = ["registration__full_name"]
    search_help_text = _("A part of a name")
    fields = [
        "kind",
        "registration",
        "state",
        "owed_since",
        "sent",
        "attempts",
        "next_try",
        "last_error",
    ]
    actions = ["try_again"]

    @admin.display(description=_("owed since"))
    def owed_since(self, letter: Letter) -> str:
        return moment(letter.registration, letter.created_at)

    @admin.display(description=_("sent"))
    def sent(self, letter: Letter) -> str:
        return moment(letter.registration, letter.sent_at)

    @admin.display(description=_("attempts"), ordering="attempts")
    def tries(self, letter: Letter) -> str:
        words = ngettext("%(count)s try", "%(count)s tries", letter.attempts)
        return words % {"count": letter.attempts}

    @admin.display(description=_("next try"), ordering="next_try_at")
    def next_try(self, letter: Letter) -> str:
        """Only a letter that is owed has one."""
        is_owed = letter.state == Letter.State.OWED
        return moment(letter.registration, letter.next_try_at if is_owed else None)

    @admin.action(description=_("Try again now"), permissions=["send"])
    def try_again(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        count = delivery.try_again(letters, timezone.now())
        words = ngettext(
            "%(count)s letter is tried again now.",
            "%(count)s letters are tried again now.",
            count,
        )
        self.message_user(request, words % {"count": count}, messages.INFO)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registrations.change_letter")


def moment(registration: Registration | None, at: dt.datetime | None) -> str:
    """In the zone of the class, with its name: what the person was told."""
    zone = registration.scheduled_class.zone if registration else Zone.MOUNTAIN
    return zones.full_moment(at, zone) if at else ""
