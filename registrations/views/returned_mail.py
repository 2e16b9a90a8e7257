"""Where a mail provider tells of mail that came back."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from registrations.services import returned_mail
from registrations.services.returned_mail import NotAReport

LONGEST = 64_000


# A provider has no cookie and no page to take a token from: the secret says who it is.
@csrf_exempt
@require_POST
def mail_came_back(request: HttpRequest) -> HttpResponse:
    """Without a secret in the settings there is no such address."""
    if not settings.RETURNED_MAIL_SECRET:
        raise Http404
    expected = f"Bearer {settings.RETURNED_MAIL_SECRET}"
    if not constant_time_compare(request.headers.get("Authorization", ""), expected):
        return said("The secret is not right.", HTTPStatus.FORBIDDEN)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
        return said("It is too long.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        report = returned_mail.report_in_json(request.body)
    except NotAReport as problem:
        return said(str(problem), HTTPStatus.BAD_REQUEST)
    returned_mail.take_in(report=report, now=timezone.now())
    # The same for a letter that is not known: a provider tries everything else again.
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def said(sentence: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", content_type="text/plain", status=status)
