"""What every part begins with: the tables, the words of the site, its static files."""

from django.core.management import call_command

from bawg_site import static_files


def measure() -> list[object]:
    call_command("prepare")
    static_files.collect()
    return []
