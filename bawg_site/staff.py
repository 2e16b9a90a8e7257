from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StaffSite(AdminSite):
    """Where staff work."""

    site_title = _("Peer Support Training")
    site_header = _("Peer Support Training: staff")
    index_title = _("Today")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, with a second factor where one is needed."""
        from bawg_site.signing_in import second_factor  # noqa: PLC0415  # it reads models, too

        return super().has_permission(request) and second_factor.is_enough(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Django's own page, with the tries of the old password counted."""
        from bawg_site.signing_in.forms import PasswordChangeForm  # noqa: PLC0415  # as above

        page = PasswordChangeView.as_view(
            form_class=PasswordChangeForm,
            success_url=reverse("admin:password_change_done"),
            extra_context=self.each_context(request) | (extra_context or {}),
        )
        request.current_app = self.name
        return cast("TemplateResponse", page(request))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """What needs a hand today, before any list of what there is."""
        # The desk reads models, which are there only after this module.
        from registrations.desk.first_page import first_page  # noqa: PLC0415  # see above

        desk = first_page(cast("User", request.user), timezone.now())
        return super().index(request, (extra_context or {}) | desk)

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """By names that staff know: Django calls one of them "Authentication and Authorization"."""
        rooms: list[dict[str, Any]] = super().get_app_list(request, app_label)
        for room in rooms:
            if room["app_label"] == "auth":
                room["name"] = _("Accounts and roles")
        return rooms
