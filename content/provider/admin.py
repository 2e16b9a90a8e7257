"""Where staff say who gives the training, and bring the picture of a signature."""

import struct

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content import typesetting
from content.history import recording
from content.history.admin import WithHistory, actor_of
from content.one_row import OneRow
from content.provider.models import Provider
from content.staff_pages import staff_page

BEGINS_A_PNG = b"\x89PNG\r\n\x1a\n"
MOST_BYTES = 200_000
MOST_PIXELS = 2000


def check_signature(picture: bytes) -> None:
    """By its content, whatever it is called. Raises ValidationError."""
    if len(picture) > MOST_BYTES:
        raise ValidationError(_now("The picture is larger than 200 kB. Bring a smaller one."))
    if not picture.startswith(BEGINS_A_PNG) or picture[12:16] != b"IHDR" or len(picture) < 24:
        raise ValidationError(_now("This is no PNG picture. Save the signature as PNG."))
    if max(struct.unpack(">II", picture[16:24])) > MOST_PIXELS:
        raise ValidationError(
            _now("The picture is more than 2000 pixels wide or high. Bring a smaller one.")
        )
    if not typesetting.is_readable_png(picture):
        raise ValidationError(_now("The picture cannot be read. Save it as PNG once more."))


class ProviderForm(forms.ModelForm):
    picture = forms.FileField(
        label=_("A new signature"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png"}),
        help_text=_("A PNG picture, dark on white or see-through, at most 200 kB."),
    )

    def clean_picture(self) -> bytes | None:
        brought = self.cleaned_data["picture"]
        if not isinstance(brought, UploadedFile):
            return None
        picture: bytes = brought.read(MOST_BYTES + 1)
        check_signature(picture)
        return picture


@admin.register(Provider)
class ProviderAdmin(OneRow, WithHistory):
    form = ProviderForm
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "contact", "signed_by", "signed_as", "signature_now", "picture"],
                "description": _(
                    "New certificates print it. Those that were issued stay as they are."
                ),
            },
        )
    ]
    readonly_fields = ["signature_now"]

    def get_urls(self) -> list[URLPattern]:
        page = staff_page("content.view_provider")(signature)
        return [path("signature/", page, name="content_provider_signature"), *super().get_urls()]

    def save_model(
        self, request: HttpRequest, obj: Provider, form: forms.ModelForm, change: bool
    ) -> None:
        picture = form.cleaned_data["picture"]
        if picture:
            sizes = [f"{len(obj.signature)} B", f"{len(picture)} B"]
            obj.signature = picture
        super().save_model(request, obj, form, change)
        if picture:
            recording.note(obj, actor=actor_of(request), now=timezone.now(), signature=sizes)

    @admin.display(description=_("signature"))
    def signature_now(self, provider: Provider) -> str:
        if not provider.signature:
            return _now("None yet. Certificates cannot be issued without one.")
        return format_html(
            '<img src="{}" alt="{}" height="60">',
            reverse("admin:content_provider_signature"),
            _now("The signature that new certificates print"),
        )


def signature(request: HttpRequest) -> HttpResponse:
    provider = Provider.objects.first()
    if provider is None or not provider.signature:
        raise Http404
    response = HttpResponse(provider.signature_png, content_type="image/png")
    response["Cache-Control"] = "no-store, private"
    return response
