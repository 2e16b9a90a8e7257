"""From the form to "now look in your mail", without an account.

The form sends to the check page, the check page sends on what it shows: signed, in one hidden
field, so that nothing is kept here before the last button and nothing can change on the way.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps

from crispy_forms.utils import render_crispy_form
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from content import away
from courses import at_hand, zones
from courses.listing import Listing
from courses.models import ScheduledClass, State
from registrations import limits, trap
from registrations.addresses import email_key, likely_meant
from registrations.forms import RegistrationForm, TamperedAnswers, sign, unsign
from registrations.models import Registration
from registrations.services import seats
from registrations.services.seats import Answers
from registrations.views.throttled import throttled, too_many_words

#: The page after the last button knows the address for an hour, from a cookie of its own path.
SENT_COOKIE = "registered"
SENT_SECONDS = 3600
COOKIE_LIMIT = 3500

View = Callable[[HttpRequest, str], HttpResponse]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Row:
    """One answer on the check page."""

    name: str
    label: str
    value: str


def kept_while_away(view: View) -> View:
    """What was typed comes back in the form when the database cannot be reached.

    Sending it once more does no harm, also when the first time was not in vain after all: an
    address has one place in a class.
    """

    @wraps(view)
    def guarded(request: HttpRequest, slug: str) -> HttpResponse:
        try:
            return view(request, slug)
        except Error as problem:
            if request.method != "POST" or not away.is_away(problem):
                raise
            logger.exception("The database cannot be reached")
            return form_while_away(request, slug)

    return guarded


def form_while_away(request: HttpRequest, slug: str) -> HttpResponse:
    away.note(request)
    try:
        typed = initial(request, unsign(request.POST.get("answers", "")))
    except TamperedAnswers:
        typed = request.POST.dict()
    form = RegistrationForm(initial=typed)
    context = {"slug": slug, "form": form, "fields": fields_of(form), "refusal": away_words()}
    return render(request, "registrations/register.html", context, status=503)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@kept_while_away
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """The empty form; or, coming back from a later step or with another light, what was typed."""
    listing = listing_of(request, slug)
    if request.method == "POST" and "answers" not in request.POST:
        typed = RegistrationForm(initial=request.POST.dict())
        refusal = "" if listing.takes_registrations else closed_meanwhile(listing)
        return form_page(request, listing, typed, refusal=refusal)
    if not listing.takes_registrations:
        return refused(request, listing)
    if request.method != "POST":
        return form_page(request, listing, RegistrationForm())
    try:
        answers = unsign(request.POST.get("answers", ""))
    except TamperedAnswers:
        return form_page(request, listing, RegistrationForm(), refusal=came_changed())
    return form_page(request, listing, RegistrationForm(initial=initial(request, answers)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@kept_while_away
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """The answers as they will be sent, each with a way to change it."""
    listing = listing_of(request, slug)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("registrations:register", args=[slug]))
    filled = RegistrationForm(request.POST)
    if not listing.takes_registrations:
        return form_page(request, listing, filled, refusal=closed_meanwhile(listing))
    if not filled.is_valid():
        return form_page(request, listing, filled)
    return check_page(request, listing, filled.answers(get_language() or "en"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@kept_while_away
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """POST registers; GET says to look in the mail, the same whether the address was known."""
    listing = listing_of(request, slug)
    if request.method == "POST":
        return send(request, listing)
    try:
        answers = unsign(request.COOKIES.get(SENT_COOKIE, ""), max_age=SENT_SECONDS)
    except TamperedAnswers:
        return HttpResponseRedirect(reverse("registrations:register", args=[slug]))
    context = {
        "scheduled_class": listing.scheduled_class,
        "listing": listing,
        "email": answers.email,
        "signed": sign(answers),
        "resend_done": "again" in request.GET,
        # The cookie that knows the address knows this page's path and no other.
        "only_here": True,
    }
    return render(request, "registrations/sent.html", context)


def send(request: HttpRequest, listing: Listing) -> HttpResponse:
    slug = listing.scheduled_class.slug
    again = "resend" in request.POST
    try:
        answers = unsign(request.POST.get("answers", ""))
        if again:
            check_sent(request, answers)
    except TamperedAnswers:
        return form_page(request, listing, RegistrationForm(), refusal=came_changed())
    now = timezone.now()
    try:
        limits.count_each(tries_of(listing.scheduled_class, answers), request, now)
        if not trap.is_filled(request):
            write(listing.scheduled_class, answers, now, again=again)
    except limits.TooMany as refusal:
        words = too_many_words(refusal, now, listing.scheduled_class.zone)
        return throttled(check_page(request, listing, answers, refusal=words), refusal, now)
    except seats.NotTaken:
        unsent = RegistrationForm(initial=initial(request, answers))
        # What was remembered of the class took registrations: why it takes none is in its row.
        listing = Listing(at_hand.read(slug), now)
        return form_page(request, listing, unsent, refusal=closed_meanwhile(listing))
    way_on = reverse("registrations:sent", args=[slug])
    response = HttpResponseRedirect(f"{way_on}?again" if again else way_on)
    response.set_cookie(
        SENT_COOKIE,
        cookie_value(answers),
        max_age=SENT_SECONDS,
        path=reverse("registrations:register", args=[slug]),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def tries_of(scheduled_class: ScheduledClass, answers: Answers) -> dict[limits.Limit, str]:
    """What one press counts. An address counts for each class: each writes to it once at least."""
    return {
        limits.REGISTRATIONS: "",
        limits.REGISTRATIONS_A_DAY: "",
        limits.REGISTRATIONS_OF_ONE: f"{scheduled_class.pk} {email_key(answers.email)}",
    }


def write(
    scheduled_class: ScheduledClass, answers: Answers, now: dt.datetime, *, again: bool
) -> None:
    key = scheduled_class.pk
    if again:
        seats.send_again(scheduled_class_id=key, email=answers.email, now=now)
    else:
        seats.register(scheduled_class_id=key, answers=answers, now=now)


def forget_answers(response: HttpResponse, scheduled_class: ScheduledClass) -> None:
    """Take the answers out of the browser that registered."""
    path = reverse("registrations:register", args=[scheduled_class.slug])
    response.delete_cookie(SENT_COOKIE, path=path, samesite="Lax")


def check_sent(request: HttpRequest, answers: Answers) -> None:
    """Only who has just registered an address may have its mail sent again.

    A stranger who never did would learn by the answer whether somebody else has. Raises
    TamperedAnswers.
    """
    sent_before = unsign(request.COOKIES.get(SENT_COOKIE, ""), max_age=SENT_SECONDS)
    if sent_before.email != answers.email:
        raise TamperedAnswers


def cookie_value(answers: Answers) -> str:
    """All answers, so that a wrong address can be changed; the offered ones only if they fit."""
    value = sign(answers)
    if len(value) > COOKIE_LIMIT:
        value = sign(Answers(answers.full_name, answers.email, answers.role))
    return value


def listing_of(request: HttpRequest, slug: str) -> Listing:
    """The class at this moment. What is posted to one that was just taken off is not lost."""
    try:
        scheduled_class = at_hand.by_slug(slug)
    except ScheduledClass.DoesNotExist as problem:
        raise Http404 from problem
    is_shown = scheduled_class.status != ScheduledClass.Status.DRAFT
    if not (scheduled_class.was_published if request.method == "POST" else is_shown):
        raise Http404
    return Listing(scheduled_class, timezone.now())


def form_page(
    request: HttpRequest, listing: Listing, form: RegistrationForm, *, refusal: str = ""
) -> HttpResponse:
    context = {
        "slug": listing.scheduled_class.slug,
        "scheduled_class": listing.scheduled_class,
        "listing": listing,
        "form": form,
        "fields": fields_of(form),
        "refusal": refusal,
    }
    return render(request, "registrations/register.html", context)


def fields_of(form: RegistrationForm) -> SafeString:
    """The empty fields are the same for everybody, and the dearest part of the page to make."""
    if form.is_bound or form.initial:
        return SafeString(render_crispy_form(form))
    return empty_fields(get_language() or "en")


@cache
def empty_fields(language: str) -> SafeString:
    with translation.override(language):
        return SafeString(render_crispy_form(RegistrationForm()))


def check_page(
    request: HttpRequest, listing: Listing, answers: Answers, *, refusal: str = ""
) -> HttpResponse:
    context = {
        "scheduled_class": listing.scheduled_class,
        "listing": listing,
        "answers": rows(answers),
        "signed": sign(answers),
        "suggestion": likely_meant(answers.email),
        # Filled on the first page, it stays so on the second, which sends.
        "trap": request.POST.get(trap.FIELD, ""),
        "refusal": refusal,
    }
    return render(request, "registrations/check.html", context)


def refused(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Instead of the form: why there is none."""
    heading, sentence = {
        State.CANCELLED: (
            _("This class is cancelled"),
            f"{listing.words}. " + _("It will not take place."),
        ),
        State.PAST: (_("This class is over"), _("You can choose another class.")),
        State.NOT_YET_OPEN: (_("You cannot register yet"), f"{listing.words}."),
        State.CLOSED: (listing.words, closed_on(listing)),
        State.LINE_FULL: (_("This class is full"), _("The line is full as well.")),
    }[listing.state]
    context = {
        "scheduled_class": listing.scheduled_class,
        "listing": listing,
        "heading": heading,
        "sentence": sentence,
    }
    return render(request, "registrations/refused.html", context)


