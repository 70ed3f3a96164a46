"""A third kind of link into a case: the one in a letter, which opens it again and again until its day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_longer_keys")]

    operations = [
        migrations.AlterField(
            model_name="invitation",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("confirm", "メールの確認"),
                    ("handover", "窓口からの引継ぎ"),
                    ("letter", "メールのリンク"),
                ],
                max_length=10,
            ),
        ),
    ]
