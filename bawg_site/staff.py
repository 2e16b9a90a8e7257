from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StaffSite(AdminSite):
    """Where staff work."""

    site_title = _("Peer Support Training")
    site_header = _("Peer Support Training: staff")
    index_title = _("Today")
    enable_nav_sidebar = False

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
