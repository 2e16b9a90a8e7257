import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages

#: What only staff and developers read stays English: add a file or folder here when it is theirs.
STAFF_ONLY = [
    "admin",
    "account_letter.py",
    "accounts.py",
    "admin.py",
    "apps.py",
    "audit",
    "auditing.py",
    "desk",
    "drawing_up.py",
    "exporting.py",
    "charts.py",
    "history",
    "history.py",
    "letter.py",
    "management",
    "meeting_files.py",
    "migrations",
    "numbers.py",
    "pickers.py",
    "provider",
    "public_preview.py",
    "publishing.py",
    "recorded.py",
    "retention",
    "restoring.py",
    "roles.py",
    "signing_in",
    "spanish",
    "staff.py",
    "staff_pages.py",
    "tests",
    "translated.py",
    "var",
]

#: Lines that would change with every run and tell nobody anything.
STAMPS = ("POT-Creation-Date", "Report-Msgid-Bugs-To")


class SourceFile(makemessages.BuildFile):
    """As Django reads it, but a model without its fields: their labels stand in the admin alone."""

    @property
    def is_a_model(self) -> bool:
        path = Path(self.path)
        return path.name == "models.py" or path.parent.name == "models"

    @property
    def is_templatized(self) -> bool:
        return self.is_a_model or bool(super().is_templatized)

    def preprocess(self) -> None:
        if not self.is_a_model:
            super().preprocess()
            return
        source = Path(self.path).read_text(encoding="utf-8")
        lines = source.splitlines()
        for first, last in labels(ast.parse(source)):
            lines[first - 1 : last] = [""] * (last - first + 1)
        Path(self.work_path).write_text("\n".join(lines), encoding="utf-8")


def labels(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """The lines of fields and of `Meta`; what a choice is called stays, for pages say it."""
    for made in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        is_choice = any(ast.unparse(base).endswith("Choices") for base in made.bases)
        for part in made.body:
            if isinstance(part, ast.Assign | ast.AnnAssign) and not is_choice:
                yield part.lineno, part.end_lineno or part.lineno


class Command(makemessages.Command):
    """Django's own, with this house's second word for `gettext` and one plain form of the file.

    An entry says which file it is from and not which line, so that moved code changes nothing.
    Nothing is guessed: a text that changed has no Spanish until somebody writes it.
    """

    build_file_class = SourceFile
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
