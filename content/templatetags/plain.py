import html
import re

from django import template
from django.utils.html import strip_tags

register = template.Library()


@register.filter
def plain(words: str) -> str:
    """Rich text as plain text, for a mail's text part: each paragraph and item on its own line."""
    lines = re.sub(r"(?i)</(p|li|h\d)>|<br ?/?>", "\n", str(words))
    return re.sub(r"\n\s*", "\n", html.unescape(strip_tags(lines))).strip()
