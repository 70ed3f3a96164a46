"""Private ticket keys lie sealed beside their public ones; the next set-up takes in those that were files."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0010_unpaid_of_an_address")]

    operations = [
        migrations.AddField(
            model_name="ticketkey",
            name="sealed",
            field=models.BinaryField(
                default=b"", help_text="the private key, opened by the installation's secret only"
            ),
        ),
    ]
