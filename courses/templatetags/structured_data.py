import json
from collections.abc import Iterable

from django import template
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString

from courses.listing import Listing
from courses.models import Course
from courses.structured_data import course_data

register = template.Library()

#: As in Django's own `json_script`: nothing in the data can end the element or open another.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def structured_data(
    course: Course, shown: Iterable[Listing], description: str, provider: str
) -> str:
    """The page for search engines, as data that no browser runs; empty without a class to come."""
    words = " ".join(strip_tags(description).split())
    data = course_data(course, shown, description=words, provider=provider) if course else None
    if data is None:
        return ""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))
