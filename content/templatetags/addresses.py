from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

AT = mark_safe("@<wbr>")


@register.filter
def breakable(address: str) -> SafeString:
    """A mail address that breaks after its @ when a line is too narrow for it."""
    return format_html_join(AT, "{}", ((part,) for part in address.split("@")))
