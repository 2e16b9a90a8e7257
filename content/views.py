from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from content.models import Page
from content.public import public_page
from content.translated import first_page


@public_page
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of words, like `/privacy/`."""
    if slug == Page.COURSE:
        return redirect(first_page(), permanent=True)
    found = get_object_or_404(Page.objects.prefetch_related("sections"), slug=slug)
    return render(request, "content/page.html", {"page": found})
