"""The rows that are there already are searched by the one folding, too: their kept text is written anew."""

from django.db import migrations

REMAKE = """
DO $$ DECLARE kept regclass; BEGIN
  FOR kept IN
    SELECT c.oid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'datastore'::regnamespace AND c.relkind = 'r' AND a.attname = '_text' AND a.attgenerated = 's'
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN _text DROP EXPRESSION', kept);
    EXECUTE format('UPDATE %s SET _text = coalesce(madoguchi_fold(_text), '''')', kept);
    EXECUTE format('ALTER TABLE %s ALTER COLUMN _text SET NOT NULL', kept);
    EXECUTE format('ANALYZE %s', kept);
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("opendata", "0003_requests"), ("cases", "0006_one_folding")]
    operations = [migrations.RunSQL(REMAKE, migrations.RunSQL.noop)]
