from django.apps import AppConfig
from django.contrib.admin import apps as admin


class SiteConfig(AppConfig):
    name = "bawg_site"
    default = True


class StaffAdminConfig(admin.AdminConfig):
    default_site = "bawg_site.staff.StaffSite"
    default = False
