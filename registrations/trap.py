"""A field that people never see, and scripts that fill in every field do.

It is hidden from eyes, keyboards and screen readers alike, and has a name that no browser and no
password manager fills in. Whoever fills it gets the answers of everybody else, and nothing is
written: a script that learns nothing does not come back cleverer.
"""

import logging

from django.http import HttpRequest

#: The name also stands in templates/includes/trap.html.
FIELD = "comment"

logger = logging.getLogger(__name__)


def is_filled(request: HttpRequest) -> bool:
    filled = bool(request.POST.get(FIELD))
    if filled:
        logger.info("A form came with the hidden field filled in")
    return filled
