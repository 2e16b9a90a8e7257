"""The evaluation of a class: a few short pages, each saved, then all at once to look over and send.

Who has sent it, or cannot answer, is led from each of them to the page that says so.
"""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registrations import evaluation
from registrations.evaluation_form import EvaluationForm
from registrations.models import Registration
from registrations.services import evaluation as service
from registrations.views.of_the_link import (
    Page,
    View,
    back_to_page,
    of_the_link,
    own,
    sentence_page,
)

ask = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@of_the_link
def evaluate(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """Where the letter leads: to the page that comes next, or to what has become of it."""
    back = own("own_page", token)
    if registration.evaluated:
        context = {"scheduled_class": registration.scheduled_class, "back": back}
        return render(request, "registrations/evaluated.html", context)
    if not service.is_open(registration, timezone.now()):
        heading = _("The evaluation is not open")
        sentence = _("Who had a seat in the class can answer it after the last day.")
        return sentence_page(request, registration, heading, sentence, back=back)
    pages = evaluation.pages_of(registration.scheduled_class)
    coming = evaluation.next_page(pages, service.answers_of(registration))
    return go_to(coming, token)


def go_to(page: evaluation.Page | None, token: str) -> HttpResponse:
    """The page of questions, or the one to look over."""
    return HttpResponseRedirect(own(f"evaluate_{page.name if page else 'check'}", token))


def while_open(page: Page) -> View:
    """A page of the registration that the token opens, as long as it can answer."""

    @ask
    @of_the_link
    @wraps(page)
    def view(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
        try:
            if service.is_open(registration, timezone.now()):
                return page(request, registration, token)
        except service.NotOpen:
            pass  # Sent from another window meanwhile.
        return HttpResponseRedirect(own("evaluate", token))

    return view


def page_view(name: str) -> View:
    """One page of questions. What is chosen is kept with each press, also by who stops here."""

    def view(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
        pages = evaluation.pages_of(registration.scheduled_class)
        page = next((page for page in pages if page.name == name), None)
        if page is None:
            return go_to(pages[0], token)
        stops = "stop" in request.POST
        form = EvaluationForm(
            page,
            request.POST if request.method == "POST" else None,
            initial=service.answers_of(registration),
            all_needed=not stops,
        )
        if request.method == "POST" and form.is_valid():
            now = timezone.now()
            service.save(registration=registration, answers=form.cleaned_data, now=now)
            if stops:
                return back_to_page(token)
            later = [*pages[pages.index(page) + 1 :], None]
            return go_to(None if "check" in request.GET else later[0], token)
        context = {
            "scheduled_class": registration.scheduled_class,
            "form": form,
            "page": page,
            "step": pages.index(page) + 1,
            "steps": len(pages) + 1,
            "token": token,
        }
        return render(request, "registrations/evaluate.html", context)

    return while_open(view)


evaluate_objectives = page_view(evaluation.OBJECTIVES)
evaluate_class = page_view(evaluation.CLASS)
evaluate_words = page_view(evaluation.WORDS)


@while_open
def evaluate_check(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """All answers with a way to change each page; the button sends them."""
    answers = service.answers_of(registration)
    pages = evaluation.pages_of(registration.scheduled_class)
    missing = evaluation.next_page(pages, answers)
    if missing:
        return go_to(missing, token)
    if request.method == "POST":
        service.send(registration=registration, now=timezone.now())
        return HttpResponseRedirect(own("evaluate", token))
    context = {
        "scheduled_class": registration.scheduled_class,
        "pages": [shown(page, answers, token) for page in pages],
        "steps": len(pages) + 1,
        "token": token,
    }
    return render(request, "registrations/evaluate_check.html", context)


def shown(page: evaluation.Page, answers: dict[str, Any], token: str) -> dict[str, Any]:
    """The answers of one page in words, and where they are changed."""
    points = dict(evaluation.POINTS)
    return {
        "heading": page.heading,
        "change": f"{own(f'evaluate_{page.name}', token)}?check",
        "answers": [
            (one, answers.get(one.name, "") if one.in_words else points[answers[one.name]])
            for one in page.questions
        ],
    }
