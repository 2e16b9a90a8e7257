"""All rows of the database in one file, and back from it: see docs/decisions/backup.md."""


class Refused(Exception):
    """It was not done, and nothing has changed; a sentence that says why."""
