"""What the application's database role may do with each table, beside reading it: nothing that does not stand here.

A table that is missing here cannot even be read; a guard tells (tests/guards/test_rights.py), and
docs/reference/rights.md shows the same list with its reasons and the triggers that bind the tables' owner too.
"""

from typing import Final, NamedTuple

EVERY: Final = ("*",)
"""All columns."""


class Rights(NamedTuple):
    """Whether rows may be added and removed, and which columns of a row that is there may be changed."""

    add: bool = False
    change: tuple[str, ...] = ()
    remove: bool = False


READ: Final = Rights()
ADD: Final = Rights(add=True)
FREE: Final = Rights(add=True, change=EVERY, remove=True)
"""Rows that mean nothing by themselves: counted, sorted or queued from what is kept elsewhere."""


def _changing(*columns: str, add: bool = True, remove: bool = False) -> Rights:
    return Rights(add, columns, remove)


RIGHTS: Final[dict[str, Rights]] = {
    # Django, its users' parts, and the queue
    "account_emailaddress": READ,
    "account_emailconfirmation": READ,
    "auth_group": READ,
    "auth_group_permissions": READ,
    "auth_permission": READ,
    "cache": FREE,
    "django_content_type": READ,
    "django_migrations": READ,
    "mfa_authenticator": FREE,
    "procrastinate_events": FREE,
    "procrastinate_jobs": FREE,
    "procrastinate_periodic_defers": FREE,
    "procrastinate_workers": FREE,
    # officers
    "people_credentialchange": Rights(remove=True),
    "people_officer": _changing("password", "last_login", "name", "email", "is_active", "first_password_until"),
    "people_post": FREE,
    "people_session": FREE,
    "people_tally": FREE,
    "people_signin": Rights(add=True, remove=True),
    # procedures
    "catalogue_entry": FREE,
    "catalogue_term": FREE,
    "catalogue_version": _changing("effective_from", "effective_until", "replaced_at", "published_at"),
    # cases
    "applications_filing": Rights(add=True, remove=True),
    "applications_idempotency": ADD,
    "applications_invitation": _changing("used_at", remove=True),
    "applications_sheet": Rights(add=True, remove=True),
    "applications_upload": _changing("case_id", remove=True),
    "cases_case": _changing(
        "step", "result", "title", "name_key", "fee", "unpaid", "electronic_notice", "due_on", "email_confirmed_at",
        "closed_at", "retention_until", "purged_at", "email_key", "likeness", "key_salt", "last_seq", "last_hash",
        "assignee_id", "filing",
    ),
    "cases_check": Rights(add=True, remove=True),
    "cases_consultation": _changing("answer", "answered_at", "answered_by_id", remove=True),
    "cases_correction": _changing("answered_at", remove=True),
    "cases_documentnumber": _changing("last"),
    "cases_event": ADD,
    "cases_inventedpast": _changing("cases", "made", "begun_at", "ended_at"),
    "cases_note": Rights(add=True, remove=True),
    "cases_pause": _changing("until"),
    "cases_task": _changing("due_at", "filed_at", "closed_at", "outcome"),
    "participation_rating": _changing("score", "comment", "at"),
    # decisions and documents
    "credentials_credential": _changing("pdf", "withdrawn_at", "withdrawn_by_id", "withdrawal_reason"),
    "decisions_approval": _changing("outcome", "as_deputy", "at", "comment", "by_id"),
    "decisions_decision": _changing("explanation", "conditions"),
    "decisions_draft": _changing("state", "explanation"),
    # registers
    "registers_batch": _changing(
        "entered_by_id", "entered_at", "undone_by_id", "undone_at", "rows", "name", "mapping", "fates"
    ),
    "registers_concern": _changing("holding_id", "effect", "seen", "by_id", "at", remove=True),
    "registers_entry": _changing("values"),
    "registers_holding": _changing(
        "office", "title", "holder", "name_key", "holder_key", "values", "standing", "since", "until", "ended_on",
        "next_on", "last_seq", "told_days", "retention_until", "purged_at",
    ),
    # money
    "payments_attempt": _changing(
        "method", "yen", "state", "provider_reference", "expires_at", "settled_at", "refunded", "told", "taken_by_id"
    ),
    "payments_charge": _changing("owed", "paid", "due_on", "reminded_at", "lapsed_at", "pay_by"),
    "payments_comparison": _changing("at", "day"),
    "payments_dayclose": ADD,
    "payments_difference": _changing("attempt_id", "settled_at", "settled_by_id", "note"),
    "payments_entry": ADD,
    "payments_notification": _changing("outcome", "attempt_id"),
    "payments_refund": _changing("yen", "asked_at", "done_at", "slip", remove=True),
    "payments_sandboxpayment": FREE,
    # facilities
    "bookings_line": _changing("early", "next"),
    "bookings_order": _changing(
        "state", "name", "email", "held_until", "closed_at", "arrived_at", "reminded_at", "entitled", "entitlement",
        "charge_id", "slot_id", "case_id",
    ),
    "bookings_scan": ADD,
    "bookings_slot": _changing(
        "starts_at", "ends_at", "opens_at", "capacity", "taken", "issued", "is_closed", "closed_because"
    ),
    "bookings_ticket": _changing("cancelled_at"),
    "bookings_ticketkey": _changing("retired_at", "sealed"),
    "bookings_visit": _changing("desk", "called_at", "ended_at", "is_absent", remove=True),
    "bookings_waiting": _changing("offered_at", "left_at", "order_id", remove=True),
    # figures: all can be counted again from the record
    "figures_arrowcount": FREE,
    "figures_cell": FREE,
    "figures_cursor": FREE,
    "figures_daycount": FREE,
    "figures_fact": FREE,
    "figures_questioncount": FREE,
    "figures_sectioncount": FREE,
    # open data
    "opendata_datarequest": _changing("email", "body", "due", "state", "office", "dataset_id"),
    "opendata_dataset": _changing(
        "title", "title_en", "title_easy", "description", "description_en", "description_easy", "office", "theme",
        "tags", "licence", "frequency", "contact", "source", "is_public", "changed_at", "current_id",
    ),
    "opendata_file": ADD,
    "opendata_lift": ADD,
    "opendata_piece": ADD,
    "opendata_resource": ADD,
    "opendata_step": ADD,
    "opendata_upload": _changing("content", "report", "state", "version_id"),
    "opendata_version": ADD,
    # reform
    "reform_entry": ADD,
    "reform_item": _changing("label"),
    "reform_reply": ADD,
    "reform_report": ADD,
    "reform_state": ADD,
    "reform_voice": _changing("comment", "reply_id"),
}  # fmt: skip


def grants(role: str) -> str:
    """SQL that takes every right away and gives those of the list, for the tables that are there."""
    lines = [_grant(table, rights, role) for table, rights in RIGHTS.items()]
    inside = "\n".join(lines)
    return f"""
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};
DO $$ BEGIN
{inside}
END $$;
"""


def _grant(table: str, rights: Rights, role: str) -> str:
    given = ["SELECT"]
    given += ["INSERT"] if rights.add else []
    given += ["DELETE"] if rights.remove else []
    if rights.change:
        columns = "" if rights.change == EVERY else f" ({', '.join(rights.change)})"
        given.append(f"UPDATE{columns}")
    return f"  IF to_regclass('public.{table}') IS NOT NULL THEN GRANT {', '.join(given)} ON {table} TO {role}; END IF;"
