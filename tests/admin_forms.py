"""Pages of the admin as people meet them: filled in, typed over, read cell by cell."""

import html
import re
from collections.abc import Iterable
from typing import Any

from django.forms import BaseForm
from django.test import Client

from courses.models import ScheduledClass

ADD = "/admin/courses/scheduledclass/add/"


def change(pk: int) -> str:
    return f"/admin/courses/scheduledclass/{pk}/change/"


def filled_in(client: Client, path: str, **typed: str) -> dict[str, Any]:
    """What the form at `path` would send, with `typed` in place of what is there."""
    context = client.get(path).context
    data: dict[str, Any] = values(context["adminform"].form)
    if context.get("seen"):
        data["_seen"] = context["seen"]
    for inline in context["inline_admin_formsets"]:
        data |= values(inline.formset.management_form)
        for form in inline.formset.forms:
            data |= values(form)
    return data | typed


def values(form: BaseForm) -> dict[str, Any]:
    return {name: value for bound in form for name, value in sent_by(bound)}


def sent_by(bound: Any) -> Iterable[tuple[str, Any]]:
    """The names and values of one field; a day and time are two."""
    widget = getattr(bound.field.widget, "widget", bound.field.widget)
    value = bound.value()
    if hasattr(widget, "widgets"):
        for suffix, part in zip(widget.widgets_names, widget.decompress(value), strict=True):
            name = f"{bound.html_name}{suffix}"
            yield name, "" if part is None else f"{part:%Y-%m-%d}" if suffix == "_0" else str(part)
    elif getattr(widget, "allow_multiple_selected", False):
        yield bound.html_name, [str(getattr(one, "pk", one)) for one in value or []]
    else:
        yield bound.html_name, "" if value is None else str(value)


def session(number: int, day: str, start: str, end: str, minutes: int = 360) -> dict[str, str]:
    """One session as typed; `number` counts the rows of the page from 0."""
    row = f"class_sessions-{number}"
    return {
        f"{row}-starts_at_0": day,
        f"{row}-starts_at_1": start,
        f"{row}-ends_at_0": day,
        f"{row}-ends_at_1": end,
        f"{row}-credit_minutes": str(minutes),
    }


def errors(response: Any) -> dict[str, list[str]]:
    """All sentences on the page, by the field where they stand."""
    context = response.context
    if context is None or "adminform" not in context:
        return {}
    found = {name: list(words) for name, words in context["adminform"].form.errors.items()}
    for inline in context["inline_admin_formsets"]:
        for number, row in enumerate(inline.formset.errors):
            found |= {f"{number}-{name}": list(words) for name, words in row.items()}
        if inline.formset.non_form_errors():
            found["sessions"] = list(inline.formset.non_form_errors())
    return found


def rows(response: Any) -> list[list[str]]:
    """What stands in the rows of a list, cell by cell."""
    body = response.text.split("<tbody>")[1].split("</tbody>")[0]
    found = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>")
    ]
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in found if row]


def edit(client: Client, scheduled_class: ScheduledClass, **typed: str) -> Any:
    """Save, and confirm what is shown before."""
    path = change(scheduled_class.pk)
    return pressed(client, path, client.post(path, filled_in(client, path, **typed)))


def previewed(client: Client, scheduled_class: ScheduledClass, **typed: str) -> Any:
    """Save as far as the page that comes first."""
    path = change(scheduled_class.pk)
    response = client.post(path, filled_in(client, path, **typed))
    assert "told" in (response.context or {}), "nothing was shown"
    return response


def pressed(client: Client, path: str, response: Any, **options: Any) -> Any:
    """Press the button of the page that comes before an act, if that is what it is."""
    if "told" not in (response.context or {}):
        return response
    return client.post(path, carried_by(response), **options)


def carried_by(response: Any) -> dict[str, Any]:
    """The hidden fields of that page."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', response.text)
    data: dict[str, Any] = {}
    for name, value in found:
        data.setdefault(html.unescape(name), []).append(html.unescape(value))
    return data


def stored(scheduled_class: ScheduledClass) -> ScheduledClass:
    return ScheduledClass.objects.select_related("seats").get(pk=scheduled_class.pk)


def acted(client: Client, path: str, data: dict[str, Any] | None = None) -> Any:
    """Read the preview and press its button; the page after it. A refusal ends before."""
    typed = data or {}
    response = client.post(path, typed, follow=True)
    if "told" not in (response.context or {}):
        return response
    shown = response.context["told"].fingerprint
    return client.post(path, typed | {"_shown": shown}, follow=True)
