"""The admin of a model with one row: no list of it, no second one, and none to delete."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


class OneRow(admin.ModelAdmin):
    """Stands before what records a save: it gives the row its key."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @property
    def is_there(self) -> bool:
        return bool(self.model._base_manager.exists())

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return redirect(
            reverse(f"{name}_change", args=[1]) if self.is_there else reverse(f"{name}_add")
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every page of the desk asks who may add, so that is not where the row is looked up."""
        if self.has_add_permission(request) and self.is_there:
            return self.changelist_view(request)
        return super().add_view(request, form_url, extra_context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """There is no other one to add."""
        context = {"show_save_and_add_another": False} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)
