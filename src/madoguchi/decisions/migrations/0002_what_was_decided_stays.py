"""A draft, the seats that were filled and the decision never change; the facts go with the case's personal data."""

from django.db import migrations

from madoguchi.platform.sql import guards

DECIDED = [
    "case_id", "draft_id", "result", "decided_on", "office", "fiscal_year", "number", "document_number", "reasons",
    "appeal", "valid_from", "valid_until",
]  # fmt: skip
GUARD, UNGUARD = guards.joined(
    guards.frozen("decisions_draft", ["case_id", "result", "reasons", "conditions", "drafted_by_id", "drafted_at"]),
    guards.becomes("decisions_draft", "state", "OLD.state = 'pending'"),
    guards.until_purged("decisions_draft", "explanation"),
    guards.stays("decisions_draft"),
    guards.frozen("decisions_approval", ["draft_id", "order", "office", "position", "joint", "final"]),
    guards.after("decisions_approval", "outcome", "at"),
    guards.after("decisions_approval", "by_id", "at"),
    guards.after("decisions_approval", "as_deputy", "at"),
    guards.after("decisions_approval", "at", "at"),
    # A seat's reason is written when it is filled: until then there is none to keep.
    guards.becomes("decisions_approval", "comment", "OLD.at IS NULL OR NEW.comment = ''"),
    guards.until_purged("decisions_approval", "comment", once="at"),
    guards.stays("decisions_approval"),
    guards.frozen("decisions_decision", DECIDED),
    guards.becomes("decisions_decision", "explanation", "NEW.explanation = ''"),
    guards.becomes("decisions_decision", "conditions", "NEW.conditions = '[]'::jsonb"),
    guards.until_purged("decisions_decision", "explanation", "conditions"),
    guards.stays("decisions_decision"),
)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial"), ("cases", "0011_until_purged")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
