"""An entry never changes and never goes; its values, names and addresses with them, leave when the holding is purged."""

from django.db import migrations

from madoguchi.platform.sql import guards

ENTRY = ["holding_id", "seq", "effect", "on", "until", "number", "case_id", "batch_id", "by_id", "at"]
GUARD, UNGUARD = guards.joined(
    guards.frozen("registers_entry", ENTRY),
    guards.becomes("registers_entry", "values", "NEW.values = '{}'::jsonb"),
    guards.stays("registers_entry"),
    guards.frozen("registers_holding", ["register", "number"]),
    guards.stays("registers_holding"),
    guards.frozen("registers_batch", ["register", "office", "sha256", "drafted_by_id", "drafted_at"]),
    guards.after("registers_batch", "entered_by_id", "entered_at"),
    guards.after("registers_batch", "mapping", "entered_at"),
    guards.after("registers_batch", "fates", "entered_at"),
    guards.after("registers_batch", "undone_by_id", "undone_at"),
    guards.stays("registers_batch"),
)


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
