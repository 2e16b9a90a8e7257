"""Staff's web sessions, in the database."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session


class SessionStore(db.SessionStore):
    """A key that no database would take is no key: PostgreSQL refuses a NUL with an error."""

    def _validate_session_key(self, key: Any) -> bool:
        usual = super()._validate_session_key(key)  # type: ignore[misc]  # the stubs leave it out
        return bool(usual) and str(key).isascii() and "\0" not in key


def end_sessions_of(user: User, *, but: str | None = None) -> int:
    """Sign the account out everywhere, or everywhere else. Staff alone have sessions: few."""
    ended = 0
    for stored in Session.objects.exclude(session_key=but or ""):
        if stored.get_decoded().get(SESSION_KEY) == str(user.pk):
            ended += stored.delete()[0]
    return ended
