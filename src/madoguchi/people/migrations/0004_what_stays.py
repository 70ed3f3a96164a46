"""The log of sign-ins is only added to; a change of a password or second factor is noted whoever makes it."""

from django.db import migrations

from madoguchi.platform.sql import guards

DAYS = 365

CLOCK = """
CREATE FUNCTION take_own_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER people_signin_at BEFORE INSERT ON people_signin FOR EACH ROW EXECUTE FUNCTION take_own_time();
"""
NO_CLOCK = "DROP TRIGGER people_signin_at ON people_signin; DROP FUNCTION take_own_time();"

# Runs with the rights of the tables' owner: the application's role may not write these rows. It looks which table
# calls it, or the role could attach it to a table of its own and invent changes.
NOTE = """
CREATE FUNCTION note_credential_change() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE whose bigint; changed text; which text := '';
BEGIN
  IF TG_RELID = 'public.people_officer'::regclass THEN
    whose := NEW.id;
    changed := CASE WHEN NEW.password IS DISTINCT FROM OLD.password THEN 'password'
                    WHEN NEW.is_active THEN 'activated' ELSE 'deactivated' END;
  ELSIF TG_RELID = 'public.mfa_authenticator'::regclass THEN
    whose := CASE TG_OP WHEN 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
    which := CASE TG_OP WHEN 'DELETE' THEN OLD.type ELSE NEW.type END;
    changed := CASE TG_OP WHEN 'INSERT' THEN 'added' ELSE 'removed' END;
  ELSE
    RAISE EXCEPTION '% is no table of credentials', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO people_credentialchange (at, officer_id, what, factor, role)
    VALUES (clock_timestamp(), whose, changed, which, session_user);
  DELETE FROM people_session WHERE officer_id = whose;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION note_credential_change() FROM PUBLIC;
CREATE TRIGGER people_officer_noted AFTER UPDATE ON people_officer FOR EACH ROW
  WHEN (OLD.password IS DISTINCT FROM NEW.password OR OLD.is_active IS DISTINCT FROM NEW.is_active)
  EXECUTE FUNCTION note_credential_change();
CREATE TRIGGER mfa_authenticator_noted AFTER INSERT OR DELETE ON mfa_authenticator FOR EACH ROW
  EXECUTE FUNCTION note_credential_change();
"""
NO_NOTE = """
DROP TRIGGER people_officer_noted ON people_officer;
DROP TRIGGER mfa_authenticator_noted ON mfa_authenticator;
DROP FUNCTION note_credential_change();
"""

# A factor is added or removed, never exchanged: what may change is its name, when it was used and seen, and which
# recovery codes are used up (bits are only added).
FACTOR = """
CREATE TRIGGER mfa_authenticator_frozen BEFORE UPDATE ON mfa_authenticator FOR EACH ROW
  WHEN (OLD.user_id IS DISTINCT FROM NEW.user_id OR OLD.type IS DISTINCT FROM NEW.type
    OR OLD.created_at IS DISTINCT FROM NEW.created_at
    OR OLD.data->'secret' IS DISTINCT FROM NEW.data->'secret' OR OLD.data->'seed' IS DISTINCT FROM NEW.data->'seed'
    OR OLD.data->'credential' IS DISTINCT FROM NEW.data->'credential'
    OR OLD.data->'migrated_codes' IS DISTINCT FROM NEW.data->'migrated_codes'
    OR (OLD.data->>'used_mask')::bigint & (NEW.data->>'used_mask')::bigint IS DISTINCT FROM (OLD.data->>'used_mask')::bigint)
  EXECUTE FUNCTION refuse_change();
"""
NO_FACTOR = "DROP TRIGGER mfa_authenticator_frozen ON mfa_authenticator;"

GUARD, UNGUARD = guards.joined(
    guards.unchanged("people_signin"), guards.stays_for("people_signin", "at", DAYS), (CLOCK, NO_CLOCK),
    guards.unchanged("people_credentialchange"), guards.stays_for("people_credentialchange", "at", DAYS),
    (NOTE, NO_NOTE), (FACTOR, NO_FACTOR),
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("people", "0003_sessions_and_sign_ins"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        # Sessions lie in people_session now; who was signed in signs in again.
        migrations.RunSQL("DROP TABLE IF EXISTS django_session", migrations.RunSQL.noop),
    ]
