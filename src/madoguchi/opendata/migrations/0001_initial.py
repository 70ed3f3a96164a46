import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import madoguchi.foundation.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Dataset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*\\Z", "半角の小文字、数字、ハイフンで書いてください。"
                            )
                        ],
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("title_en", models.CharField(blank=True, default="", max_length=200)),
                ("title_easy", models.CharField(blank=True, default="", max_length=200)),
                ("description", models.TextField()),
                ("description_en", models.TextField(blank=True, default="")),
                ("description_easy", models.TextField(blank=True, default="")),
                ("office", models.CharField(help_text="of town.yaml", max_length=60)),
                ("theme", models.CharField(help_text="of `themes`", max_length=20)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("licence", models.CharField(default="CC-BY-4.0", help_text="SPDX identifier", max_length=20)),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("daily", "毎日"),
                            ("weekly", "毎週"),
                            ("monthly", "毎月"),
                            ("quarterly", "３か月ごと"),
                            ("annual", "毎年"),
                            ("irregular", "決まっていない"),
                        ],
                        default="irregular",
                        max_length=10,
                    ),
                ),
                (
                    "contact",
                    models.EmailField(
                        blank=True, default="", help_text="empty: the office by telephone", max_length=254
                    ),
                ),
                (
                    "source",
                    models.CharField(choices=[("system", "システムが作成"), ("upload", "担当課が登録")], max_length=6),
                ),
                ("is_public", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(help_text="of the description or the rows")),
            ],
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=madoguchi.foundation.identifiers.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "format",
                    models.CharField(choices=[("csv", "CSV"), ("json", "JSON"), ("parquet", "Parquet")], max_length=8),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="resources", to="opendata.dataset"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("frozen_at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                ("rows", models.PositiveBigIntegerField()),
                ("schema", models.JSONField()),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="opendata.dataset"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="File",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bytes", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="opendata.resource"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="opendata.version"
                    ),
                ),
            ],
            options={
                "ordering": ["resource"],
            },
        ),
        migrations.AddField(
            model_name="dataset",
            name="current",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="opendata.version",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(fields=("dataset", "format"), name="resource_once_per_format"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("dataset", "number"), name="version_number_once"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="version_counts_from_one"),
        ),
        migrations.AddConstraint(
            model_name="file",
            constraint=models.UniqueConstraint(fields=("resource", "version"), name="file_once_per_version"),
        ),
        migrations.AddIndex(
            model_name="dataset",
            index=models.Index(fields=["changed_at"], name="dataset_by_change"),
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_public", False), ("current__isnull", False), _connector="OR"),
                name="dataset_public_with_rows",
                violation_error_message="データがまだないため、公開できません。",
            ),
        ),
    ]
