"""Every public page in every state: what the proofs in a browser look at.

Each state is a function that makes the rows it needs and returns the page. `STATES` holds them all;
a test compares them with the addresses that the site answers, so that no new page is forgotten.
"""

from tests.browser.states import (
    certificates,
    errors,
    evaluation,
    interest,
    own_page,
    public,
    registering,
)
from tests.browser.states.visit import STATES, Seen, State, Visit, languages, pages, shown

__all__ = [
    "STATES",
    "Seen",
    "State",
    "Visit",
    "certificates",
    "errors",
    "evaluation",
    "interest",
    "languages",
    "own_page",
    "pages",
    "public",
    "registering",
    "shown",
]
