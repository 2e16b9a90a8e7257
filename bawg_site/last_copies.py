"""The last good copy of each public page, on disk for all processes of this machine.

It is read when the database cannot be reached, also by a process that never made the page.
"""

import contextlib
import datetime as dt
import hashlib
import json
import logging
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from bawg_site.display import Display
from bawg_site.rendered import Rendered
from courses import zones
from courses.zones import Zone

logger = logging.getLogger(__name__)

Key = tuple[str, Display]

#: The line about the database goes right after this, in every page.
MAIN = '<main class="wrap" id="main" tabindex="-1">\n'


def keep(key: Key, page: Rendered) -> None:
    """Written beside and put in place at once, so that nobody reads half a page."""
    content = json.dumps(
        {
            "body": page.body.decode(),
            "headers": page.headers,
            "made_at": page.made_at.isoformat(),
        }
    )
    try:
        folder = folder_of_the_site()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
            file.write(content)
        Path(file.name).replace(place_of(key))
    except OSError as error:
        logger.warning("No copy of %s is kept for when the database is away: %s", key[0], error)


def forget(key: Key) -> None:
    with contextlib.suppress(OSError):
        place_of(key).unlink(missing_ok=True)


def forget_all_but(paths: Iterable[str]) -> None:
    """What was taken off the site is gone from here too, whether or not somebody asks for it."""
    kept = {digest(path) for path in paths}
    with contextlib.suppress(OSError):
        for copy in folder_of_the_site().glob("*.json"):
            if copy.name.partition("-")[0] not in kept:
                copy.unlink(missing_ok=True)


def read(key: Key, path: str) -> Rendered | None:
    """The copy with the line that says from when it is, or None."""
    try:
        kept = json.loads(place_of(key).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    made_at = dt.datetime.fromisoformat(kept["made_at"])
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        moment = zones.hour_or_moment(made_at, Zone(settings.TIME_ZONE), timezone.now())
        line = render_to_string("includes/away.html", {"moment": moment})
    body = kept["body"].replace(MAIN, MAIN + line, 1)
    return Rendered(body.encode(), kept["headers"], made_at)


def place_of(key: Key) -> Path:
    path, display = key
    return folder_of_the_site() / f"{digest(path)}-{digest(display.cookie)[:16]}.json"


def folder_of_the_site() -> Path:
    """Two sites that run from one folder keep theirs apart."""
    site = digest(settings.DATABASE_URL, settings.SITE_URL)
    return Path(settings.LAST_COPIES_DIR) / site[:16]


def digest(*names: str) -> str:
    return hashlib.sha256(repr(names).encode()).hexdigest()
