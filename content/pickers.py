"""Days, times and addresses in the browser's own fields, for the admin of every room."""

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


class MomentField(forms.SplitDateTimeField):
    """Says in words what Django says of an hour that the clock leaps over, or has twice."""

    def compress(self, data_list: Any) -> Any:
        try:
            return super().compress(data_list)
        except forms.ValidationError as refusal:
            if refusal.code != "ambiguous_timezone":
                raise
            words = _("On that day the clocks change, and this hour is not there or comes twice.")
            raise forms.ValidationError(words, code=refusal.code) from refusal


#: For `formfield_overrides`.
PICKERS: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    models.DateField: {"widget": Day},
    models.DateTimeField: {"form_class": MomentField, "widget": DayAndTime},
    models.URLField: {
        "widget": forms.URLInput(attrs={"class": "vURLField"}),
        "assume_scheme": "https",
    },
}
