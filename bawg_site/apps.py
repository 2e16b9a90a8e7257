from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.contrib.auth.apps import AuthConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "bawg_site"
    default = True


class StaffAdminConfig(admin.AdminConfig):
    default_site = "bawg_site.staff.StaffSite"
    default = False


class AccountsConfig(AuthConfig):
    """Django's accounts under a name that staff know."""

    verbose_name = _("Accounts and roles")
    default = False
