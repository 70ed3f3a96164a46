"""Nobody changes the record: not the application's role (its rights are revoked), and not the owner by mistake."""

from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON cases_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_events();
CREATE TRIGGER events_not_truncated BEFORE TRUNCATE ON cases_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events();
"""
UNGUARD = """
DROP TRIGGER events_append_only ON cases_event;
DROP TRIGGER events_not_truncated ON cases_event;
DROP FUNCTION refuse_change_of_events();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
