"""Rich text that staff write: edited in a real editor, clean wherever it is saved."""

from typing import Any

from django.db.models.expressions import Combinable
from django.utils.safestring import SafeString
from django_prose_editor.fields import ProseEditorField, create_sanitizer

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["https", "http", "mailto", "tel"]},
}


class RichTextField(ProseEditorField):
    """HTML of a few tags: paragraphs, lists, links, bold and italic.

    The editor cleans in `clean()` only, which `objects.create()` and `update()` pass by. So the
    value is cleaned again on its way into the database, whoever saves it, and what is read from
    the database can be printed as it is.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["config"] = {"extensions": dict(EXTENSIONS)}
        kwargs["sanitize"] = create_sanitizer(EXTENSIONS)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return self.sanitize(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str) and not isinstance(value, Combinable):
            value = SafeString(self.sanitize(value))
            setattr(model_instance, self.attname, value)
        return value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else SafeString(value)
