from content.kept import Memory, seen_mark
from content.models import SiteSettings

_site_words: Memory[SiteSettings] = Memory(1)


def site_settings() -> SiteSettings:
    """The one row; an unsaved, empty one before the content is loaded."""
    return SiteSettings.objects.first() or SiteSettings(pk=1)


def site_words_at_hand() -> SiteSettings:
    """The same as at the last look at what is public, for showing it: nothing may change it."""
    return _site_words.recall("the row", seen_mark(), site_settings)
