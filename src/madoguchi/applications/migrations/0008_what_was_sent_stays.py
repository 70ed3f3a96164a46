"""What an applicant sent is never changed, and goes only when the retention of its case has ended."""

from django.db import migrations

from madoguchi.platform.sql import guards

GUARD, UNGUARD = guards.joined(
    guards.unchanged("applications_filing"),
    guards.until_purged("applications_filing"),
    guards.frozen("applications_upload", ["content", "sha256", "name", "kind", "size"]),
    guards.after("applications_upload", "case_id", "case_id"),
    guards.until_purged("applications_upload"),
)


class Migration(migrations.Migration):
    dependencies = [("applications", "0007_confirmed_addresses"), ("cases", "0011_until_purged")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
