from django.db import migrations
from django.utils import timezone

ONLINE = "Online: the link is on your page"


def place(scheduled_class):
    """As it stands in an entry in English; the next change of the class writes it in full."""
    held_at = " ".join(scheduled_class.address.split()) or scheduled_class.town or "In person"
    return {"online": ONLINE, "both": f"{held_at}. {ONLINE}"}.get(scheduled_class.delivery, held_at)


def write_entries(apps, schema_editor):
    """People who got their seat before the site kept calendars find their days in the file too."""
    Registration = apps.get_model("registrations", "Registration")
    CalendarEntry = apps.get_model("registrations", "CalendarEntry")
    ScheduledClass = apps.get_model("courses", "ScheduledClass")
    now = timezone.now()
    for scheduled_class in ScheduledClass.objects.exclude(status="cancelled"):
        meetings = list(scheduled_class.class_sessions.order_by("starts_at", "pk"))
        people = Registration.objects.filter(
            scheduled_class=scheduled_class, status="confirmed", calendar_entries__isnull=True
        )
        CalendarEntry.objects.bulk_create(
            CalendarEntry(
                registration=person,
                class_session=meeting,
                changed_at=now,
                number=number if len(meetings) > 1 else 0,
                starts_at=meeting.starts_at,
                ends_at=meeting.ends_at,
                time_zone=scheduled_class.time_zone,
                place=place(scheduled_class),
            )
            for person in people
            for number, meeting in enumerate(meetings, start=1)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_what_to_bring_and_revisions"),
        ("registrations", "0005_calendar_entries_say_what_was_sent"),
    ]

    operations = [migrations.RunPython(write_entries, migrations.RunPython.noop)]
