"""Writing to people of a class: typed, read as they will read it, sent once, followed."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content.staff_pages import ACTS, staff_page
from courses import zones
from courses.models import ScheduledClass
from registrations.admin.acts import Act, DoneBefore, Refused, act_page, staff, typed
from registrations.admin.look_only import PageToRead
from registrations.forms import one_line, refuse_control_characters
from registrations.letters.facts import PLACEHOLDERS
from registrations.letters.placeholders import IN_MESSAGE, problem_of, problem_of_subject
from registrations.models import Letter, Message, Registration
from registrations.services import messages

Status = Registration.Status
State = Letter.State


class MessageForm(forms.Form):
    to = forms.MultipleChoiceField(
        label=_("To everyone with this status"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(
        label=_("Language of mail"),
        required=False,
        help_text=_("A message has one language. Write a second one for the others."),
    )
    people = forms.MultipleChoiceField(
        label=_("Or to these people alone"), required=False, widget=forms.CheckboxSelectMultiple
    )
    subject = one_line(
        _("Subject"),
        hint=_("Others may see it. Name the dates: {dates} stands for them."),
        longest=120,
        too_long=_("Shorten the subject to 120 characters."),
    )
    body = forms.CharField(
        label=_("Words"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 12}),
        validators=[refuse_control_characters],
        help_text=_("An empty line begins a new paragraph. A button to their own page follows."),
        error_messages={
            "required": _("Write what you want to say."),
            "max_length": _("Shorten the words to 3000 characters."),
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, known: list[Registration], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        counts = Counter(person.status for person in known)
        self.offer("to", [(s.value, f"{s.label} ({counts[s]})") for s in Status if counts[s]])
        self.offer("language", [("", _now("Every language")), *settings.LANGUAGES])
        self.offer("people", [(str(p.pk), f"{p}: {p.get_status_display()}") for p in known])
        self.fields["subject"].required = True
        self.fields["subject"].error_messages["required"] = _now("Write a subject.")
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]

    def offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def clean_subject(self) -> str:
        subject = str(self.cleaned_data["subject"])
        refuse(problem_of(subject, IN_MESSAGE) or problem_of_subject(subject))
        return subject

    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"]).replace("\r\n", "\n")
        refuse(problem_of(body, IN_MESSAGE))
        return body

    def clean(self) -> dict[str, Any]:
        super().clean()
        if {"to", "people"} <= self.cleaned_data.keys() and not self.chosen():
            self.add_error("to", _now("Choose to whom it goes. Nobody is chosen yet."))
        return self.cleaned_data

    def chosen(self) -> list[int]:
        """Who was ticked; when nobody was, everyone with these statuses and this language."""
        ticked = {int(key) for key in self.cleaned_data["people"]}
        if ticked:
            return [person.pk for person in self.known if person.pk in ticked]
        language = self.cleaned_data.get("language")
        return [
            person.pk
            for person in self.known
            if person.status in self.cleaned_data["to"]
            and (not language or person.language == language)
        ]


def refuse(problem: str) -> None:
    if problem:
        raise forms.ValidationError(problem)


#: Of the web session: whom somebody ticked in the list last. An address has no room for hundreds.
TICKED = "ticked"


def remember_ticked(request: HttpRequest, class_pk: int, people: Iterable[int]) -> str:
    """The address of the page on which these people are ticked already."""
    request.session[TICKED] = [str(key) for key in people]
    page = reverse("admin:registrations_message_write_to_class", args=[class_pk])
    return f"{page}?{TICKED}"


@staff_page("registrations.add_message", ACTS)
def write_to_class(request: HttpRequest, class_pk: int) -> HttpResponse:
    scheduled_class = get_object_or_404(ScheduledClass.objects.for_page(), pk=class_pk)
    first = {"to": [Status.CONFIRMED], "key": uuid.uuid4(), "subject": "{dates}"}
    known = list(messages.reachable(scheduled_class))
    form = MessageForm(known, typed(request), initial=first)
    if request.method == "GET" and TICKED in request.GET:
        form.initial = {**first, "people": request.session.get(TICKED, []), "to": []}

    def do(now: dt.datetime) -> None:
        data = form.cleaned_data
        try:
            messages.write(
                scheduled_class=ScheduledClass.objects.get(pk=class_pk),
                key=data["key"],
                words=(data["subject"], data["body"]),
                people=form.chosen(),
                actor=staff(request),
                now=now,
            )
        except messages.AlreadyWritten as problem:
            sentence = _now("It was sent before. Nobody gets it twice.")
            raise DoneBefore(sentence, path_of(problem.message)) from problem
        except messages.NobodyToWriteTo as problem:
            raise Refused(_now("None of them can be written to any more."), "to") from problem

    act = Act(
        title=_now("Write to people of this class"),
        explanation=_now(
            "Each person gets a letter of their own and sees nobody else. Only people whose "
            "address has answered can be chosen."
        ),
        button=_now("Send"),
        label=lambda count: (
            ngettext("Send to %(count)s person", "Send to %(count)s people", count)
            % {"count": count}
        ),
        done=_now("The message goes out within a few minutes."),
        do=do,
        then=lambda: path_of(Message.objects.get(key=form.cleaned_data["key"])),
    )
    people = reverse("admin:registrations_registration_changelist")
    roster = f"{people}?class={class_pk}"
    return act_page(
        request,
        act,
        form,
        back=roster,
        crumbs=[(_now("People"), people), (str(scheduled_class), roster)],
        who=str(scheduled_class),
        placeholders=[(f"{{{name}}}", PLACEHOLDERS[name]) for name in IN_MESSAGE],
        folded=["people"],
    )


def path_of(message: Message) -> str:
    return reverse("admin:registrations_message_change", args=[message.pk])


@admin.register(Message)
class MessageAdmin(PageToRead):
    list_display = ["as_read", "class_title", "when", "written_by"]
    list_select_related = ["scheduled_class", "written_by"]
    search_fields = ["subject", "body"]

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "write/<int:class_pk>/", write_to_class, name="registrations_message_write_to_class"
        )
        return [own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).prefetch_related("scheduled_class__class_sessions")

    @admin.display(description=_("subject"), ordering="subject")
    def as_read(self, message: Message) -> str:
        """A subject can hold what is the same for all of the class, and nothing else."""
        about = message.scheduled_class
        return message.subject.replace("{dates}", about.dates).replace("{class}", about.title)

    @admin.display(description=_("class"))
    def class_title(self, message: Message) -> str:
        return str(message.scheduled_class)

    @admin.display(description=_("written"), ordering="written_at")
    def when(self, message: Message) -> str:
        return zones.full_moment(message.written_at, message.scheduled_class.zone)

    def page_of(self, request: HttpRequest, message: Message) -> HttpResponse:
        """How far it is, and who got it."""
        letters = messages.letters_of(message)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self.as_read(message),
            "message": message,
            "when": self.when(message),
            "progress": list(progress(letters)),
            "letters": [(letter, state_of(letter), moment(letter, message)) for letter in letters],
        }
        return render(request, "admin/registrations/message.html", context)


def came_back(letter: Letter) -> bool:
    """Reports name no letter: mail that came back after this one went out counts as this one."""
    person = letter.registration
    at = person.mail_problem_at if person else None
    return letter.state == State.SENT and at is not None and at >= (letter.sent_at or at)


def state_of(letter: Letter) -> str:
    return _now("Came back") if came_back(letter) else letter.get_state_display()


def moment(letter: Letter, message: Message) -> str:
    if letter.sent_at is None:
        return letter.last_error
    return zones.full_moment(letter.sent_at, message.scheduled_class.zone)


def progress(letters: Iterable[Letter]) -> Iterable[tuple[str, str]]:
    """`("Sent", "14")`, only what there is."""
    counts = Counter(state_of(letter) for letter in letters)
    return [(words, str(count)) for words, count in counts.most_common()]
