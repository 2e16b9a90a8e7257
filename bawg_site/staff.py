from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class StaffSite(AdminSite):
    """Where staff work."""

    site_title = _("Peer Support Training")
    site_header = _("Peer Support Training: staff")
    index_title = _("What do you want to do?")
    enable_nav_sidebar = False
