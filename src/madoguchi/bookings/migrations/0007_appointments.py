"""How an appointment is held, and when its reminder was sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0006_line")]

    operations = [
        migrations.AddField(
            "order",
            "way",
            models.CharField(blank=True, db_default="", default="", help_text="counter or video", max_length=10),
        ),
        migrations.AddField("order", "reminded_at", models.DateTimeField(blank=True, null=True)),
    ]
