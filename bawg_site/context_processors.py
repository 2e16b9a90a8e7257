from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from bawg_site.display import Display
from content import away
from content.services import site_words_at_hand
from registrations.forms import InterestForm


def site(request: HttpRequest) -> dict[str, object]:
    """What the frame of every page needs: the site's words and the reader's choice of light."""
    words = away.site_words if away.is_noted(request) else site_words_at_hand
    return {
        "site": SimpleLazyObject(words),
        "display": Display.of(request),
        "site_url": settings.SITE_URL,
        "address": f"{settings.SITE_URL}{request.path}",
    }


def interest(request: HttpRequest) -> dict[str, object]:
    """The one field for news of classes, for pages of rooms that cannot name where it goes."""
    return {"interest": SimpleLazyObject(interest_form)}


def interest_form() -> dict[str, object]:
    return {"url": reverse("registrations:interest"), "form": InterestForm()}
