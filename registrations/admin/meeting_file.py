"""Attendance from a meeting service's file: read, shown as a filled-in grid, saved by its button.

The file is read once and kept nowhere. What it says stands in the fields of the grid, where staff
can change it, and is saved as if they had typed it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content.staff_pages import ACTS, staff_page
from courses import zones
from courses.models import ClassSession, ScheduledClass
from courses.zones import Zone
from registrations import meeting_files
from registrations.addresses import email_key
from registrations.admin.acts import typed
from registrations.admin.attendance import class_for, desk_of, shown
from registrations.admin.grid import CellOfGrid, Grid
from registrations.completion import Presence, length
from registrations.finding import digits
from registrations.meeting_files import NotAList, Stay, same_name
from registrations.models import Registration
from registrations.services import attendance

UTC = "UTC"

#: Digits by which a phone is told from others.
A_LOCAL_NUMBER = 7


class FileForm(forms.Form):
    meeting = forms.ChoiceField(
        label=_("Session"), error_messages={"required": _("Choose the session.")}
    )
    zone = forms.ChoiceField(
        label=_("Times in the file"),
        help_text=_("A time that names its own zone is read as that, whatever you choose here."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "The list of who joined and left, as Zoom, Teams and others export it: CSV, at most "
            "1 megabyte. It is read and not kept."
        ),
        error_messages={"required": _("Choose the file."), "empty": _("The file is empty.")},
    )

    def __init__(
        self, scheduled_class: ScheduledClass, now: dt.datetime, *args: object, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as a form takes them
        begun = [meeting for meeting in scheduled_class.meetings if meeting.starts_at <= now]
        self.meetings = {str(meeting.pk): meeting for meeting in begun}
        sessions = [(key, str(meeting)) for key, meeting in self.meetings.items()]
        own = scheduled_class.zone
        others = [zone for zone in Zone if zone != own]
        known = [(own.value, own.label), *((zone.value, zone.label) for zone in others)]
        self.fields["meeting"].choices = sessions  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["zone"].choices = [*known, (UTC, "UTC")]  # type: ignore[attr-defined]  # as well

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > meeting_files.LARGEST:
            words = _now("The file is larger than 1 megabyte. Export the list of joins alone.")
            raise forms.ValidationError(words)
        content: bytes = file.read()
        return content

    @property
    def chosen(self) -> ClassSession:
        return self.meetings[self.cleaned_data["meeting"]]


@staff_page(attendance.RECORDS, ACTS)
def bring_in_file(request: HttpRequest, pk: int) -> HttpResponse:
    scheduled_class = class_for(pk)
    desk, now = desk_of(scheduled_class), timezone.now()
    form = FileForm(scheduled_class, now, typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = Found(scheduled_class, form, now)
        except NotAList as problem:
            form.add_error("file", problem.sentence)
        else:
            return shown(request, found.grid, desk, found=found)
    context = {
        **admin.site.each_context(request),
        "title": _now("Bring in a file from the meeting"),
        "who": scheduled_class.dates,
        "explanation": _now(
            "First you see what the file says of each person, and each doubt. Nothing is saved "
            "before you press the button there."
        ),
        "form": form,
        "button": _now("Next: see what it says"),
        "back": desk.path,
        "crumbs": [*desk.crumbs, (_now("Attendance"), desk.path)],
    }
    return render(request, "admin/registrations/act.html", context)


class Matches:
    """Who is who: by address, else by the exact name when that is one person's."""

    def __init__(self, people: list[Registration]) -> None:
        self.by_address: dict[str, list[Registration]] = defaultdict(list)
        self.by_name: dict[str, list[Registration]] = defaultdict(list)
        for person in people:
            self.by_address[person.email_key].append(person)
            self.by_name[same_name(person.full_name)].append(person)

    def person_of(self, stay: Stay) -> Registration | None:
        """Nobody when more than one it may be: two people can share an address, or a name."""
        named = {p.pk: p for name in stay.names for p in self.by_name.get(same_name(name), [])}
        addressed = self.by_address.get(email_key(stay.email), []) if stay.email else []
        if len(addressed) == 1:
            return addressed[0]
        fits = [person for person in addressed if person.pk in named] or list(named.values())
        return fits[0] if len(fits) == 1 else None


