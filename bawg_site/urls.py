from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from bawg_site import display, found, health
from registrations.views import mail_came_back

handler400 = "bawg_site.errors.bad_request"
handler500 = "bawg_site.errors.server_error"

urlpatterns = [
    path("display/", display.choose, name="display"),
    path("sitemap.xml", found.sitemap, name="sitemap"),
    path("robots.txt", found.robots, name="robots"),
    path(".well-known/security.txt", found.security, name="security"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", include("bawg_site.signing_in.urls")),
    path("admin/", admin.site.urls),
    path("mail/returned/", mail_came_back, name="mail_came_back"),
    # What people read: English as it is, Spanish under /es/.
    *i18n_patterns(
        path("", include("courses.urls")),
        path("", include("registrations.urls")),
        path("", include("content.urls")),
        prefix_default_language=False,
    ),
]
