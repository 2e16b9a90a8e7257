from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_an_account_of_an_instructor")]

    operations = [
        migrations.AlterModelOptions(
            "course",
            {"ordering": ["title_en"], "verbose_name": "course", "verbose_name_plural": "courses"},
        ),
        migrations.RenameField("course", "title", "title_en"),
        migrations.RenameField("objective", "text", "text_en"),
        migrations.RenameField("scheduledclass", "about_days", "about_days_en"),
        migrations.RenameField("scheduledclass", "what_to_bring", "what_to_bring_en"),
        migrations.RenameField("scheduledclass", "cost", "cost_en"),
        migrations.RenameField("scheduledclass", "cancellation", "cancellation_en"),
        migrations.AddField(
            model_name="course",
            name="title_es",
            field=models.CharField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                max_length=200,
                verbose_name="title, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="objective",
            name="text_es",
            field=models.CharField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                max_length=300,
                verbose_name="objective, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="scheduledclass",
            name="about_days_es",
            field=models.TextField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                max_length=1000,
                verbose_name="about the days, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="scheduledclass",
            name="cancellation_es",
            field=models.CharField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                max_length=300,
                verbose_name="how to give up a seat, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="scheduledclass",
            name="cost_es",
            field=models.CharField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                max_length=200,
                verbose_name="cost, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="scheduledclass",
            name="what_to_bring_es",
            field=models.TextField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                max_length=1000,
                verbose_name="what to bring or have ready, in Spanish",
            ),
        ),
        migrations.AlterField(
            model_name="course",
            name="title_en",
            field=models.CharField(
                help_text="As the class pages and the certificate print it.",
                max_length=200,
                verbose_name="title, in English",
            ),
        ),
        migrations.AlterField(
            model_name="objective",
            name="text_en",
            field=models.CharField(max_length=300, verbose_name="objective, in English"),
        ),
        migrations.AlterField(
            model_name="scheduledclass",
            name="about_days_en",
            field=models.TextField(
                blank=True,
                help_text="Breaks, lunch, captions, whether a camera may be off.",
                max_length=1000,
                verbose_name="about the days, in English",
            ),
        ),
        migrations.AlterField(
            model_name="scheduledclass",
            name="cancellation_en",
            field=models.CharField(
                blank=True,
                help_text="Needed before publishing. For example: You can cancel on your own page.",
                max_length=300,
                verbose_name="how to give up a seat, in English",
            ),
        ),
        migrations.AlterField(
            model_name="scheduledclass",
            name="cost_en",
            field=models.CharField(
                blank=True,
                help_text="Needed before publishing, even when it is: Free",
                max_length=200,
                verbose_name="cost, in English",
            ),
        ),
        migrations.AlterField(
            model_name="scheduledclass",
            name="what_to_bring_en",
            field=models.TextField(
                blank=True,
                help_text="Stands in the reminders and on the page of everyone who has a seat.",
                max_length=1000,
                verbose_name="what to bring or have ready, in English",
            ),
        ),
    ]
