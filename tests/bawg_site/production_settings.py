"""The settings of production, with static files as they are: nothing has to be collected."""

from bawg_site.settings import *  # noqa: F403
from bawg_site.settings import STORAGES

STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
# Mail is files that a test reads; the sender is an example's.
SILENCED_SYSTEM_CHECKS = ["bawg_site.E002", "bawg_site.E003"]
