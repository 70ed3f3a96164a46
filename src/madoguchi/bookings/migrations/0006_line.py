"""The line before an opening: a counter and the next turn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0005_shop")]

    operations = [
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facility", models.CharField(max_length=60)),
                ("opening", models.DateTimeField()),
                ("early", models.PositiveIntegerField(default=0)),
                ("next", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("facility", "opening"), name="line_once_an_opening")]
            },
        ),
    ]
