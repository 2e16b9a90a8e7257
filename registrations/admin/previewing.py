"""Preview, then act: staff read who will be told what, and only the second press does it.

How a page uses it. The act is a function that is told the time and calls services. It reads the
rows that it acts on itself: what it did to them in memory is not taken back with the database.

    def cancel_seat(request, pk):
        form = ReasonForm(request.POST or None)
        if request.method != "POST" or wants_back(request) or not form.is_valid():
            return ...  # the form, with what was typed
        def act(now):
            person = get_object_or_404(Registration, pk=pk)
            seats.leave(registration=person, actor=..., now=now, why=form.cleaned_data["why"])
        try:
            told = perform(act, timezone.now(), shown_to(request))
        except seats.NotTaken:
            ...  # a refusal of the service comes through; nothing was done
        except NotAsShown as anew:
            return preview_page(
                request,
                anew.told,
                title=_("Cancel the seat of Maria?"),
                button=_("Cancel the seat and tell 1 person"),
                crumbs=[(_("People"), reverse(...))],
            )
        return redirect(...)

The first press of the form's button has no fingerprint yet, so it is never "as shown" and ends on
the preview. The preview carries everything that was typed in hidden fields, and posts it to the
same address once more, with the fingerprint of what it showed. `rehearse` is for a page that shows
what would happen without any form; `admin/registrations/includes/told.html` shows its answer.
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.contrib import admin
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import get_language_info, ngettext

from registrations.letters import compose
from registrations.letters.words import words_for
from registrations.models import CalendarEntry, Letter, Registration, RegistrationEvent

Result = TypeVar("Result")

#: The name of the hidden field that says what was shown, and of the button that leads back.
SHOWN = "_shown"
BACK = "_back"

Kind = Letter.Kind


@dataclass(frozen=True)
class Person:
    """One row of the list: who it is, what they get, and what becomes of their seat or place."""

    key: int
    name: str
    gets: tuple[str, ...]
    becomes: str
    mail_comes_back: bool


@dataclass(frozen=True)
class Sample:
    """A letter as one of them will read it; its links open nothing."""

    kind: str
    language: str
    name: str
    subject: str
    text: str


@dataclass(frozen=True)
class Told:
    """What an act does to people: who gets which letters, in the order in which they registered."""

    people: tuple[Person, ...]
    letters: tuple[Letter, ...]
    samples: tuple[Sample, ...]
    calendars: str
    fingerprint: str

    @property
    def count(self) -> int:
        """How many people get a letter."""
        return len({letter.registration_id for letter in self.letters})

    def shown_with(self, *sentences: str) -> "Told":
        """The same, for a page that shows these sentences too: its fingerprint covers them."""
        return replace(self, fingerprint=digest([self.fingerprint, *sentences]))

    @property
    def seats_offered(self) -> int:
        return sum(letter.kind == Kind.OFFERED for letter in self.letters)

    @property
    def only_offers(self) -> bool:
        return bool(self.letters) and self.seats_offered == len(self.letters)

    def __bool__(self) -> bool:
        """Whether anybody is told of anything, or becomes anything."""
        return bool(self.people)


class NotAsShown(Exception):
    """What would happen is not what staff were shown, so nothing happened. `told` is what would."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self.told = told


def rehearse(act: Callable[[dt.datetime], object], now: dt.datetime) -> Told:
    """What the act would do, found out by doing it and taking it back."""
    try:
        perform(act, now, shown="")
    except NotAsShown as anew:
        return anew.told
    raise AssertionError("No fingerprint is empty.")


def perform(
    act: Callable[[dt.datetime], object],
    now: dt.datetime,
    shown: str,
    also: Callable[[Told], Iterable[str]] = lambda told: (),
) -> Told:
    """Do it when it does what `shown`, the fingerprint of the preview, says: all of it or nothing.

    `also` are the sentences that the preview shows beside it; they are asked for when it is done.
    Raises NotAsShown, and whatever the act refuses with.
    """
    with transaction.atomic():
        watch = Watch(now)
        act(now)
        told = watch.told()
        told = told.shown_with(*also(told))
        if told.fingerprint != shown:
            raise NotAsShown(told)
    return told


class Watch:
    """Sees what happens from here on in this transaction, as far as it happens at `now`.

    Both are needed: others write at other moments, and a test may have written at this one before.
    """

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.last_letter = last_key(Letter)
        self.last_event = last_key(RegistrationEvent)
        self.last_person = last_key(Registration)
        self.entries = {*self.entries_of_now()}

    def told(self) -> Told:
        letters = self.letters()
        events = self.events()
        samples = tuple(samples_of(letters))
        calendars = calendar_words(self.calendars(letters))
        return Told(
            people=tuple(people_of(letters, events)),
            letters=tuple(letters),
            samples=samples,
            calendars=calendars,
            fingerprint=fingerprint(
                letters, events, samples, calendars, newer_than=self.last_person
            ),
        )

    def letters(self) -> list[Letter]:
        written = Letter.objects.filter(
            pk__gt=self.last_letter, created_at=self.now, registration__isnull=False
        )
        related = written.select_related("registration__scheduled_class__course")
        return list(related.order_by("registration_id", "pk"))

    def events(self) -> list[RegistrationEvent]:
        written = RegistrationEvent.objects.filter(pk__gt=self.last_event, at=self.now)
        return list(written.select_related("registration").order_by("registration_id", "pk"))

    def entries_of_now(self) -> Iterable[tuple[int, int, bool]]:
        """Each as (registration, sequence, withdrawn)."""
        entries = CalendarEntry.objects.filter(changed_at=self.now)
        return entries.values_list("registration_id", "sequence", "is_withdrawn")

    def calendars(self, letters: list[Letter]) -> list[tuple[int, bool]]:
        """Whose entries are changed (False) or taken out (True), of those who get a letter."""
        told = {letter.registration_id for letter in letters}
        if not told:
            return []
        found = {*self.entries_of_now()} - self.entries
        return [(key, withdrawn) for key, _sequence, withdrawn in found if key in told]


