"""The letters that staff changed, for the page that says what is missing in Spanish."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from content.spanish.texts import SOURCES, Text
from content.translated import ENGLISH, SPANISH
from registrations.admin.letter_texts import built_in, change_path
from registrations.models import Letter, LetterText


def changed_letters() -> Iterator[Text]:
    """One text for each letter that has words of staff's in either language."""
    rows = {(row.kind, row.language): row for row in LetterText.objects.order_by("pk")}
    for kind in dict.fromkeys(kind for kind, _language in rows):
        english, spanish = rows.get((kind, ENGLISH)), rows.get((kind, SPANISH))
        row = english or spanish
        if row:
            yield Text(
                what=row._meta.label_lower,
                key=row.pk,
                field="words",
                place=_("The letter “%(letter)s”") % {"letter": Letter.Kind(kind).label},
                label=_("changed words; without Spanish it reads in Spanish as it came"),
                english=words_of(english) or "\n".join(built_in(kind, ENGLISH).values()),
                spanish=words_of(spanish),
                path=change_path(spanish, kind, SPANISH),
            )


def words_of(row: LetterText | None) -> str:
    return f"{row.subject}\n{row.body}\n{row.button}" if row else ""


SOURCES.append(changed_letters)
