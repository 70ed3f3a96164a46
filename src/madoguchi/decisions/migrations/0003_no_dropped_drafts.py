from django.db import migrations, models


class Migration(migrations.Migration):
    """A state that no draft ever had is no choice any more; the table stays as it is."""

    dependencies = [("decisions", "0002_what_was_decided_stays")]
    operations = [
        migrations.AlterField(
            model_name="draft",
            name="state",
            field=models.CharField(
                choices=[("pending", "決裁中"), ("sent-back", "差戻し"), ("approved", "決裁済")],
                default="pending",
                max_length=10,
            ),
        )
    ]