def last_key(model: type[Letter | RegistrationEvent | Registration]) -> int:
    return model.objects.aggregate(last=Max("pk"))["last"] or 0


def people_of(letters: list[Letter], events: list[RegistrationEvent]) -> Iterable[Person]:
    named: dict[int, Registration] = {}
    gets: dict[int, list[str]] = defaultdict(list)
    turns: dict[int, list[RegistrationEvent]] = defaultdict(list)
    for event in events:
        named[event.registration_id] = event.registration
        turns[event.registration_id].append(event)
    for letter in letters:
        if letter.registration:
            named[letter.registration.pk] = letter.registration
            gets[letter.registration.pk].append(letter.get_kind_display())
    for key, registration in sorted(named.items()):
        comes_back = bool(registration.mail_problem)
        yield Person(key, str(registration), tuple(gets[key]), becomes(turns[key]), comes_back)


def becomes(turns: list[RegistrationEvent]) -> str:
    """`Has a seat → Cancelled`, over all that happened; empty when it stays as it was."""
    if not turns or turns[0].from_status == turns[-1].to_status:
        return ""
    before, after = turns[0].get_from_status_display(), turns[-1].get_to_status_display()
    return f"{before} → {after}" if before else after


def samples_of(letters: list[Letter]) -> Iterable[Sample]:
    """One of each kind and language, to the first who gets it."""
    seen: set[tuple[str, str]] = set()
    for letter in letters:
        language = compose.language_of(letter)
        if (letter.kind, language) in seen:
            continue
        seen.add((letter.kind, language))
        with translation.override(language):
            content = compose.content_of(letter, words_for(letter), compose.NO_LINK)
            text = render_to_string("letters/letter.txt", content).strip()
        yield Sample(
            kind=letter.get_kind_display(),
            language=str(get_language_info(language)["name_translated"]),
            name=str(letter.registration),
            subject=str(content["subject"]),
            text=text,
        )


def calendar_words(entries: list[tuple[int, bool]]) -> str:
    """What the letters do to calendars, in a sentence; empty when nothing."""
    people = {key for key, _withdrawn in entries}
    if not people:
        return ""
    if all(withdrawn for _key, withdrawn in entries):
        words = ngettext(
            "The letter also takes the dates out of the calendar of %(count)s person.",
            "The letters also take the dates out of the calendars of %(count)s people.",
            len(people),
        )
    else:
        words = ngettext(
            "The letter also brings the calendar of %(count)s person up to date.",
            "The letters also bring the calendars of %(count)s people up to date.",
            len(people),
        )
    return words % {"count": len(people)}


def fingerprint(
    letters: list[Letter],
    events: list[RegistrationEvent],
    samples: Iterable[Sample],
    calendars: str,
    *,
    newer_than: int,
) -> str:
    """The same for the same people, letters and words, and for nothing else.

    Who is added by the act itself (`newer_than` tells) has a key that is not the same twice.
    """

    def who(row: Letter | RegistrationEvent) -> int | str:
        key = row.registration_id or 0
        return key if key <= newer_than else f"new: {row.registration}"

    shown = [
        [[who(row), row.kind, row.about, row.detail] for row in letters],
        [[who(row), row.from_status, row.to_status] for row in events],
        [[sample.subject, sample.text] for sample in samples],
        calendars,
    ]
    return digest(shown)


def digest(shown: list[Any]) -> str:
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


# The page.


def shown_to(request: HttpRequest) -> str:
    """The fingerprint of the preview that was confirmed; empty on the way to it."""
    return request.POST.get(SHOWN, "")


def wants_back(request: HttpRequest) -> bool:
    """Whether it is the preview's way back to the form: nothing is done, nothing is lost."""
    return BACK in request.POST


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was typed, for hidden fields."""
    own = {SHOWN, BACK, "csrfmiddlewaretoken"}
    return [
        (name, value)
        for name in request.POST
        if name not in own
        for value in request.POST.getlist(name)
    ]


def preview_page(
    request: HttpRequest,
    told: Told,
    *,
    title: str,
    button: str,
    sentences: Sequence[str] = (),
    **more: Any,
) -> TemplateResponse:
    """The page in between. `sentences` say what else happens.

    And, when given: `warnings`, sentences about what to think of first; `crumbs`, (label, address)
    of the pages above this one; `back`, other words on the second button.
    """
    context = {
        **admin.site.each_context(request),
        "title": title,
        "told": told,
        "button": button,
        "sentences": sentences,
        "carried": carried(request),
        "is_anew": bool(shown_to(request)),
        "shown_field": SHOWN,
        "back_field": BACK,
        **more,
    }
    return TemplateResponse(request, "admin/registrations/preview.html", context)
