from django.db import migrations

from registrations.finding import keys_of

BATCH = 1000


def fill(apps, schema_editor):
    people = apps.get_model("registrations", "Registration").objects.using(
        schema_editor.connection.alias
    )
    batch = []
    for person in people.only("full_name", "phone").order_by("pk").iterator(BATCH):
        for key, value in keys_of(person.full_name, person.phone).items():
            setattr(person, key, value)
        batch.append(person)
        if len(batch) == BATCH:
            people.bulk_update(batch, ["name_key", "phone_key"])
            batch.clear()
    people.bulk_update(batch, ["name_key", "phone_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0009_keys_to_find_people_by"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
