"""Nobody changes the ledger: a wrong line is put right by another line."""

from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON payments_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_ledger();
CREATE TRIGGER ledger_not_truncated BEFORE TRUNCATE ON payments_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger();
"""
UNGUARD = """
DROP TRIGGER ledger_append_only ON payments_entry;
DROP TRIGGER ledger_not_truncated ON payments_entry;
DROP FUNCTION refuse_change_of_ledger();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
