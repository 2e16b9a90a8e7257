from django.db import migrations


def know_what_was_public(apps, schema_editor):
    """A published or cancelled class has been on the site; of a draft nobody can know."""
    scheduled_class = apps.get_model("courses", "ScheduledClass")
    scheduled_class.objects.exclude(status="draft").update(was_published=True)


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_an_address_that_was_public_stays")]

    operations = [migrations.RunPython(know_what_was_public, migrations.RunPython.noop)]
