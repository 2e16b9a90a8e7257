from django.contrib import admin
from django.urls import include, path

from bawg_site import display, health

urlpatterns = [
    path("", include("courses.urls")),
    path("", include("registrations.urls")),
    path("display/", display.choose, name="display"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("content.urls")),
]
