from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0002_entries_stay"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="fates",
            field=models.JSONField(default=list, help_text="line, number, fate and problems of each row; no names"),
        ),
        migrations.AddField(
            model_name="holding",
            name="told_days",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="so many days before the end the last letter was due", null=True
            ),
        ),
        migrations.AlterField(
            model_name="batch",
            name="rows",
            field=models.JSONField(help_text="the headings, then each row as read"),
        ),
    ]
