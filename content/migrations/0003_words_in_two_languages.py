from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0002_who_changed_what")]

    operations = [
        migrations.RenameField("sitesettings", "notice", "notice_en"),
        migrations.RenameField("sitesettings", "help_words", "help_words_en"),
        migrations.RenameField("sitesettings", "safety_words", "safety_words_en"),
        migrations.RenameField("page", "title", "title_en"),
        migrations.RenameField("page", "announcement_heading", "announcement_heading_en"),
        migrations.RenameField("page", "announcement", "announcement_en"),
        migrations.RenameField("page", "description", "description_en"),
        migrations.RemoveConstraint("section", "section_heading_once_per_page"),
        migrations.RenameField("section", "heading", "heading_en"),
        migrations.RenameField("section", "body", "body_en"),
        migrations.AddConstraint(
            "section",
            models.UniqueConstraint(
                fields=["page", "heading_en"],
                name="section_heading_once_per_page",
                violation_error_message="This page has a section with this heading already.",
            ),
        ),
        migrations.AddField(
            model_name="page",
            name="announcement_es",
            field=models.TextField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                verbose_name="announcement, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="page",
            name="announcement_heading_es",
            field=models.CharField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                max_length=100,
                verbose_name="words above the title, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="page",
            name="description_es",
            field=models.CharField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                max_length=160,
                verbose_name="description for search engines, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="page",
            name="title_es",
            field=models.CharField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                max_length=200,
                verbose_name="title, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="section",
            name="body_es",
            field=models.TextField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                verbose_name="words, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="section",
            name="heading_es",
            field=models.CharField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                max_length=200,
                verbose_name="heading, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="help_words_es",
            field=models.TextField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                verbose_name="help, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="notice_es",
            field=models.TextField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                verbose_name="notice, in Spanish",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="safety_words_es",
            field=models.TextField(
                blank=True,
                help_text="Empty: readers of Spanish see the English.",
                verbose_name="safety words, in Spanish",
            ),
        ),
        migrations.AlterField(
            model_name="page",
            name="announcement_en",
            field=models.TextField(
                blank=True,
                help_text="Stands first, right under the title. Its first paragraph is set larger.",
                verbose_name="announcement, in English",
            ),
        ),
        migrations.AlterField(
            model_name="page",
            name="announcement_heading_en",
            field=models.CharField(
                blank=True,
                help_text="For example: New training course!",
                max_length=100,
                verbose_name="words above the title, in English",
            ),
        ),
        migrations.AlterField(
            model_name="page",
            name="description_en",
            field=models.CharField(
                blank=True,
                help_text="One sentence. It is not shown on the page.",
                max_length=160,
                verbose_name="description for search engines, in English",
            ),
        ),
        migrations.AlterField(
            model_name="page",
            name="title_en",
            field=models.CharField(max_length=200, verbose_name="title, in English"),
        ),
        migrations.AlterField(
            model_name="section",
            name="body_en",
            field=models.TextField(blank=True, verbose_name="words, in English"),
        ),
        migrations.AlterField(
            model_name="section",
            name="heading_en",
            field=models.CharField(max_length=200, verbose_name="heading, in English"),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="help_words_en",
            field=models.TextField(
                blank=True,
                help_text="Who answers, and within how long. Stands after the help address.",
                verbose_name="help, in English",
            ),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="notice_en",
            field=models.TextField(
                help_text="Shown in place of the classes while no class is scheduled.",
                verbose_name="notice, in English",
            ),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="safety_words_en",
            field=models.TextField(
                help_text="On every page: no medical advice is given here, do not stop suddenly, 911 and 988.",
                verbose_name="safety words, in English",
            ),
        ),
    ]
