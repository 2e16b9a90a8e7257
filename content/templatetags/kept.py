"""Parts of pages that are the same for many readers."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from content.kept import Memory, seen_mark
from content.translated import spoken

register = template.Library()

#: Every part of every open class, in each language and light.
MOST_PARTS = 512

_parts: Memory[SafeString] = Memory(MOST_PARTS)


@register.simple_tag
def kept(template_name: str, **values: object) -> SafeString:
    """An include that is given these values and nothing else, so that it is made once for them.

    A row among the values stands for what it says until a public row changes. What one person typed
    has no place here: nobody else would ever need it.
    """
    key = (template_name, spoken(), *values.items())
    return _parts.recall(key, seen_mark(), lambda: render_to_string(template_name, values))
