"""The bytes of datasets' files as rows; like the files' own rows they never change."""

from django.db import migrations, models

GUARD = """
CREATE TRIGGER piece_is_frozen BEFORE UPDATE OR DELETE ON opendata_piece
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_versions();
"""


class Migration(migrations.Migration):
    dependencies = [("opendata", "0005_a_second_officer")]

    operations = [
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(help_text="of the whole content", max_length=64)),
                ("number", models.PositiveIntegerField(help_text="from 0")),
                ("part", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("sha256", "number"), name="piece_once")],
            },
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER piece_is_frozen ON opendata_piece"),
    ]
