from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from content.history.models import SITE
from content.history.recording import begin
from content.models import Page, SiteSettings
from content.seed import load_words
from courses.models import Course
from courses.seed import load_course


class Command(BaseCommand):
    """Here and not among the words, because the course's own facts are part of the page."""

    help = "Write the real course page where it is missing. What staff changed stays as it is."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        new = load_words() + load_course()
        for owner in [*SiteSettings.objects.all(), *Page.objects.all(), *Course.objects.all()]:
            begin(owner, actor=SITE, now=timezone.now())
        if options["verbosity"]:
            self.stdout.write(f"New: {', '.join(new)}." if new else "All is there already.")