def closed_on(listing: Listing) -> str:
    closed = _("It closed on %(moment)s.") % {"moment": listing.closes}
    opens = _("If you have registered, the link in your mail opens your page.")
    return f"{closed} {opens}"


def initial(request: HttpRequest, answers: Answers) -> dict[str, str]:
    """The answers for the form, with the address that was probably meant when they chose it."""
    values = {name: getattr(answers, name) for name in RegistrationForm.base_fields}
    return values | {"email": request.POST.get("email_suggestion") or answers.email}


def rows(answers: Answers) -> list[Row]:
    shown = {name: getattr(answers, name) for name in RegistrationForm.base_fields}
    shown["role"] = str(Registration.Role(answers.role).label)
    return [
        Row(name, str(RegistrationForm.base_fields[name].label), value)
        for name, value in shown.items()
    ]


def came_changed() -> str:
    return _(
        "Your answers did not come back as you saw them. Nothing was sent. "
        "Fill in the form once more."
    )


def away_words() -> str:
    return _(
        "We cannot take registrations at this moment. Your answers are kept below. "
        "Press the button again in a few minutes."
    )


def closed_meanwhile(listing: Listing) -> str:
    """Why what was typed was not sent, and that it is not lost."""
    kept = _("Nothing was sent. Your answers are below; you can copy them.")
    closed_at = listing.scheduled_class.closes_at
    if listing.state == State.CLOSED and closed_at is not None:
        moment = zones.hour_or_moment(closed_at, listing.scheduled_class.zone, listing.now)
        why = _("Registration closed at %(moment)s while you were writing.") % {"moment": moment}
    else:
        why = f"{listing.words}."
    return f"{why} {kept}"
