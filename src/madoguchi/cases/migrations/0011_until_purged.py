"""A case stays, and what people wrote in it goes only when its retention has ended; document numbers only grow."""

from django.db import migrations

from madoguchi.platform.sql import guards

# The day is Japan's, by the database's own clock. The retention is reckoned anew when a case is closed: never shorter.
RETENTION = """
CREATE FUNCTION guard_retention() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE today date := (statement_timestamp() AT TIME ZONE 'Asia/Tokyo')::date;
BEGIN
  IF NEW.retention_until < OLD.retention_until THEN
    RAISE EXCEPTION 'a retention is never shortened (case %)', OLD.reference USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.purged_at IS DISTINCT FROM OLD.purged_at
     AND (OLD.purged_at IS NOT NULL OR NEW.closed_at IS NULL OR NEW.retention_until >= today) THEN
    RAISE EXCEPTION 'case % is open or kept until %', OLD.reference, NEW.retention_until
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cases_case_retention BEFORE UPDATE OF retention_until, purged_at ON cases_case
  FOR EACH ROW EXECUTE FUNCTION guard_retention();

CREATE FUNCTION only_purged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE which uuid;
BEGIN
  IF TG_TABLE_NAME = 'decisions_approval' THEN
    SELECT case_id INTO which FROM decisions_draft WHERE id = OLD.draft_id;
  ELSE
    which := OLD.case_id;
  END IF;
  IF NOT EXISTS (SELECT FROM cases_case WHERE id = which AND purged_at IS NOT NULL) THEN
    RAISE EXCEPTION '% is kept as long as its case is: % is refused', TG_TABLE_NAME, TG_OP
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
NO_RETENTION = """
DROP TRIGGER cases_case_retention ON cases_case;
DROP FUNCTION guard_retention();
DROP FUNCTION only_purged();
"""
GUARD, UNGUARD = guards.joined(
    (RETENTION, NO_RETENTION),
    guards.stays("cases_case"),
    guards.until_purged("cases_note"),
    guards.until_purged("cases_consultation"),
    guards.until_purged("cases_correction"),
    guards.frozen("cases_consultation", ["case_id", "office", "question", "asked_at", "asked_by_id"]),
    guards.after("cases_consultation", "answer", "answered_at"),
    guards.frozen("cases_correction", ["case_id", "items", "asked_at", "asked_by_id", "answer_by"]),
    guards.unchanged("cases_note"),
    guards.frozen("cases_documentnumber", ["office", "fiscal_year"]),
    guards.becomes("cases_documentnumber", "last", "NEW.last > OLD.last"),
    guards.stays("cases_documentnumber"),
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_likeness")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
