from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_lift_by_the_uploader() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.by_id = (SELECT by_id FROM opendata_upload WHERE id = NEW.upload_id) THEN
    RAISE EXCEPTION 'a finding is lifted by a second officer' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lift_by_another BEFORE INSERT ON opendata_lift
  FOR EACH ROW EXECUTE FUNCTION refuse_lift_by_the_uploader();
"""
UNGUARD = "DROP TRIGGER lift_by_another ON opendata_lift; DROP FUNCTION refuse_lift_by_the_uploader();"


class Migration(migrations.Migration):
    dependencies = [("opendata", "0004_one_folding")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
