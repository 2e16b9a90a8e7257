from content.models import SiteSettings


def site_settings() -> SiteSettings:
    """The one row; an unsaved, empty one before the content is loaded."""
    return SiteSettings.objects.first() or SiteSettings(pk=1)
