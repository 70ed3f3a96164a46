"""The search keeps words with their weights instead of a `tsvector`; `madoguchi publish` fills it again."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.DeleteModel("Entry"),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(help_text="procedure, facility, dataset, page, elsewhere", max_length=20),
                ),
                ("code", models.CharField(max_length=100)),
                ("digest", models.CharField(help_text="of the texts that were indexed", max_length=64)),
                ("names", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                (
                    "is_closure",
                    models.BooleanField(
                        default=False, help_text="its name speaks of an end: it stands behind openings"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "code"), name="entry_of_a_thing_once")],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="catalogue.entry"
                    ),
                ),
                ("word", models.CharField(max_length=100)),
                ("weight", models.PositiveSmallIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("word", name="varchar_pattern_ops"),
                        models.F("entry"),
                        name="term_word",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("word", name="gin_trgm_ops"), name="term_near"
                    ),
                ],
            },
        ),
    ]
