"""Reports, entered values and states of the register are never changed: a change is a new revision."""

from django.db import migrations

TABLES = ("reform_report", "reform_entry", "reform_state")
GUARD = """
CREATE FUNCTION refuse_change_of_reform() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_reform();"
    for table in TABLES
)
UNGUARD = "".join(f"DROP TRIGGER {table}_append_only ON {table};" for table in TABLES) + (
    "DROP FUNCTION refuse_change_of_reform();"
)


class Migration(migrations.Migration):
    dependencies = [("reform", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
