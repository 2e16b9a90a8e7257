from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bawg_site.display import Display
from content.services import site_settings


def site(request: HttpRequest) -> dict[str, object]:
    """What the frame of every page needs: the site's words and the reader's choice of light."""
    return {"site": SimpleLazyObject(site_settings), "display": Display.of(request)}
