from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0015_certificates"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="lettertext",
            options={
                "ordering": ["kind", "language"],
                "verbose_name": "words of the letter",
                "verbose_name_plural": "words of the letters",
            },
        ),
        migrations.AlterModelOptions(
            name="message",
            options={
                "ordering": ["-pk"],
                "verbose_name": "message",
                "verbose_name_plural": "messages to people of a class",
            },
        ),
        migrations.AlterModelOptions(
            name="registration",
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("teach_class", "Can see who comes to the classes that they teach"),
                    ("export_registration", "Can take the people of a class along as a file"),
                ],
                "verbose_name": "registration",
                "verbose_name_plural": "people",
            },
        ),
    ]
