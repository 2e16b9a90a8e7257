"""The settings of production, with static files as they are: nothing has to be collected."""

from bawg_site.settings import *  # noqa: F403
from bawg_site.settings import STORAGES

STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
