"""The words of the letters: all kinds in one list, changed with a preview, or built in."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.history.admin import WithHistory
from content.staff_pages import ACTS, staff_page
from courses.models import ScheduledClass
from registrations.letters.facts import PLACEHOLDERS
from registrations.letters.placeholders import (
    names_in,
    problem_of,
    problem_of_button,
    problem_of_subject,
)
from registrations.letters.preview import preview
from registrations.letters.words import WORDS, Words, changed_words, words_of
from registrations.models import Letter, LetterText

Kind = Letter.Kind


class LetterTextForm(forms.ModelForm):
    class Meta:
        model = LetterText
        fields = ["kind", "language", "subject", "body", "button"]
        widgets = {
            "kind": forms.HiddenInput,
            "language": forms.HiddenInput,
            "body": forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not WORDS[self.chosen_kind].button:
            self.fields.pop("button", None)

    @property
    def chosen_kind(self) -> str:
        """The letter that is written about; it is chosen in the list, never typed."""
        given = self.instance.kind or self.data.get("kind") or self.initial.get("kind")
        return str(given) if given in WORDS else Kind.CONFIRMED

    def clean_language(self) -> str:
        language = str(self.cleaned_data["language"])
        if language not in dict(settings.LANGUAGES):
            raise forms.ValidationError(_now("The site writes no letters in this language."))
        return language

    def clean_subject(self) -> str:
        subject = " ".join(str(self.cleaned_data["subject"]).split())
        refuse(problem_of_subject(subject))
        return subject

    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"]).replace("\r\n", "\n")
        refuse(problem_of(body))
        return body

    def clean_button(self) -> str:
        button = str(self.cleaned_data["button"])
        refuse(problem_of_button(button))
        return button


def refuse(problem: str) -> None:
    if problem:
        raise forms.ValidationError(problem)


@admin.register(LetterText)
class LetterTextAdmin(WithHistory):
    form = LetterTextForm
    change_form_template = "admin/registrations/letter_text.html"
    fieldsets = [
        (
            None,
            {
                "fields": ["kind", "language", "subject", "body", "button"],
                "description": _(
                    "What you save here goes out from the next letter on. Delete it, and the "
                    "letter has the words again that came with the site."
                ),
            },
        ),
    ]

    def get_urls(self) -> list[URLPattern]:
        route, name = "preview/<str:kind>/<str:language>/", "registrations_lettertext_preview"
        return [path(route, preview_page, name=name), *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: LetterText | None = None) -> Any:
        """A letter without a button has no words for one."""
        kind = obj.kind if obj else request.POST.get("kind") or request.GET.get("kind")
        fieldsets = super().get_fieldsets(request, obj)
        if kind in WORDS and not WORDS[kind].button:
            [(heading, options)] = fieldsets
            fields = [name for name in options["fields"] if name != "button"]
            return [(heading, {**options, "fields": fields})]
        return fieldsets

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All kinds, not only those that have a row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _now("The words of the letters"),
            "letters": all_letters(may_change=self.has_change_permission(request)),
            "several_languages": len(settings.LANGUAGES) > 1,
        }
        return render(request, "admin/registrations/letter_texts.html", context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Begins from the words that the letter has now; a letter that has a row is changed."""
        kind, language = (request.GET.get(name, "") for name in ("kind", "language"))
        if request.method != "POST":
            if kind not in WORDS or language not in dict(settings.LANGUAGES):
                return redirect("admin:registrations_lettertext_changelist")
            known = LetterText.objects.filter(kind=kind, language=language).first()
            if known:
                return redirect("admin:registrations_lettertext_change", known.pk)
        return super().add_view(request, form_url, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        kind, language = request.GET["kind"], request.GET["language"]
        return {"kind": kind, "language": language} | typed_out(kind, language)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form: LetterTextForm = context["adminform"].form
        kind = form.chosen_kind
        language = str(form["language"].value()) if "language" in form.fields else "en"
        context |= {
            "title": Kind(kind).label,
            "subtitle": None,
            "show_save_and_add_another": False,
            "placeholders": [(f"{{{name}}}", words) for name, words in PLACEHOLDERS.items()],
            "built_in": built_in(kind, language),
            "preview_path": preview_path(kind, language),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: LetterText, form: forms.ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        came_with = names_in(built_in(obj.kind, obj.language)["body"])
        missing = [name for name in came_with if name not in names_in(obj.body)]
        if missing:
            words = _now("These words no longer say: %(names)s. Leave it so if that is meant.")
            names = ", ".join(f"{{{name}}}" for name in missing)
            self.message_user(request, words % {"names": names}, messages.WARNING)


def all_letters(*, may_change: bool) -> list[dict[str, Any]]:
    """Each kind in each language: its subject now, whether staff changed it, and where to do so."""
    changed = {(row.kind, row.language): row for row in LetterText.objects.all()}
    return [
        {
            "label": kind.label,
            "language": name,
            "is_changed": (kind, language) in changed,
            "subject": subject_now(changed.get((kind, language)), kind, language),
            "change": change_path(changed.get((kind, language)), kind, language)
            if may_change
            else "",
            "preview": preview_path(kind, language),
        }
        for language, name in settings.LANGUAGES
        for kind in Kind
        if kind in WORDS
    ]


def subject_now(changed: LetterText | None, kind: str, language: str) -> str:
    with translation.override(language):
        return changed.subject if changed else str(WORDS[kind].subject)


def change_path(changed: LetterText | None, kind: str, language: str) -> str:
    if changed:
        return reverse("admin:registrations_lettertext_change", args=[changed.pk])
    return f"{reverse('admin:registrations_lettertext_add')}?kind={kind}&language={language}"


def preview_path(kind: str, language: str) -> str:
    return reverse("admin:registrations_lettertext_preview", args=[kind, language])


def typed_out(kind: str, language: str) -> dict[str, str]:
    """The letter's present words as somebody would type them."""
    with translation.override(language):
        return typed_out_words(words_of(kind))


def built_in(kind: str, language: str) -> dict[str, str]:
    """The words that came with the site."""
    with translation.override(language):
        return typed_out_words(WORDS[kind])


def typed_out_words(words: Words) -> dict[str, str]:
    return {
        "subject": str(words.subject),
        "body": "\n\n".join(str(paragraph) for paragraph in words.paragraphs),
        "button": str(words.button),
    }


@staff_page("registrations.view_lettertext", ACTS)
def preview_page(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """GET shows the present words, POST those that were typed. Nothing is saved or sent by either.

    The words come by POST because they are too long for an address.
    """
    if kind not in WORDS or language not in dict(settings.LANGUAGES):
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    typed = {name: asked.get(name, "") for name in ("subject", "body", "button")}
    problems = problems_of(kind, typed) if request.method == "POST" else []
    classes = list(classes_to_show())
    chosen = next((row for row in classes if str(row.pk) == asked.get("class")), None)
    context = {
        **admin.site.each_context(request),
        "title": _now("Preview: %(letter)s") % {"letter": Kind(kind).label},
        "typed": typed if request.method == "POST" else {},
        "problems": problems,
        "classes": classes,
        "chosen": chosen or next(iter(classes), None),
    }
    if context["chosen"] and not problems:
        with translation.override(language):
            words = words_of(kind)
            if request.method == "POST":
                words = changed_words(LetterText(kind=kind, language=language, **typed))
            context |= preview(kind, words, context["chosen"], timezone.now())
    return render(request, "admin/registrations/letter_preview.html", context)


def problems_of(kind: str, typed: dict[str, str]) -> list[str]:
    """What saving would refuse. Whether the letter has a row already does not matter here."""
    form = LetterTextForm({"kind": kind, "language": "en", **typed})
    form.full_clean()
    return [
        f"{form.fields[name].label}: {problem}"
        for name, found in form.errors.items()
        if name in typed
        for problem in found
    ]


#: Enough to find one to look at; the list of all would grow with the years.
SHOWN = 25


def classes_to_show() -> QuerySet[ScheduledClass]:
    """The latest with dates, the last one first: a letter names the days."""
    dated = ScheduledClass.objects.with_dates().for_page()
    with_days = dated.filter(first_start__isnull=False)  # type: ignore[misc]  # annotated
    return with_days.order_by(F("first_start").desc(), F("pk").desc())[:SHOWN]