class Found:
    """What the file says, put into the grid of one session; and what stays a doubt."""

    def __init__(self, scheduled_class: ScheduledClass, form: FileForm, now: dt.datetime) -> None:
        self.meeting = form.chosen
        self.zone = scheduled_class.zone
        zone = ZoneInfo(form.cleaned_data["zone"])
        self.stays, self.bad_rows = meeting_files.read(form.cleaned_data["file"], zone)
        self.grid = Grid(scheduled_class, now, only=self.meeting)
        self.doubts: list[str] = []
        self.matched = 0
        self.other_address: dict[int, str] = {}
        self.fill_in()

    def fill_in(self) -> None:
        people = list(attendance.people_of(self.grid.scheduled_class.pk))
        matches = Matches(people)
        of_person: dict[int, list[Stay]] = defaultdict(list)
        strangers = []
        for stay in self.stays:
            person = matches.person_of(stay)
            if person is None:
                strangers.append(stay)
                continue
            of_person[person.pk].append(stay)
            if stay.email and email_key(stay.email) != person.email_key:
                self.other_address[person.pk] = stay.email
        self.doubts += [self.nobody(group, people) for group in meeting_files.grouped(strangers)]
        self.matched = len(of_person)
        if self.stays and not any(self.is_within(stay) for stay in self.stays):
            self.doubts.insert(0, self.another_time())
        if any(stay.in_own_zone for stay in self.stays):
            words = _now("The file names zones of its own. Its times are read in %(zone)s.")
            self.doubts.append(words % {"zone": self.zone.label})
        for (key, _session), cell in self.grid.cells.items():
            self.propose(cell, of_person[key])

    def is_within(self, stay: Stay) -> bool:
        return stay.joined < self.meeting.ends_at and stay.left > self.meeting.starts_at

    def another_time(self) -> str:
        first = zones.full_moment(min(stay.joined for stay in self.stays), self.zone)
        words = _now(
            "No time in the file falls into this session: the first is %(moment)s. Is it another "
            "session, or are its times in another zone?"
        )
        return words % {"moment": first}

    def nobody(self, group: list[Stay], people: list[Registration]) -> str:
        """A row that fits nobody for certain."""
        first = group[0]
        said = {"who": first.who, "rows": zones.listed([str(stay.row) for stay in group])}
        if first.by_phone:
            owner = owner_of(first, people)
            if owner:
                words = _now("Joined by phone: %(who)s (row %(rows)s). It may be %(name)s.")
                return words % (said | {"name": owner})
            words = _now("Joined by phone, so we do not know who it is: %(who)s (row %(rows)s).")
        elif first.email:
            words = _now("Nobody with a seat has this address or name: %(who)s (row %(rows)s).")
        else:
            words = _now("No one person with a seat has this name: %(who)s (row %(rows)s).")
        return words % said

    def propose(self, cell: CellOfGrid, stays: list[Stay]) -> None:
        """What the file says of one person. What is recorded already stays, the file beside it."""
        there = meeting_files.put_together(stays, self.meeting.starts_at, self.meeting.ends_at)
        if there is None:
            words = _now("In the file, but not during this session.")
            cell.doubts.append(words if stays else _now("Not in the file."))
            return
        counted = there.late + there.early + max(0, there.away - self.breaks)
        said = list(self.sentences_of(there, stays))
        if cell.person.pk in self.other_address:
            words = _now("Found by the name. The file has another address: %(email)s.")
            said.append(words % {"email": self.other_address[cell.person.pk]})
        if cell.row and cell.row.presence:
            cell.doubts = [_now("Recorded already, so it stays as it is. The file says:"), *said]
            return
        cell.presence = Presence.PARTLY if counted else Presence.PRESENT
        cell.minutes = str(counted or "")
        cell.doubts = said

    @property
    def breaks(self) -> int:
        """Minutes of the session that are not taught."""
        clock = meeting_files.minutes(self.meeting.ends_at - self.meeting.starts_at)
        return max(0, clock - self.meeting.credit_minutes)

    def sentences_of(self, there: meeting_files.Presence, stays: list[Stay]) -> Iterator[str]:
        missed = {"time": length(there.missed)}
        yield _now("By the clock %(time)s missed.") % missed if there.missed else _now("All of it.")
        if there.late:
            yield _now("Came %(time)s late.") % {"time": length(there.late)}
        if there.early:
            yield _now("Left %(time)s early.") % {"time": length(there.early)}
        if there.away:
            away = {"time": length(there.away), "breaks": length(self.breaks)}
            yield (
                _now("Away for %(time)s in between. Breaks are %(breaks)s, and count as none.")
                % away
            )
        if there.joins > 1:
            words = ngettext(
                "%(count)s join put together.", "%(count)s joins put together.", there.joins
            )
            yield words % {"count": there.joins}
        if there.overlap:
            yield _now("Two of them at the same time: counted once.")
        names = {same_name(name) for stay in stays for name in stay.names[:1]}
        if len(names) > 1:
            yield _now("Under these names: %(names)s.") % {
                "names": zones.listed(sorted({stay.names[0] for stay in stays if stay.names}))
            }


def owner_of(stay: Stay, people: list[Registration]) -> Registration | None:
    """Whose phone it may be, by its last digits: staff decide."""
    number = digits(stay.names[0])[-A_LOCAL_NUMBER:]
    owners = [one for one in people if one.phone_key.endswith(number)]
    return owners[0] if len(number) == A_LOCAL_NUMBER and len(owners) == 1 else None
