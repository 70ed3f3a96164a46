"""Requests for data and files handed in; what was lifted and what was answered never changes."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.foundation.identifiers

TABLES = ("opendata_step", "opendata_lift")
GUARD = """
CREATE FUNCTION refuse_change_of_asking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_asking();"
    for table in TABLES
)
UNGUARD = "".join(f"DROP TRIGGER {table}_append_only ON {table};" for table in TABLES) + (
    "DROP FUNCTION refuse_change_of_asking();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("opendata", "0002_datastore"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80)),
                ("purpose", models.TextField()),
                ("email", models.EmailField(blank=True, default="", max_length=254)),
                ("language", models.CharField(default="ja", max_length=10)),
                (
                    "key",
                    models.CharField(help_text="idempotency key: one press, one request", max_length=200, unique=True),
                ),
                ("body", models.CharField(help_text="SHA-256 of what was sent under the key", max_length=64)),
                ("at", models.DateTimeField()),
                ("due", models.DateField(help_text="the last open day for an answer")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "受付"),
                            ("office", "担当課で確認中"),
                            ("opened", "公開しました"),
                            ("refused", "公開できません"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("office", models.CharField(blank=True, default="", max_length=60)),
                (
                    "dataset",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="opendata.dataset",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "受付"),
                            ("office", "担当課で確認中"),
                            ("opened", "公開しました"),
                            ("refused", "公開できません"),
                        ],
                        max_length=10,
                    ),
                ),
                ("office", models.CharField(blank=True, default="", max_length=60)),
                ("reason", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="opendata.datarequest"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=madoguchi.foundation.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("office", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("name", models.CharField(max_length=200)),
                ("content", models.BinaryField(blank=True, default=b"")),
                (
                    "facility_columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), blank=True, default=list, size=None
                    ),
                ),
                ("report", models.JSONField(help_text="what upload_judging found, personal data masked")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "確認中"), ("published", "公開済み"), ("discarded", "取りやめ")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="upload",
                        to="opendata.version",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Lift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group", models.CharField(help_text="personal.Finding.group", max_length=200)),
                ("reason", models.CharField(max_length=400)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lifts", to="opendata.upload"
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.AddIndex(
            model_name="datarequest",
            index=models.Index(fields=["state", "due"], name="request_by_state"),
        ),
        migrations.AddIndex(
            model_name="datarequest",
            index=models.Index(fields=["at"], name="request_by_time"),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dataset__isnull", False), ("state", "opened")),
                    models.Q(models.Q(("state", "opened"), _negated=True), ("dataset__isnull", True)),
                    _connector="OR",
                ),
                name="request_opened_with_dataset",
                violation_error_message="公開したデータを選んでください。",
            ),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "received"), models.Q(("office", ""), _negated=True), _connector="OR"),
                name="request_answered_by_an_office",
                violation_error_message="担当課を選んでください。",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["-at"], name="request_step_by_time"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="request_refused_with_reason",
                violation_error_message="公開できない理由を書いてください。",
            ),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["office", "-at"], name="upload_by_office"),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "waiting"), ("content", b""), _connector="OR"),
                name="upload_kept_only_while_waiting",
                violation_error_message="確認が終わったファイルは残せません。",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__isnull", True), ("state", "published"), _connector="OR"),
                name="upload_with_version_is_published",
            ),
        ),
        migrations.AddConstraint(
            model_name="lift",
            constraint=models.UniqueConstraint(fields=("upload", "group"), name="lift_once"),
        ),
        migrations.AddConstraint(
            model_name="lift",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="lift_has_a_reason",
                violation_error_message="理由を書いてください。",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
