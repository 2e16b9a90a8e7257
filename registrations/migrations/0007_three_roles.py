from django.db import migrations

from registrations import roles


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("content", "0001_initial"),
        ("courses", "0005_an_account_of_an_instructor"),
        ("registrations", "0006_entries_for_people_with_a_seat"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="registration",
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("teach_class", "Can see who comes to the classes that they teach")
                ],
                "verbose_name": "registration",
                "verbose_name_plural": "registrations",
            },
        ),
        migrations.RunPython(roles.bring_up_to_date, migrations.RunPython.noop),
    ]
