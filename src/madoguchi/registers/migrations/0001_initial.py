import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.foundation.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0012_steps_ask"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
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
                ("register", models.CharField(max_length=60)),
                ("office", models.CharField(max_length=60)),
                ("name", models.CharField(help_text="the file's", max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "mapping",
                    models.JSONField(help_text="column of the register, or a part of it → heading of the file"),
                ),
                ("rows", models.JSONField(help_text="the headings, then each row as read")),
                (
                    "fates",
                    models.JSONField(default=list, help_text="line, number, fate and problems of each row; no names"),
                ),
                ("drafted_at", models.DateTimeField()),
                ("entered_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Holding",
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
                ("register", models.CharField(max_length=60)),
                ("number", models.CharField(max_length=60)),
                ("office", models.CharField(max_length=60)),
                (
                    "title",
                    models.CharField(blank=True, default="", help_text="by which people call it", max_length=200),
                ),
                ("holder", models.CharField(blank=True, default="", max_length=200)),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("title"),
                            models.F("holder"),
                            arg_joiner=" || ' ' || ",
                            output_field=models.TextField(),
                            template="replace(madoguchi_fold(%(expressions)s), ' ', '')",
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                ("holder_key", models.UUIDField(blank=True, help_text="keyed hash of who it is", null=True)),
                ("values", models.JSONField(default=dict, help_text="column → answer, as at present")),
                ("standing", models.CharField(max_length=10)),
                ("since", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, help_text="the last day; empty: no end", null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "next_on",
                    models.DateField(
                        blank=True, help_text="when an entry that is there already takes effect", null=True
                    ),
                ),
                ("last_seq", models.PositiveIntegerField(default=0)),
                (
                    "told_days",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="so many days before the end the last letter was due", null=True
                    ),
                ),
                ("retention_until", models.DateField(blank=True, null=True)),
                ("purged_at", models.DateTimeField(blank=True, null=True)),
                ("invented", models.BooleanField(db_default=False, default=False, help_text="of a demo town's past")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["register", "office", "until", "id"], name="holding_by_end"),
                    models.Index(
                        condition=models.Q(("next_on__isnull", False)), fields=["next_on"], name="holding_to_come"
                    ),
                    models.Index(fields=["register", "holder_key"], name="holding_by_holder"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("name_key", name="gin_trgm_ops"), name="holding_by_name"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("register", "number"),
                        name="holding_number_once",
                        violation_error_message="この番号は、すでに台帳にあります。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["coming", "in-force", "suspended", "ended", "void"])),
                        name="holding_standing_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True), ("standing__in", ["ended", "void"]), _connector="OR"
                        ),
                        name="holding_ended_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("effect", models.CharField(max_length=10)),
                ("on", models.DateField(help_text="the first day of its effect")),
                ("until", models.DateField(blank=True, null=True)),
                ("values", models.JSONField(default=dict)),
                ("number", models.CharField(blank=True, default="", max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="registers.batch",
                    ),
                ),
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
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="cases.case",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="registers.holding"
                    ),
                ),
            ],
            options={
                "ordering": ["seq"],
            },
        ),
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effect", models.CharField(help_text="what the case is to do to it", max_length=10)),
                ("seen", models.PositiveIntegerField(default=0)),
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
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="concern", to="cases.case"
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concerns",
                        to="registers.holding",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entered_by__isnull", True),
                    models.Q(("entered_by", models.F("drafted_by")), _negated=True),
                    _connector="OR",
                ),
                name="batch_entered_by_another",
                violation_error_message="取込みは、用意した人とは別の職員が確定します。",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("undone_at__isnull", True), ("entered_at__isnull", False), _connector="OR"),
                name="batch_undone_after_entered",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["number"], name="entry_by_number"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("holding", "seq"), name="entry_once"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case__isnull", False)),
                fields=("case",),
                name="entry_once_a_case",
                violation_error_message="この案件は、すでに台帳に記入されています。",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effect__in", ["enter", "renew", "change", "succeed", "suspend", "resume", "end", "void"])
                ),
                name="entry_effect_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gte", models.F("on")), _connector="OR"),
                name="entry_until_in_order",
            ),
        ),
    ]
