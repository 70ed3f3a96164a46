"""An issued document never changes: its bytes go with the case's personal data, its withdrawal is added once."""

from django.db import migrations

from madoguchi.platform.sql import guards

ISSUED = ["case_id", "form", "title", "number", "code", "sha256", "issued_at", "valid_until"]
GUARD, UNGUARD = guards.joined(
    guards.frozen("credentials_credential", ISSUED),
    guards.becomes("credentials_credential", "pdf", "NEW.pdf = ''::bytea"),
    guards.until_purged("credentials_credential", "pdf"),
    guards.after("credentials_credential", "withdrawn_at", "withdrawn_at"),
    guards.after("credentials_credential", "withdrawn_by_id", "withdrawn_at"),
    # The reason is written with the withdrawal.
    guards.until_purged("credentials_credential", "withdrawal_reason", once="withdrawn_at"),
    guards.stays("credentials_credential"),
)


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_initial"), ("cases", "0011_until_purged")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
