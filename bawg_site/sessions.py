"""Staff's web sessions, in the database."""

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """A key that no database would take is no key: PostgreSQL refuses a NUL with an error."""

    def _validate_session_key(self, key: Any) -> bool:
        usual = super()._validate_session_key(key)  # type: ignore[misc]  # the stubs leave it out
        return bool(usual) and str(key).isascii() and "\0" not in key
