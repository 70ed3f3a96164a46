from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_until_purged"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="check",
            name="check_once",
        ),
        migrations.AddField(
            model_name="case",
            name="filing",
            field=models.PositiveSmallIntegerField(
                db_default=1, default=1, help_text="number of the newest application's"
            ),
        ),
        migrations.AddField(
            model_name="check",
            name="filing",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="task",
            name="filed_at",
            field=models.DateTimeField(blank=True, help_text="when what the step asks was answered", null=True),
        ),
        migrations.AddConstraint(
            model_name="check",
            constraint=models.UniqueConstraint(
                fields=("case", "step", "item", "filing"), name="check_once_on_a_filing"
            ),
        ),
    ]
