from django.apps import AppConfig
from django.contrib.admin import apps as admin

from bawg_site import checks


class SiteConfig(AppConfig):
    name = "bawg_site"
    default = True

    def ready(self) -> None:
        checks.register()


class StaffAdminConfig(admin.AdminConfig):
    default_site = "bawg_site.staff.StaffSite"
    default = False
