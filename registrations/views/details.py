"""What a person changes, asks for and takes away by their own page, and getting the link again."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.listing import Listing, listings
from courses.models import ScheduledClass
from registrations import limits, trap
from registrations.addresses import email_key
from registrations.forms import AddressForm, DetailsForm, SharingForm
from registrations.links import OldLink, link_to, new_address_of, registration_of
from registrations.models import LinkRequest, Registration
from registrations.services import details as service
from registrations.services import erasing, seats
from registrations.views.of_the_link import (
    back_to_page,
    of_the_link,
    own,
    private,
    sentence_page,
)
from registrations.views.registering import forget_answers
from registrations.views.throttled import throttled, too_many_page, too_many_words

ask = require_http_methods(["GET", "HEAD", "POST"])


@ask
@of_the_link
def details(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """Name, needs, phone, and what the certificate prints."""
    now_held = {name: getattr(registration, name) for name in service.OWN_FIELDS}
    form = own_form(DetailsForm, request, now_held)
    if form.is_valid():
        service.change_details(
            registration=registration,
            details=form.cleaned_data,
            actor=seats.PERSON,
            now=timezone.now(),
        )
        return back_to_page(token)
    return form_page(
        request,
        registration,
        form,
        heading=_("Change your details"),
        button=_("Save"),
        back=own("own_page", token),
    )


@ask
@of_the_link
def change_address(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """Asks the new address first: until it answers, nothing changes."""
    form = own_form(AddressForm, request)
    if form.is_valid():
        address, now = form.cleaned_data["email"], timezone.now()
        try:
            limits.count(limits.NEW_ADDRESSES, request, now, of=str(registration.pk))
        except limits.TooMany as refusal:
            return too_many_page(request, refusal, now)
        service.ask_new_address(registration=registration, address=address, now=now)
        sentence = _("We have written to %(address)s. Press the button in that mail.")
        return sentence_page(
            request,
            registration,
            _("Now look in your mail."),
            sentence % {"address": address},
            back=own("own_page", token),
        )
    return form_page(
        request,
        registration,
        form,
        heading=_("Change your address"),
        words=_("We ask the new address first. Until it answers we write to the old one."),
        button=_("Write to the new address"),
        back=own("own_page", token),
    )


@ask
@private
def new_address(request: HttpRequest, token: str) -> HttpResponse:
    """The button in the mail to a new address: GET shows it, POST makes the address theirs."""
    registration, address = new_address_of(token)
    if request.method != "POST":
        explanation = _("Mail about this class then goes to %(address)s. Not you? Do nothing.")
        context = {
            "scheduled_class": registration.scheduled_class,
            "question": _("Is this your new address?"),
            "explanation": explanation % {"address": address},
            "button": _("Yes, write to this address"),
        }
        return render(request, "registrations/confirm.html", context)
    try:
        service.take_new_address(
            registration=registration, address=address, actor=seats.PERSON, now=timezone.now()
        )
    except seats.AlreadyRegistered:
        sentence = _("This address has a registration of its own in this class.")
        return sentence_page(request, registration, _("Nothing has changed"), sentence)
    registration.refresh_from_db()
    return HttpResponseRedirect(link_to(registration))


@ask
@of_the_link
def move(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """The other classes of the course with open seats; one press changes the seat."""
    back = own("own_page", token)
    if request.method == "POST":
        target = get_object_or_404(ScheduledClass.objects.published(), pk=number(request, "to"))
        try:
            seats.move(
                registration=registration,
                scheduled_class_id=target.pk,
                actor=seats.PERSON,
                now=timezone.now(),
            )
        except seats.NotTaken:
            sentence = _("That class has no free seat any more. You keep the seat you have.")
            return sentence_page(
                request, registration, _("Nothing has changed"), sentence, back=back
            )
        except seats.AttendanceIsRecorded:
            sentence = _("Your class has begun, so you keep the seat in it. Staff can help you.")
            return sentence_page(
                request, registration, _("Nothing has changed"), sentence, back=back
            )
        except seats.AlreadyRegistered:
            sentence = _("You are registered for that class already. You keep the seat you have.")
            return sentence_page(
                request, registration, _("Nothing has changed"), sentence, back=back
            )
        return back_to_page(token)
    if registration.status != Registration.Status.CONFIRMED:
        return back_to_page(token)
    context = {
        "registration": registration,
        "scheduled_class": registration.scheduled_class,
        "others": open_classes(registration),
        "back": back,
    }
    return render(request, "registrations/move.html", context)


@ask
@of_the_link
def share(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """A second person who shares the address: only its owner can add one."""
    form = own_form(SharingForm, request)
    back = own("own_page", token)
    if form.is_valid():
        try:
            seats.add_sharing(registration=registration, now=timezone.now(), **form.cleaned_data)
        except (seats.NotTaken, seats.NotInLine):
            sentence = _("The class takes nobody now. Nothing has changed.")
            return sentence_page(request, registration, _("This did not work"), sentence, back=back)
        except seats.HasNotAnswered:
            sentence = _("Answer for yourself first: press the button on your page.")
            return sentence_page(request, registration, _("This did not work"), sentence, back=back)
        except seats.AlreadyRegistered:
            sentence = _("A second person shares this address already.")
            return sentence_page(request, registration, _("This did not work"), sentence, back=back)
        sentence = _("We have written to this address about the second person.")
        return sentence_page(request, registration, _("Done"), sentence, back=back)
    return form_page(
        request,
        registration,
        form,
        heading=_("Add a second person at this address"),
        words=_("They get a link of their own, by mail to the same address."),
        button=_("Add this person"),
        back=back,
    )


@require_safe
@of_the_link
def data(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """All that is held, with the ways to take it along and to erase it."""
    context = {
        "registration": registration,
        "scheduled_class": registration.scheduled_class,
        "held": service.all_that_is_held(registration),
        "keeps_record": erasing.must_keep(registration, timezone.now()),
        "token": token,
    }
    return render(request, "registrations/data.html", context)


@require_safe
@of_the_link
def download(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    response = JsonResponse(service.all_that_is_held(registration), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-registration.json"'
    return response


@ask
@of_the_link
def erase(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """GET says what it gives up and what must stay; POST does it. The link ends with it."""
    keeps_record = erasing.must_keep(registration, timezone.now())
    if request.method != "POST":
        context = {
            "scheduled_class": registration.scheduled_class,
            "question": _("Erase what we hold about you?"),
            "explanation": what_erasing_means(registration, keeps_record=keeps_record),
            "button": _("Erase it"),
            "back": own("data", token),
        }
        return render(request, "registrations/confirm.html", context)
    erasing.erase(registration=registration, actor=seats.PERSON, now=timezone.now())
    sentence = _("Your link does not work any more, and no mail follows.")
    response = sentence_page(request, registration, _("It is erased"), sentence)
    forget_answers(response, registration.scheduled_class)
    return response


def what_erasing_means(registration: Registration, *, keeps_record: bool) -> str:
    if keeps_record:
        return _(
            "Your address, phone and needs go now. Your name and credential stay, and that you "
            "took part: boards ask for it. Your link stops working."
        )
    if registration.is_live:
        return _("You give up your seat or place. Your link stops working. It cannot be undone.")
    return _("Your link stops working. It cannot be undone.")


@require_POST
@private
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """An old link leads to a new one, by mail to the address that is held now."""
    try:
        registration = registration_of(token)
    except OldLink as old:
        registration = old.registration
    service.send_link(registration=registration, now=timezone.now())
    return HttpResponseRedirect(reverse("registrations:link_sent"))


@never_cache
@ask
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Send me my link again: one answer for every address, and nothing is looked up for it."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "registrations/ask_for_link.html", {"form": form})
    now, key = timezone.now(), email_key(form.cleaned_data["email"])
    try:
        tried = {limits.LINK_REQUESTS: "", limits.LINK_REQUESTS_OF_ONE: key}
        limits.count_each(tried, request, now)
    except limits.TooMany as refusal:
        context = {"form": form, "refusal": too_many_words(refusal, now)}
        page = render(request, "registrations/ask_for_link.html", context)
        return throttled(page, refusal, now)
    if not trap.is_filled(request):
        LinkRequest.objects.create(email_key=key, asked_at=now)
    return HttpResponseRedirect(reverse("registrations:link_sent"))


@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "registrations/link_sent.html")


def own_form(
    kind: type[forms.Form], request: HttpRequest, now_held: dict[str, Any] | None = None
) -> forms.Form:
    """What is sent; or, coming back with another light, what was typed and is not sent yet."""
    if {"light", "text"} & request.POST.keys():
        return kind(initial=request.POST.dict())
    return kind(request.POST if request.method == "POST" else None, initial=now_held)


def form_page(
    request: HttpRequest, registration: Registration, form: forms.Form, **words: str
) -> HttpResponse:
    """One form on a page of its own: `words` are its heading, button, words and the way back."""
    context = {"scheduled_class": registration.scheduled_class, "form": form} | words
    return render(request, "registrations/own_form.html", context)


def open_classes(registration: Registration) -> list[Listing]:
    """The other classes of the course that have a seat open now."""
    now = timezone.now()
    classes = ScheduledClass.objects.published().upcoming(now).for_page()
    others = classes.filter(course=registration.scheduled_class.course_id)
    rows = listings(others.exclude(pk=registration.scheduled_class_id), now)
    return [row for row in rows if row.takes_registrations and row.scheduled_class.seats.open]


def number(request: HttpRequest, name: str) -> int:
    """A key from the form; 0, which is nobody's, for nonsense."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
