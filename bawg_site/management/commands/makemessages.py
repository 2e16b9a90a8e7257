from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages

#: What only staff and developers read stays English.
STAFF_ONLY = ["admin", "admin.py", "pickers.py", "management", "tests", "migrations", "var"]

#: Lines that would change with every run and tell nobody anything.
STAMPS = ("POT-Creation-Date", "Report-Msgid-Bugs-To")


class Command(makemessages.Command):
    """Django's own, with this house's second word for `gettext` and one plain form of the file.

    An entry says which file it is from and not which line, so that moved code changes nothing.
    Nothing is guessed: a text that changed has no Spanish until somebody writes it.
    """

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_now"]
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        options["ignore_patterns"] += STAFF_ONLY
        options |= {"locale": ["es"], "no_wrap": True, "add_location": "file", "no_obsolete": True}
        super().handle(*args, **options)

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        catalog = Path(potfile).parent / locale / "LC_MESSAGES" / "django.po"
        lines = catalog.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(tuple(f'"{name}' for name in STAMPS))]
        catalog.write_text("".join(kept), encoding="utf-8")
