"""The schema of the published rows, the role that reads them and nothing else, and versions that nobody changes.

`datastore.grams` gives every character with its follower, so that words of one or two kanji are found by index too:
pg_trgm needs three.
"""

from django.db import migrations

MAKE = """
CREATE SCHEMA datastore;
CREATE FUNCTION datastore.grams(given text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_to_tsvector(coalesce(array_agg(one || coalesce(next, '')), '{}'))
    FROM unnest(string_to_array(given, NULL), (string_to_array(given, NULL))[2:]) AS pair (one, next)
   WHERE one IS NOT NULL
$$;
DO $$ BEGIN
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'madoguchi_reader') THEN
      CREATE ROLE madoguchi_reader NOLOGIN;
    END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another town of this server makes it right now
  END;
  GRANT USAGE ON SCHEMA datastore TO madoguchi_reader;
  GRANT EXECUTE ON FUNCTION datastore.grams(text) TO madoguchi_reader;
EXCEPTION WHEN insufficient_privilege OR undefined_object THEN
  RAISE NOTICE 'madoguchi_reader could not be made: published rows are read in read-only transactions only';
END $$;
CREATE FUNCTION refuse_change_of_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'frozen versions do not change: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER version_is_frozen BEFORE UPDATE OR DELETE ON opendata_version
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_versions();
CREATE TRIGGER file_is_frozen BEFORE UPDATE OR DELETE ON opendata_file
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_versions();
"""
UNMAKE = """
DROP TRIGGER version_is_frozen ON opendata_version;
DROP TRIGGER file_is_frozen ON opendata_file;
DROP FUNCTION refuse_change_of_versions();
DROP SCHEMA datastore CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("opendata", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
