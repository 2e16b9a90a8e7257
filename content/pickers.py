"""Days and times in the browser's own pickers, for the admin of every room to the right."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayAndTime(forms.SplitDateTimeWidget):
    def __init__(self) -> None:
        day: dict[str, Any] = {"type": "date", "aria-label": _("Day")}
        time: dict[str, Any] = {"type": "time", "aria-label": _("Time")}
        super().__init__(
            date_attrs=day,
            time_attrs=time,
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )


#: For `formfield_overrides`.
PICKERS: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    models.DateField: {"widget": Day},
    models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": DayAndTime},
}
