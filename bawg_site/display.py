"""The reader's choice of light and text, kept in one cookie."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

COOKIE = "display"
LIGHTS = ["device", "light", "dim", "dark"]
TEXTS = ["normal", "larger"]
CHOICES = {"light", "text", "next"}
ONE_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Display:
    light: str = "device"
    text: str = "normal"

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The choice in the request's cookie; nonsense in it counts as none."""
        light, _, text = request.COOKIES.get(COOKIE, "").partition(".")
        return cls(
            light=light if light in LIGHTS else cls.light, text=text if text in TEXTS else cls.text
        )

    @classmethod
    def all(cls) -> Iterator[Self]:
        return (cls(light, text) for light in LIGHTS for text in TEXTS)

    @property
    def cookie(self) -> str:
        return f"{self.light}.{self.text}"


@csrf_exempt  # A token would set a cookie on every page, and a forged choice of light harms nobody.
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice and go back to the page it was made on."""
    before = Display.of(request)
    light = request.POST.get("light", before.light)
    text = request.POST.get("text", before.text)
    way_back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        way_back, allowed_hosts=None, require_https=request.is_secure()
    ):
        way_back = "/"
    # A page with a form sends its fields along, and they go back with the reader.
    with_fields = bool(request.POST.keys() - CHOICES)
    response = HttpResponseRedirect(way_back, preserve_request=with_fields)
    if light in LIGHTS and text in TEXTS:
        response.set_cookie(
            COOKIE,
            Display(light, text).cookie,
            max_age=ONE_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response
