"""Tell me when a class is scheduled: ask, confirm by the mail, leave by one press.

None of these pages sets a cookie, and the address stands in none of their addresses.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from registrations import limits, trap
from registrations.forms import InterestForm
from registrations.links import signup_to_confirm, signup_to_leave
from registrations.services import interest as service
from registrations.views.of_the_link import private
from registrations.views.throttled import throttled, too_many_words

ask = require_http_methods(["GET", "HEAD", "POST"])


# A token would set a cookie on the pages that hold the form, which set none. It is not needed: a
# forged post changes nothing that counts until the address's owner answers the mail.
@csrf_exempt
@ask
def interest(request: HttpRequest) -> HttpResponse:
    """One answer for every address: known or new, confirmed or not."""
    form = InterestForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "registrations/interest.html", {"form": form})
    now = timezone.now()
    try:
        limits.count(limits.INTEREST_SIGNUPS, request, now)
    except limits.TooMany as refusal:
        context = {"form": form, "refusal": too_many_words(refusal, now)}
        page = render(request, "registrations/interest.html", context)
        return throttled(page, refusal, now)
    if not trap.is_filled(request):
        language = get_language() or "en"
        service.sign_up(email=form.cleaned_data["email"], language=language, now=now)
    return HttpResponseRedirect(reverse("registrations:interest_sent"))


@require_safe
def interest_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "registrations/interest_sent.html")


@ask
@private
def interest_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST confirms."""
    signup = signup_to_confirm(token)
    if signup is None:
        return render(request, "registrations/interest_ended.html", status=410)
    if request.method == "POST":
        service.confirm(signup=signup, now=timezone.now())
        return HttpResponseRedirect(request.path)
    return render(request, "registrations/interest_confirm.html", {"signup": signup})


@ask
@private
def interest_leave(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST leaves, and its answer is 200, also the second time, and never a redirect.

    RFC 8058: mail programs post here by themselves, without cookie or token.
    """
    signup = signup_to_leave(token)
    if signup and request.method == "POST":
        service.leave(signup=signup)
        signup = None
    return render(request, "registrations/interest_leave.html", {"signup": signup})
